package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// said finds what the code says: a key, and its plural. Text that isn't a
// constant belongs to an M elsewhere, but for C, F and N.
func said(t *testing.T) map[key]string {
	t.Helper()
	out := map[key]string{}
	set := token.NewFileSet()
	file := func(path string) {
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch fun := call.Fun.(type) {
			case *ast.SelectorExpr:
				if x, ok := fun.X.(*ast.Ident); ok && x.Name == "lang" {
					name = fun.Sel.Name
				}
			case *ast.Ident:
				if f.Name.Name == "lang" {
					name = fun.Name
				}
			}
			switch name {
			case "T", "F", "M":
				for _, id := range constants(t, call.Args[0]) {
					out[key{"", id}] = ""
				}
			case "C":
				if context := constants(t, call.Args[0]); len(context) == 1 {
					for _, id := range constants(t, call.Args[1]) {
						out[key{context[0], id}] = ""
					}
				}
			case "N":
				one, many := constants(t, call.Args[0]), constants(t, call.Args[1])
				if len(one) != 1 || len(many) != 1 {
					t.Errorf("%v: N without constants", set.Position(call.Pos()))
					break
				}
				out[key{"", one[0]}] = many[0]
			}
			return true
		})
	}
	for _, room := range []string{"../../shell", "../../rayapps", "../../cmd"} {
		err := filepath.WalkDir(room, func(path string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				file(path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// constants lists the literals of an argument: one, those of a table, or none.
func constants(t *testing.T, arg ast.Expr) (out []string) {
	t.Helper()
	ast.Inspect(arg, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			s, err := strconv.Unquote(l.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return true
	})
	return out
}

var hole = regexp.MustCompile(`\{[a-z]+\}`)

func holes(s string) []string {
	out := hole.FindAllString(s, -1)
	slices.Sort(out)
	return slices.Compact(out)
}

// TestCatalogsAreWhole compares each catalog with the code: none missing, none
// left over, the same placeholders.
func TestCatalogsAreWhole(t *testing.T) {
	want := said(t)
	for _, language := range Languages() {
		c, err := load(files, language)
		if err != nil {
			t.Fatal(err)
		}
		for k, plural := range want {
			m, ok := c.messages[k]
			if !ok || m.plural != plural {
				t.Errorf("%s lacks %q %q", language, k.context, k.id)
			}
			for _, form := range m.forms {
				// A form for one or two may spell the number out.
				got, full := holes(form), holes(k.id+plural)
				if plural != "" {
					drop := func(s string) bool { return s == "{n}" }
					got, full = slices.DeleteFunc(got, drop), slices.DeleteFunc(full, drop)
				}
				if !slices.Equal(got, full) {
					t.Errorf("%s: %q has other placeholders than %q", language, form, k.id)
				}
			}
		}
		for k := range c.messages {
			if _, ok := want[k]; !ok {
				t.Errorf("%s: nobody says %q %q", language, k.context, k.id)
			}
		}
	}
}
