package grammar

import (
	"strings"
	"testing"
)

func completions(line string, env Env) string {
	var list []string
	for _, c := range Complete(line, env) {
		list = append(list, c.Line+c.Needs)
	}
	return strings.Join(list, "|")
}

func TestComplete(t *testing.T) {
	env := Env{Machines: []Machine{{ID: "linux-desktop-001", Kind: Linux, Main: true}}}
	both := Env{Machines: append([]Machine{{ID: "win-1", Kind: Windows, Main: true}}, env.Machines...)}
	two := Env{Machines: []Machine{{ID: "a", Kind: Linux}, {ID: "b", Kind: Linux}}}
	tests := []struct {
		line string
		env  Env
		want string
	}{
		{"show l", env, "show linux desktop|show log"},
		{"SHOW L", env, "SHOW Linux desktop|SHOW Log"},
		{"show li", both, "show linux desktop"},
		{"show w", env, ""},
		{"show w", both, "show windows desktop"},
		{"show", both, "show linux desktop|show windows desktop|show process explorer|show system log"},
		{"su", env, "suspend linux desktop"},
		{"linux t", env, "linux type <text>"},
		{"linux type ", env, ""},
		{"linux type h", env, ""},
		{"click ", env, "click left|click right|click middle"},
		{"click m", env, "click middle"},
		{"mouse", env, "mouse <x>"},
		{"mouse 0.5 ", env, ""},
		{"mouse 2 ", env, ""},
		{"suspend ", two, "suspend a|suspend b"},
		{"show linux desktop", env, "show linux desktop"},
		{"show linux desktop ", env, "show linux desktop "},
		{"show linux desktop x", env, ""},
		{"@ack", env, ""},
		{":he", env, ""},
		{"xyzzy", env, ""},
		{"show linux", Env{}, ""},
	}
	for _, tt := range tests {
		if got := completions(tt.line, tt.env); got != tt.want {
			t.Errorf("Complete(%q) = %q; want %q", tt.line, got, tt.want)
		}
	}
	if n := len(Complete("", both)); n < 10 || n > 60 {
		t.Errorf("an empty line can go on in %d ways", n)
	}
}

// FuzzComplete: what is offered begins with what was entered, and a line that
// needs nothing is the command that it is said to be.
func FuzzComplete(f *testing.F) {
	for _, s := range []string{"", "show", "linux type ", "sus", "win ", "send a to l", "  show  l", "click"} {
		f.Add(s)
	}
	env := Env{Machines: []Machine{{ID: "linux-1", Kind: Linux, Main: true}, {ID: "w", Kind: Windows}}}
	f.Fuzz(func(t *testing.T, line string) {
		for _, c := range Complete(line, env) {
			if !strings.HasPrefix(c.Line, line) {
				t.Fatalf("Complete(%q) offers %q", line, c.Line)
			}
			if r := Parse(c.Line, env); c.Needs == "" && (r.Outcome != Matched || r.Command != c.Command) {
				t.Fatalf("Complete(%q) offers %q, which is %v", line, c.Line, r.Outcome)
			}
		}
	})
}
