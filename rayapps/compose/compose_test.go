package compose

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/surfaces/seat/xkb"
)

// feed presses keys by name and returns what is typed, with + for a key that
// composes, ! for one that breaks off and . for one that has nothing to do with
// it.
func feed(t *testing.T, s *State, keys string) string {
	t.Helper()
	var b strings.Builder
	for _, k := range strings.Fields(keys) {
		sym, ok := xkb.KeysymByName(k)
		if !ok {
			t.Fatalf("no key %s", k)
		}
		text, what := s.Feed(sym)
		b.WriteString([...]string{".", "+", text, "!"}[what])
	}
	return b.String()
}

const table = `# a comment
<dead_acute> <e>	: "é"	eacute # LATIN SMALL LETTER E WITH ACUTE
<Multi_key> <a> <e> : "æ"
<Multi_key> <o> <c> : copyright
<Multi_key> <less> <3> : "♥" U2665
<Multi_key> <q> <q> : "\"\\\x41\101"
<nonsense> <e> : "x"
<e> : "no colon
<Multi_key> <z>
<Multi_key> <b> : "b"
<Multi_key> <b> <b> : "later"
<Multi_key> <z> <n> : ""
include "/etc/passwd"
`

func TestFeed(t *testing.T) {
	for keys, want := range map[string]string{
		"dead_acute e e":                       "+é.",
		"Multi_key a e":                        "++æ",
		"Multi_key o c":                        "++©",
		"Multi_key less 3":                     "++♥",
		"Multi_key Shift_L less 3":             "+.+♥",
		"Multi_key q q":                        `++"\AA`,
		"e x":                                  "..",
		"dead_acute x e":                       "+!.",
		"Multi_key b b":                        "++later",
		"Multi_key z n x":                      "+!..",
		"dead_acute dead_acute e dead_acute e": "+!.+é",
	} {
		if got := feed(t, NewState(Parse(table)), keys); got != want {
			t.Errorf("%s gives %q; want %q", keys, got, want)
		}
	}
}

func TestReset(t *testing.T) {
	s := NewState(Parse(table))
	if feed(t, s, "Multi_key a"); !s.Active() {
		t.Error("a sequence is not under way")
	}
	if s.Reset(); s.Active() || feed(t, s, "e") != "." {
		t.Error("Reset keeps the sequence")
	}
}

func TestLoad(t *testing.T) {
	home := t.TempDir()
	env := map[string]string{"HOME": home}
	load := func() *State { return NewState(Load(func(n string) string { return env[n] })) }
	write := func(name, text string) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := os.Stat(System); err == nil {
		if got := feed(t, load(), "dead_acute e Multi_key c comma"); got != "+é++ç" {
			t.Errorf("the system's table gives %q", got)
		}
	}
	write("more", `<Multi_key> <x> : "more"`)
	write(".XCompose", "include \"%H/more\"\ninclude \"%H/.XCompose\"\n<Multi_key> <y> : \"mine\"\n")
	if got := feed(t, load(), "Multi_key x Multi_key y"); got != "+more+mine" {
		t.Errorf("~/.XCompose gives %q", got)
	}
	env["XCOMPOSEFILE"] = write("other", `<Multi_key> <y> : "other"`)
	if got := feed(t, load(), "Multi_key y"); got != "+other" {
		t.Errorf("$XCOMPOSEFILE gives %q", got)
	}
	env = map[string]string{"HOME": "relative", "XCOMPOSEFILE": "/dev/zero"}
	load() // neither is read, nor for ever
}

func FuzzParse(f *testing.F) {
	f.Add(table)
	f.Add("<a> <b> : \"\\400\"\n<a>:\"\\x\"")
	f.Fuzz(func(t *testing.T, text string) {
		tab := Parse(text)
		if tab.count > maxSequences || len(tab.texts) > tab.count {
			t.Errorf("%d sequences, %d texts", tab.count, len(tab.texts))
		}
		s := NewState(tab)
		for st := range tab.next {
			if out, what := s.Feed(st.sym); (what == Composed) != (out != "") || len(out) > maxText {
				t.Errorf("%v types %q", what, out)
			}
		}
	})
}
