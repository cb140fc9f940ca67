package proctest

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/shell/control"
)

// TestClipboardCarriesBinary: more than a pipe holds, of any bytes.
func TestClipboardCarriesBinary(t *testing.T) {
	Need(t, "wl-copy", "wl-paste")
	s := Start(t)
	data := make([]byte, 1<<20)
	r := rand.NewChaCha8([32]byte{1})
	if _, err := r.Read(data); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(s.Dir, "data")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	const kind = "application/octet-stream"
	s.Launch("sh", "-c", `exec wl-copy --foreground --type "$0" <"$1"`, kind, path)
	s.Until("the clipboard is taken", func() bool {
		types, err := s.Attempt("wl-paste", "--list-types")
		return err == nil && strings.Contains(string(types), kind)
	})
	if got := s.Run(t, "wl-paste", "--no-newline", "--type", kind); !bytes.Equal(got, data) {
		t.Errorf("wl-paste gave %d bytes that are not the %d copied", len(got), len(data))
	}
}

// TestCopyFromTerminalToTerminal copies a word with the mouse and pastes it
// with the keyboard.
func TestCopyFromTerminalToTerminal(t *testing.T) {
	Need(t, "foot")
	s := Start(t)
	from := s.Window(s.Launch("foot", "-T", "source", "sh", "-c", "echo carried; exec sleep 1000"))
	s.prompt(from.ID)
	to := s.Window(s.Launch("foot", "-T", "target", "-D", s.Dir, "sh"))
	s.prompt(to.ID)
	s.Call("move", Args{"window": from.ID, "x": 0, "y": 0})
	s.Call("focus", Args{"window": from.ID})
	from = *s.becomes(from.ID, "the source has the focus", func(w *control.Window) bool { return w.Focused && w.Frame.X == 0 })
	word := Bounds(from.Content).Min
	word.X, word.Y = word.X+20, word.Y+8
	plain := s.Shoot(Args{"window": from.ID})
	s.Call("input click", Args{"at": at(word), "count": 2})
	s.Until("the word is selected", func() bool { return !Diff(plain, s.Shoot(Args{"window": from.ID})).Empty() })
	s.key("ctrl+shift+c")
	s.Call("focus", Args{"window": to.ID})
	s.becomes(to.ID, "the target has the focus", func(w *control.Window) bool { return w.Focused })
	// Without lines the word needs no Return after it, which could overtake it.
	s.Call("input type", Args{"text": "stty -icanon; touch ready; head -c 7 >pasted\n"})
	s.Until("the target reads", func() bool {
		_, err := os.Stat(filepath.Join(s.Dir, "ready"))
		return err == nil
	})
	s.key("ctrl+shift+v")
	path := filepath.Join(s.Dir, "pasted")
	s.Until("the word has been pasted", func() bool {
		b, err := os.ReadFile(path)
		return err == nil && len(b) > 0
	})
	if b, err := os.ReadFile(path); err != nil || strings.TrimSpace(string(b)) != "carried" {
		t.Errorf("the target read %q, %v; want carried", b, err)
	}
}
