package proctest

import (
	"slices"
	"strings"
	"testing"
)

// TestEnvironHasNoLanguage: what is started speaks English, whatever the person
// who runs the tests does.
func TestEnvironHasNoLanguage(t *testing.T) {
	for _, name := range []string{"LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "RAYOS_LANGUAGE"} {
		t.Setenv(name, "ar_EG.UTF-8")
	}
	for _, v := range Environ(t.TempDir()) {
		name, value, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "LC_") && value != "C.UTF-8" || slices.Contains([]string{"LANG", "LANGUAGE", "RAYOS_LANGUAGE"}, name) {
			t.Errorf("programs are told %s", v)
		}
	}
}
