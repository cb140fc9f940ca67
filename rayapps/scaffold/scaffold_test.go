package scaffold

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rayos/rayapps/manifest"
)

var update = flag.Bool("update", false, "write the template's picture anew")

const sdk = "../.."

func goTool(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	// What is in the module cache has to do.
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestNewAppBuilds: the module is good as it is, without the network.
func TestNewAppBuilds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tally")
	if err := New(dir, "org.example.Tally", sdk); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Join(dir, "testdata"), 0o755); err != nil {
			t.Fatal(err)
		}
		goTool(t, dir, "test", ".", "-update")
		data, err := os.ReadFile(filepath.Join(dir, "testdata", "window.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("template/testdata/window.txt", data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	goTool(t, dir, "vet", ".")
	goTool(t, dir, "test", ".")
	goTool(t, dir, "build", "-o", filepath.Join("app", "bin", "tally"), ".")
	text, err := os.ReadFile(filepath.Join(dir, "app", manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := manifest.Parse(text)
	if err != nil || m.ID != "org.example.Tally" || m.Exec != "bin/tally" || len(m.Permissions) != 0 {
		t.Errorf("%+v, %v", m, err)
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil || !strings.HasPrefix(string(mod), "module example.org/tally\n") {
		t.Errorf("%v, %s", err, mod)
	}
	if out := goTool(t, dir, "list", "-m", "-f", "{{.Dir}}", "rayos"); strings.TrimSpace(out) == "" {
		t.Error("nothing replaces rayos")
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "x"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ dir, id, sdk, want string }{
		"an id":      {t.TempDir(), "tally", sdk, "is no id"},
		"a folder":   {full, "org.example.Tally", sdk, "is not empty"},
		"no sdk":     {t.TempDir(), "org.example.Tally", full, "no checkout"},
		"another":    {t.TempDir(), "org.example.Tally", other(t), "is no checkout"},
		"with space": {t.TempDir(), "org.example.Tally", spaced(t), "spaces"},
	} {
		if err := New(c.dir, c.id, c.sdk); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %s", name, err, c.want)
		}
	}
}

func other(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func spaced(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a b")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(module), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFindSDK(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := FindSDK(t.TempDir(), here); err != nil || got != filepath.Dir(filepath.Dir(here)) {
		t.Errorf("FindSDK = %q, %v", got, err)
	}
	if got, err := FindSDK(t.TempDir()); err == nil {
		t.Errorf("FindSDK = %q", got)
	}
}
