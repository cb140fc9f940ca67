package host

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/agent"
)

// pasteboard is a guest's end of the clipboard.
type pasteboard struct {
	mu   sync.Mutex
	more sync.Cond
	said []string
	data []byte // what it has copied
}

func (p *pasteboard) say(format string, args ...any) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, fmt.Sprintf(format, args...))
	p.more.Broadcast()
	return nil
}

func (p *pasteboard) OfferClip(_ context.Context, o agent.ClipOffer) error {
	return p.say("offer %d %s", o.Serial, strings.Join(o.Types, " "))
}

func (p *pasteboard) SendClip(_ context.Context, id uint64, data []byte) error {
	return p.say("data %d %s", id, data)
}

func (p *pasteboard) RefuseClip(_ context.Context, id uint64, why string) error {
	return p.say("refused %d %s", id, why)
}

func (p *pasteboard) ReadClip(_ context.Context, serial uint64, mime string) ([]byte, error) {
	p.say("read %d %s", serial, mime)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.data, agent.CheckClip(mime, p.data)
}

// next waits for what is said next.
func (p *pasteboard) next(t *testing.T, want string) {
	t.Helper()
	late := time.AfterFunc(patience, p.more.Broadcast)
	defer late.Stop()
	start := time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.said) == 0 {
		if time.Since(start) > patience {
			t.Fatalf("nothing was said; want %q", want)
		}
		p.more.Wait()
	}
	if p.said[0] != want {
		t.Fatalf("said %q; want %q", p.said, want)
	}
	p.said = p.said[1:]
}

// newClipGlass is a window whose guest has a clipboard.
func newClipGlass(t *testing.T, policy vmm.Clipboard) (*glass, *pasteboard) {
	t.Helper()
	proctest.Need(t, "wl-copy", "wl-paste")
	p := &pasteboard{}
	p.more.L = &p.mu
	g := newGlassWith(t, "1600x1000", func(h *Host) {
		h.machine.Clipboard = policy
		h.clip.guest = func() clipGuest { return p }
	})
	return g, p
}

// copies makes a text the session's selection.
func (g *glass) copies(text string) {
	g.t.Helper()
	cmd := exec.Command("wl-copy", "--type", "text/plain;charset=utf-8")
	cmd.Env, cmd.Stdin = g.s.Env(), strings.NewReader(text)
	if err := cmd.Run(); err != nil {
		g.t.Fatalf("wl-copy: %v", err)
	}
}

// pastes returns the session's selection.
func (g *glass) pastes() string {
	g.t.Helper()
	cmd := exec.Command("wl-paste", "--no-newline")
	cmd.Env = g.s.Env()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "wl-paste: " + strings.TrimSpace(errs.String())
	}
	return out.String()
}

func (g *glass) presses(chord, code string) {
	g.t.Helper()
	g.s.Call("input key", proctest.Args{"chord": chord})
	g.guest.until(g.t, "key "+code+" false")
}

func TestGuestPastesWhatTheSessionHas(t *testing.T) {
	g, p := newClipGlass(t, vmm.ClipToGuest)
	g.s.Call("focus", proctest.Args{"window": g.id})
	g.copies("grüße")
	p.next(t, "offer 1 "+agent.TypeText)
	g.host.clip.wanted(agent.ClipWant{ID: 7, Serial: 1, Type: agent.TypeText})
	p.next(t, "data 7 grüße")
	g.host.clip.wanted(agent.ClipWant{ID: 8, Serial: 1, Type: agent.TypePNG})
	p.next(t, "refused 8 nothing_to_paste")
	g.copies("more")
	p.next(t, "offer 2 "+agent.TypeText)
	g.host.clip.wanted(agent.ClipWant{ID: 9, Serial: 1, Type: agent.TypeText})
	p.next(t, "refused 9 nothing_to_paste") // it is not what it was offered

	// A guest without the keyboard has nothing to paste.
	g.s.Call("state", proctest.Args{"window": g.id, "state": "minimize"})
	p.next(t, "offer 3 ")
	g.host.clip.wanted(agent.ClipWant{ID: 10, Serial: 3, Type: agent.TypeText})
	p.next(t, "refused 10 nothing_to_paste")
	g.copies("secret")
	g.s.Settle()
	g.s.Call("state", proctest.Args{"window": g.id, "state": "restore"})
	p.next(t, "offer 4 "+agent.TypeText)

	// And policy lets nothing out.
	g.presses("a", "30")
	g.host.clip.copied(agent.ClipOffer{Serial: 1, Types: []string{agent.TypeText}})
	g.s.Settle()
	if got := g.pastes(); got != "secret" {
		t.Errorf("the session pastes %q; want %q", got, "secret")
	}
}

func TestSessionPastesWhatTheGuestHas(t *testing.T) {
	g, p := newClipGlass(t, vmm.ClipFromGuest)
	text := agent.ClipOffer{Serial: 1, Types: []string{agent.TypeText}}
	g.copies("ours")
	g.s.Call("focus", proctest.Args{"window": g.id})

	// A guest in which nobody has done anything has copied nothing.
	g.host.clip.copied(text)
	g.settled()
	if got := g.pastes(); got != "ours" {
		t.Fatalf("the session pastes %q of a guest that nobody has touched", got)
	}
	p.data = []byte("from the guest")
	g.presses("c", "46")
	g.host.clip.copied(text)
	g.settled()
	if got := g.pastes(); got != "from the guest" {
		t.Errorf("the session pastes %q", got)
	}
	p.next(t, "read 1 "+agent.TypeText)

	// Once for a press: the guest can't take the clipboard again.
	g.copies("ours again")
	for serial := uint64(2); serial < 50; serial++ {
		g.host.clip.copied(agent.ClipOffer{Serial: serial, Types: []string{agent.TypeText}})
	}
	g.settled()
	if got := g.pastes(); got != "ours again" {
		t.Errorf("the session pastes %q", got)
	}

	// What is no text isn't given on.
	g.presses("c", "46")
	p.data = []byte("\xff\xfe")
	g.host.clip.copied(agent.ClipOffer{Serial: 50, Types: []string{agent.TypeText}})
	g.settled()
	if got := g.pastes(); got != "" {
		t.Errorf("the session pastes %q", got)
	}
	p.next(t, "read 50 "+agent.TypeText)
	// Nothing of the session's went in.
	if len(p.said) > 0 {
		t.Errorf("the guest was told %q", p.said)
	}
}

// settled waits until the window has heard the guest, and the session the
// window.
func (g *glass) settled() {
	g.t.Helper()
	done := make(chan error, 1)
	g.host.presenter.post(func(w *window) { done <- w.conn.Flush() })
	if err := <-done; err != nil {
		g.t.Fatal(err)
	}
	g.s.Settle()
}
