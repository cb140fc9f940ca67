package proctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binaries is where Main has built the programs.
var binaries string

// Main builds the programs, runs the tests and returns the exit status.
func Main(m *testing.M) int {
	dir, err := os.MkdirTemp("/tmp", "rayos-bin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "proctest:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	// Any user may run them: some tests give their privileges away.
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "proctest:", err)
		return 1
	}
	if err := Build(dir, os.Environ()); err != nil {
		fmt.Fprintln(os.Stderr, "proctest:", err)
		return 1
	}
	binaries = dir
	return m.Run()
}

// Build builds the programs into dir.
func Build(dir string, env []string) error {
	build := exec.Command("go", "build", "-o", dir+"/", "rayos/cmd/rayos-session", "rayos/cmd/rayctl", "rayos/cmd/rayos-apps", "rayos/cmd/rayos-vnc",
		"rayos/cmd/rayos-sandbox", "rayos/cmd/rayos-wasm")
	build.Env = env
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w\n%s", build.Args, err, out)
	}
	return nil
}

// Binary returns the path of a program that Main has built.
func Binary(name string) string { return filepath.Join(binaries, name) }

// Need skips a test where a program is missing.
func Need(t testing.TB, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: make deps-test", name)
		}
	}
}
