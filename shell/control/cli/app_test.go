package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestAnAppFromFolderToRemoval goes through all that there is for makers and
// users of apps.
func TestAnAppFromFolderToRemoval(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", filepath.Join(dir, "home"))
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("XDG_CONFIG_HOME", "")
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	toml := func(version string) {
		write("app/rayapp.toml", "api = 1\nid = \"org.example.Tally\"\nname = \"Tally\"\nversion = \""+version+"\"\nexec = \"bin/tally\"\n[permissions]\nnetwork = \"To fetch.\"\nawake = \"To stay.\"\n", 0o644)
	}
	write("app/bin/tally", "x", 0o755)
	toml("1.0.0")
	step := func(stdin, line string, code int, want string) string {
		t.Helper()
		got, out, errs := rayctl(t, stdin, strings.Fields(line)...)
		if got != code || !regexp.MustCompile(want).MatchString(out+errs) {
			t.Errorf("rayctl %s = %d\n%s%s\nwant %d, %s", line, got, out, errs, code, want)
		}
		return out
	}
	const print = `[0-9a-f]{4}(-[0-9a-f]{4}){7}`
	step("", "app list", ExitOK, `(?m)^explorer +org.rayos.ProcessExplorer +0.1.0 +Process Explorer +session$`)
	out := step("", "app pack app", ExitOK, `made a key: .*/home/.config/rayos/app-key.*\ntally-1.0.0.rayapp: org.example.Tally 1.0.0, 2 files, key `+print)
	key := regexp.MustCompile(print).FindString(out)
	if st, err := os.Stat("home/.config/rayos/app-key"); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v, %v", st, err)
	}
	step("", "app verify tally-1.0.0.rayapp", ExitOK, `org.example.Tally 1.0.0 \(Tally\), key `+key+`\n  asks to keep the screen from going dark: To stay.\n  asks to use the network: To fetch.\n +\d+ rayapp.toml\n +1 bin/tally\n`)
	step("no\n", "app install tally-1.0.0.rayapp", ExitFailed, "Its maker's key is\n  "+key+"(.|\n)*the key isn't trusted")
	step("", "app install tally-1.0.0.rayapp --trust 0000", ExitFailed, "the key isn't trusted")
	step("yes\n", "app install tally-1.0.0.rayapp", ExitOK, "installed org.example.Tally 1.0.0; run tally starts it")
	step("", "app list", ExitOK, `tally +org.example.Tally +1.0.0 +Tally +awake\n`)
	step("", "app permissions tally", ExitOK, `awake +static +yes +To stay.\nnetwork +ask +you will be asked +To fetch.\n`)
	step("", "app permissions tally grant network", ExitOK, `network +ask +yes`)
	step("", "app permissions org.example.Tally revoke awake", ExitOK, `awake +static +no`)
	step("", "app permissions tally revoke screen", ExitFailed, `doesn't ask for "screen"`)
	step("", "app permissions tally allow network", ExitUsage, "say grant, revoke or forget")
	toml("0.9.0")
	step("", "app pack app --out old.rayapp", ExitOK, "old.rayapp: ")
	step("", "app install old.rayapp", ExitFailed, "a later version is installed: 1.0.0")
	toml("1.1.0")
	step("", "app pack app --key other-key", ExitOK, "made a key")
	step("yes\n", "app install tally-1.1.0.rayapp", ExitFailed, "signed with another key")
	step("", "app pack app", ExitOK, "tally-1.1.0.rayapp")
	step("", "app install tally-1.1.0.rayapp", ExitOK, "installed org.example.Tally 1.1.0")
	data, err := os.ReadFile("tally-1.1.0.rayapp")
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	write("bad.rayapp", string(data), 0o644)
	step("", "app verify bad.rayapp", ExitFailed, "rayctl: ")
	step("", "app install bad.rayapp", ExitFailed, "rayctl: ")
	step("", "app remove org.example.Tally", ExitOK, "^$")
	if out := step("", "app list", ExitOK, "org.rayos.VNC"); strings.Contains(out, "Tally") {
		t.Errorf("removed, and listed: %s", out)
	}
	step("", "app remove org.rayos.VNC", ExitFailed, "it comes with the session")
	step("", "app permissions vnc revoke network", ExitOK, `network +ask +no`)
	step("", "app files vnc", ExitOK, "org.rayos.VNC has no files of yours")
	step("", "app files vnc revoke /x", ExitFailed, "the app wasn't given that file")
	step("", "app files vnc take /x", ExitUsage, "say revoke")
	step("", "app remove org.example.Tally", ExitFailed, "there is no such app")
	step("", "help app pack", ExitOK, `^rayctl app pack DIR .*\npack a folder`)
	for _, line := range []string{"app pack", "app pack a b", "app list x", "app pack app --what x", "app pack app --out", "app remove x --keep-data=1"} {
		step("", line, ExitUsage, "usage: rayctl app ")
	}
	if left, err := filepath.Glob(".pack-*"); len(left) != 0 || err != nil {
		t.Errorf("left: %v, %v", left, err)
	}
}
