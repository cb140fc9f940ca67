package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// spoken are the rooms whose words a person reads, and which go through package
// lang therefore. Of views every literal that reads like text is looked at. Of
// other rooms, which speak to programs too, only what is put into a field for
// people or given to a widget.
var spoken = []struct {
	room string
	view bool
}{
	{"shell/answers", true},
	{"shell/dialog", true},
	{"shell/launcher", true},
	{"shell/lockscreen", true},
	{"shell/notify/view", true},
	{"shell/osd", true},
	{"shell/overview", true},
	{"shell/preview", true},
	{"shell/screenshot", true},
	{"shell/switcher", true},
	{"shell/taskbar", true},
	{"shell/session", false},
}

// unspoken are literals that read like text and are none, or aren't for people:
// those of a file, or of all below a folder, that fit an expression.
var unspoken = []struct{ path, text, why string }{
	{"shell/", `^Super\+`, "keys are called what stands on them"},
	{"shell/answers/questions.go", `.`, "English questions are understood in any language"},
	{"shell/answers/answers.go", `^[KMGT]iB$`, "units of IEC 80000-13"},
	{"shell/answers/answers.go", `^RayOS $`, "a name"},
	{"shell/answers/facts.go", `^Mem`, "keys of /proc/meminfo"},
	{"shell/launcher/words.go", `^(show|linux|5 km) `, "lines that can be typed"},
	{"shell/launcher/world.go", `^Workspace $`, "the English name, by which it is found too"},
	{"shell/screenshot/folder.go", `.`, "names of folders and files"},
	{"shell/session/a11y.go", `^RayOS$`, "a name"},
	{"shell/session/devscanout.go", `^Dev scanout$`, "for developers"},
}

// excused returns the row of unspoken for a literal, -1 for none.
func excused(path, text string) int {
	for i, u := range unspoken {
		if strings.HasPrefix(path, u.path) && regexp.MustCompile(u.text).MatchString(text) {
			return i
		}
	}
	return -1
}

// fields are for people, by what they are called everywhere.
var fields = []string{"Text", "Label", "Title", "Placeholder", "Name", "Hint", "Note", "Summary", "Description", "Help", "Detail", "State", "Action", "Do", "Loses"}

// words reads like text: a word with a capital, or two words.
var words = regexp.MustCompile(`^[^a-zA-Z]*[A-Z][a-z]+|[a-zA-Z]{2,}[,:.]? [a-zA-Z]{2,}`)

// TestWordsAreTranslated finds words for people that don't go through lang.T, C,
// F, N or M, which docs/TRANSLATING.md is about.
func TestWordsAreTranslated(t *testing.T) {
	used := map[int]bool{}
	for _, r := range spoken {
		files, err := filepath.Glob(filepath.Join("../..", r.room, "*.go"))
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %d files, %v", r.room, len(files), err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, said := range saidIn(t, path, nil, r.view) {
				i := excused(filepath.ToSlash(strings.TrimPrefix(path, "../../")), said.text)
				if used[i] = true; i < 0 {
					t.Errorf("%v: %q doesn't go through package lang", said.at, said.text)
				}
			}
		}
	}
	for i, u := range unspoken {
		if !used[i] {
			t.Errorf("nobody in %s says %s any more: remove its row", u.path, u.text)
		}
	}
}

// said is a literal that reads like text.
type said struct {
	at   token.Position
	text string
}

// saidIn lists what a file says past package lang.
func saidIn(t *testing.T, path string, source any, view bool) (out []said) {
	t.Helper()
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var look func(n ast.Node, shown bool)
	look = func(n ast.Node, shown bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n {
				return true
			}
			switch m := m.(type) {
			case *ast.ImportSpec, *ast.Field: // its tag
				return false
			case *ast.CallExpr:
				from, name := callee(m)
				switch {
				case from == "lang":
					return false
				case told(from, name):
					return false
				case from == "ui":
					look(m, true)
					return false
				}
			case *ast.KeyValueExpr:
				if k, ok := m.Key.(*ast.Ident); ok && !shown && slices.Contains(fields, k.Name) {
					look(&ast.ParenExpr{X: m.Value}, true)
					return false
				}
			case *ast.AssignStmt:
				for i, lhs := range m.Lhs {
					if sel, ok := lhs.(*ast.SelectorExpr); ok && slices.Contains(fields, sel.Sel.Name) && len(m.Lhs) == len(m.Rhs) {
						look(&ast.ParenExpr{X: m.Rhs[i]}, true)
					}
				}
				return !hasField(m)
			case *ast.BasicLit:
				if m.Kind != token.STRING || !shown {
					return true
				}
				text, err := strconv.Unquote(m.Value)
				if err != nil {
					t.Fatal(err)
				}
				if words.MatchString(text) {
					out = append(out, said{set.Position(m.Pos()), text})
				}
			}
			return true
		})
	}
	look(f, view)
	return out
}

// hasField reports whether an assignment is to a field for people.
func hasField(a *ast.AssignStmt) bool {
	return slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool {
		sel, ok := e.(*ast.SelectorExpr)
		return ok && slices.Contains(fields, sel.Sel.Name) && len(a.Lhs) == len(a.Rhs)
	})
}

// callee is the package, or the variable, and the name of what is called.
func callee(c *ast.CallExpr) (from, name string) {
	switch fun := c.Fun.(type) {
	case *ast.SelectorExpr:
		switch x := fun.X.(type) {
		case *ast.Ident:
			from = x.Name
		case *ast.SelectorExpr:
			from = x.Sel.Name
		}
		return from, fun.Sel.Name
	case *ast.Ident:
		return "", fun.Name
	}
	return "", ""
}

// told reports whether a call is for logs, markers and errors, which are English.
func told(from, name string) bool {
	return from == "errors" || from == "log" || from == "os" || name == "Errorf" || name == "panic" || name == "marker" || name == "tell" && from == "markers"
}

// TestWordsAreFound is about the rule itself.
func TestWordsAreFound(t *testing.T) {
	for source, want := range map[string]string{
		`var x = ui.Label{Text: "Close it"}`:                        "Close it",
		`var x = ui.Label{Text: lang.T("Close it")}`:                "",
		`var x = ui.Label{Key: "Close it"}`:                         "",
		`func f() { i.Role, i.Name = 1, "Open" }`:                   "Open",
		`func f() { ui.Heading("Some " + "Thing") }`:                "Some |Thing",
		`var x = T{Name: fmt.Sprintf("%d windows open", 3)}`:        "%d windows open",
		`func f() { log.Info("Some words"); y := "More words"}`:     "",
		`func f() { o.Title = lang.F("Go to {x}", "x", "a b cd") }`: "",
		`var x = T{Name: "vm list"}`:                                "vm list",
		`var x = T{Name: "clipboard"}`:                              "",
	} {
		var got []string
		for _, s := range saidIn(t, "x.go", "package x\n"+source, false) {
			got = append(got, s.text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q; want %q", source, got, want)
		}
	}
}
