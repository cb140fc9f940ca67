package golden

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Text compares text with testdata/NAME, which -update rewrites like a
// picture. The name has the file's extension.
func Text(t testing.TB, name, got string) {
	t.Helper()
	if err := checkText(dir, name, got, t.Logf); err != nil {
		t.Errorf("golden %v", err)
	}
}

func checkText(dir, name, got string, report func(string, ...any)) error {
	path := filepath.Join(dir, name)
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err == nil && string(b) == got {
		return nil
	}
	if update.matches(name) {
		if err := mayWrite(); err != nil {
			return err
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			return err
		}
		report("wrote %s", path)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: there is no reference (run with -update); got:\n%s", name, got)
	}
	return fmt.Errorf("%s: %s", name, firstDifference(string(b), got))
}

// firstDifference counts the lines that differ and shows the first.
func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(w) != len(g) {
		return fmt.Sprintf("%d lines; want %d; got:\n%s", len(g), len(w), got)
	}
	count, first := 0, 0
	for i := range w {
		if w[i] != g[i] {
			if count++; count == 1 {
				first = i
			}
		}
	}
	what := "lines differ"
	if count == 1 {
		what = "line differs"
	}
	return fmt.Sprintf("%d %s, the first is %d:\n got %s\nwant %s", count, what, first+1, g[first], w[first])
}
