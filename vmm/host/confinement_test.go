package host

import (
	"os"
	"path/filepath"
	"testing"

	"rayos/vmm"
	"rayos/vmm/confine"
)

// TestPolicyCanRequireConfinement: without a word of policy a machine runs as
// confined as the kernel can.
func TestPolicyCanRequireConfinement(t *testing.T) {
	path := filepath.Join(t.TempDir(), "policy.toml")
	for _, c := range []struct {
		support confine.Support
		state   string
		policy  string
		want    string
	}{
		{confine.Support{Landlock: 7, Seccomp: true}, ConfinedOn, "require_confinement = true", ""},
		{confine.Support{Landlock: 2, Seccomp: true}, ConfinedPartly, "", ""},
		{confine.Support{Landlock: 2, Seccomp: true}, ConfinedPartly, "require_confinement = true", "policy defaults.require_confinement: partial: landlock 2, seccomp"},
		{confine.Support{Seccomp: true}, ConfinedPartly, "require_confinement = true", "policy defaults.require_confinement: partial: seccomp"},
		{confine.Support{}, ConfinedNothing, "require_confinement = false", ""},
		{confine.Support{}, ConfinedNothing, "require_confinement = true", "policy defaults.require_confinement: off: this kernel has neither Landlock nor seccomp"},
	} {
		if err := os.WriteFile(path, []byte("version = 0\n[defaults]\n"+c.policy+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		policy, err := vmm.LoadPolicy(path)
		if err != nil || policy.Safe != "" {
			t.Fatalf("policy %q: %v %s", c.policy, err, policy.Safe)
		}
		found, got := confinement(c.support), ""
		if err := found.enough(&policy); err != nil {
			got = err.Error()
		}
		if found.State != c.state || got != c.want {
			t.Errorf("%v, %q: %s, %q; want %s, %q", c.support, c.policy, found.State, got, c.state, c.want)
		}
	}
}
