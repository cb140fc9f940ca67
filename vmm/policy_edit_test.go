package vmm

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSetRule(t *testing.T) {
	for _, c := range []struct {
		name, text string
		rule       Rule
		value      string
		want       string
	}{
		{"no policy", "", RuleNetworking, "on", "version = 0\n\n[vm.lab]\nnetworking = \"on\"\n"},
		{"no end of the line", "version = 0", RuleAudio, "true", "version = 0\n\n[vm.lab]\naudio = true\n"},
		{"another machine's", "version = 0\n[vm.a]\naudio = false\n", RuleAudio, "true", "version = 0\n[vm.a]\naudio = false\n\n[vm.lab]\naudio = true\n"},
		{"a new rule", "version = 0\n[vm.lab] # mine\ncolor = \"#336699\"\n[vm.lab.limits]\ncpus = 1\n", RuleClipboard, "both", "version = 0\n[vm.lab] # mine\nclipboard = \"both\"\ncolor = \"#336699\"\n[vm.lab.limits]\ncpus = 1\n"},
		{"an old rule", "version = 0 # first\n\n[ vm.lab ]\n  networking   = \"on\"   # for updates\n# the end\n", RuleNetworking, "off", "version = 0 # first\n\n[ vm.lab ]\nnetworking = \"off\" # for updates\n# the end\n"},
		{"a limit", "version = 0\n[vm.lab.limits]\ncpus = 1\n", RuleMemory, "1024", "version = 0\n[vm.lab.limits]\nmem_mib = 1024\ncpus = 1\n"},
		{"the first limit", "version = 0\n[vm.lab]\naudio = true\n", RuleCPUPercent, "50", "version = 0\n[vm.lab]\naudio = true\n\n[vm.lab.limits]\ncpu_percent = 50\n"},
		{"another limit", "version = 0\n[vm.lab.limits]\ncpus = 1 # one\n", RuleCPUs, "2", "version = 0\n[vm.lab.limits]\ncpus = 2 # one\n"},
		{"the last line", "version = 0\n[vm.lab]", RuleAutoboot, "false", "version = 0\n[vm.lab]\nautoboot = false\n"},
	} {
		got, err := SetRule([]byte(c.text), "lab", c.rule, c.value)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if d := cmp.Diff(c.want, string(got)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		again, err := SetRule(got, "lab", c.rule, c.value)
		if err != nil || string(again) != string(got) {
			t.Errorf("%s: a second time: %v, %q", c.name, err, again)
		}
	}
}

// TestRulesThatAreNotSet: what can't be changed without changing something else
// stays as it is.
func TestRulesThatAreNotSet(t *testing.T) {
	for _, c := range []struct {
		name, text string
		id         ID
		rule       Rule
		value      string
		form       bool
	}{
		{"a policy that can't be obeyed", "version = 1\n", "lab", RuleAudio, "true", false},
		{"a value that there isn't", "version = 0\n", "lab", RuleNetworking, "maybe", false},
		{"no number", "version = 0\n", "lab", RuleMemory, "much", false},
		{"too much", "version = 0\n", "lab", RuleCPUPercent, "1000", false},
		{"no truth", "version = 0\n", "lab", RuleAudio, "loud", false},
		{"a value with more in it", "version = 0\n", "lab", RuleAudio, "true\nautoboot = true", false},
		{"a machine that can't be", "version = 0\n", "Lab]\n[x", RuleAudio, "true", false},
		{"another rule", "version = 0\n", "lab", Rule("shares"), "[]", false},
		{"one line", "version = 0\nvm = { lab = { audio = false } }\n", "lab", RuleAudio, "true", false},
		{"a dotted key", "version = 0\n[vm]\nlab.audio = false\n", "lab", RuleAudio, "true", false},
	} {
		got, err := SetRule([]byte(c.text), c.id, c.rule, c.value)
		if err == nil || got != nil || c.form != errors.Is(err, ErrForm) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

func TestEditPolicy(t *testing.T) {
	root := Root{Dir: t.TempDir()}
	if err := EditPolicy(root, "lab", RuleNetworking, "on"); err != nil {
		t.Fatal(err)
	}
	p, err := LoadPolicy(root.Policy())
	if err != nil {
		t.Fatal(err)
	}
	if e := p.Effective(&Record{ID: "lab", Kind: Linux}); e.Networking != NetOn {
		t.Errorf("%+v", e)
	}
	if e := p.Effective(&Record{ID: "other", Kind: Linux}); e.Networking != NetOff {
		t.Errorf("another machine: %+v", e)
	}
	if err := os.WriteFile(root.Policy(), []byte("version = 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := EditPolicy(root, "lab", RuleNetworking, "off"); err == nil || !strings.Contains(err.Error(), root.Policy()) {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(root.Policy()); err != nil || string(text) != "version = 7\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func FuzzSetRule(f *testing.F) {
	f.Add(samplePolicy, "networking", "on")
	f.Add("version = 0\n[vm.lab]\nnetworking = \"\"\"\n[vm.lab]\nnetworking = \"on\"\n", "clipboard", "both")
	f.Fuzz(func(t *testing.T, text, rule, value string) {
		out, err := SetRule([]byte(text), "lab", Rule(rule), value)
		if err != nil {
			return
		}
		before, after := Policy{}, Policy{}
		if strings.TrimSpace(text) != "" {
			if before, err = ParsePolicy([]byte(text)); err != nil {
				t.Fatalf("a policy that can't be obeyed was changed: %v", err)
			}
		}
		if after, err = ParsePolicy(out); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
		rec := &Record{ID: "other", Kind: Linux}
		if d := cmp.Diff(before.Effective(rec), after.Effective(rec)); d != "" {
			t.Errorf("another machine: %s", d)
		}
	})
}
