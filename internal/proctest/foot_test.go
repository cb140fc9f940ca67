package proctest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/shell/control"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// shell starts a terminal and waits for its prompt.
func shell(s *Session) control.Window {
	s.T.Helper()
	w := s.Window(s.Launch("foot", "sh"))
	s.prompt(w.ID)
	return *s.Get(w.ID)
}

// prompt waits until a terminal shows its prompt: letters have soft edges, the
// cursor and the background alone are two colours.
func (s *Session) prompt(id uint32) {
	s.T.Helper()
	s.Until("a prompt", func() bool { return s.Shoot(Args{"window": id}).Colors() > 3 })
	s.Settle()
}

// typed types into the focused terminal by fn a command that makes the file,
// waits for it, and checks which pixels have changed.
func typed(t *testing.T, s *Session, w control.Window, file string, fn func(command string)) {
	t.Helper()
	before := s.Shoot(nil)
	fn("echo \"A~b|'C\" >" + file + "; echo done")
	path := filepath.Join(s.Dir, file)
	s.Until("the command has run", func() bool {
		b, err := os.ReadFile(path)
		return err == nil && len(b) > 0
	})
	if b, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(b)) != "A~b|'C" {
		t.Errorf("the shell wrote %q, %v", b, err)
	}
	s.Until("the terminal has drawn", func() bool { return !Diff(before, s.Shoot(nil)).Empty() })
	s.Settle()
	d := Diff(before, s.Shoot(nil))
	if content := Bounds(w.Content); d.Empty() || !d.In(content) {
		t.Errorf("pixels changed in %v; want some, and all in the content %v", d, content)
	}
}

func TestTypingReachesTerminal(t *testing.T) {
	Need(t, "foot")
	s := Start(t)
	w := s.Window(s.Launch("foot", "-D", s.Dir, "sh"))
	s.prompt(w.ID)
	w = *s.Get(w.ID)
	if w.AppID != "foot" || !w.Focused || w.Owner == "" {
		t.Errorf("window = %+v; want a focused foot with an owner", w)
	}
	t.Run("rayctl", func(t *testing.T) {
		typed(t, s, w, "by-rayctl", func(command string) { s.Rayctl("input", "type", command+"\n") })
	})
	t.Run("wtype", func(t *testing.T) {
		Need(t, "wtype")
		typed(t, s, w, "by-wtype", func(command string) { s.Run(t, "wtype", command+"\n") })
	})
	t.Run("key", func(t *testing.T) {
		typed(t, s, w, "by-key", func(command string) {
			s.Call("input type", Args{"text": command})
			s.Rayctl("input", "key", "Return")
		})
	})
}

func TestClipboardRoundTrip(t *testing.T) {
	Need(t, "wl-copy", "wl-paste")
	s := Start(t)
	const text = "Grüße, ray\nsecond line"
	source := s.Launch("wl-copy", "--foreground", text)
	s.Until("the clipboard is taken", func() bool {
		types, err := s.Attempt("wl-paste", "--list-types")
		return err == nil && strings.Contains(string(types), "text/plain")
	})
	if got := string(s.Run(t, "wl-paste", "--no-newline")); got != text {
		t.Errorf("wl-paste = %q; want %q", got, text)
	}
	// A second source replaces the first, which ends.
	s.Launch("wl-copy", "--foreground", "another")
	source.Wait()
	if got := string(s.Run(t, "wl-paste", "--no-newline")); got != "another" {
		t.Errorf("wl-paste = %q; want another", got)
	}
}
