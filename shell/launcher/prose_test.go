package launcher

import (
	"fmt"
	"strings"
	"testing"
)

// outlineOf writes blocks: b for bold, m for code.
func outlineOf(list []block) string {
	var b strings.Builder
	for _, k := range list {
		fmt.Fprintf(&b, "%s%s", [...]string{"p", "h", "i", "c"}[k.kind], k.marker)
		for _, s := range k.spans {
			mark := ""
			if s.bold {
				mark = "b"
			}
			if s.mono {
				mark += "m"
			}
			fmt.Fprintf(&b, " %s%q", mark, s.text)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestProse(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"one\ntwo\n\nthree", `p "one two"; p "three"`},
		{"a **bold** word", `p "a " b"bold" " word"`},
		{"**never closed", `p "*" "*" "never closed"`},
		{"run `ls -l` now", `p "run " m"ls -l" " now"`},
		{"a ` alone", "p \"a `\" \" alone\""},
		{"# Title\ntext", `h "Title"; p "text"`},
		{"#hashtag", `p "#hashtag"`},
		{"- one\n- two\n  goes on\n\n1. first\n2. second", `i• "one"; i• "two goes on"; i1. "first"; i2. "second"`},
		{"```go\na  b\n\n  c\n```\nafter", `c m"a  b\n\n  c"; p "after"`},
		{"```\ngrowing", `c m"growing"`},
		{"see [the book](https://evil.example/)!", `p "see " "the book" "!"`},
		{"[not a link]", `p "[" "not a link]"`},
		{"10.5 is a number", `p "10.5 is a number"`},
		{"**a `b` c**", `p b"a " m"b" b" c"`},
	} {
		if got := outlineOf(parseProse(c.in)); got != c.want {
			t.Errorf("parseProse(%q) = %s; want %s", c.in, got, c.want)
		}
	}
	if n := len(parseProse(strings.Repeat("- x\n", 5000))); n > maxBlocks+1 {
		t.Errorf("%d blocks", n)
	}
	if got := plain("# A\n\nb **c**\n- d\n- e"); got != "A\n\nb c\n• d\n• e" {
		t.Errorf("plain = %q", got)
	}
}

func FuzzProse(f *testing.F) {
	for _, s := range []string{"a **b** `c`", "```\nx\n```", "- a\n1. b", "[a](b)", "# h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := 0
		for _, b := range parseProse(s) {
			for _, sp := range b.spans {
				n += len(sp.text)
			}
		}
		if n > len(s)+maxBlocks {
			t.Errorf("%d bytes became %d", len(s), n)
		}
		plain(s)
	})
}
