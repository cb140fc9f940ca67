package guest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rayos/vmm/agent"
)

const patience = 30 * time.Second

// compositor starts a compositor as a guest has it, and returns its socket.
func compositor(t *testing.T) (dir, socket string) {
	t.Helper()
	for _, name := range []string{"sway", "wl-copy", "wl-paste"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed (packages sway, wl-clipboard)", name)
		}
	}
	dir, err := os.MkdirTemp("/tmp", "rayos-guest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	config := filepath.Join(dir, "config")
	up := filepath.Join(dir, "up")
	if err := syscall.Mkfifo(up, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte("exec sh -c 'echo $WAYLAND_DISPLAY >"+up+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sway", "-c", config)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "WLR_BACKENDS=headless", "WLR_RENDERER=pixman", "WLR_LIBINPUT_NO_DEVICES=1", "WAYLAND_DISPLAY=")
	var log bytes.Buffer
	cmd.Stderr = &log
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 { // sway doesn't run as root
		const nobody = 65534
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		for _, path := range []string{dir, config, up} {
			if err := os.Chown(path, nobody, nobody); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		if t.Failed() {
			t.Logf("sway: %s", &log)
		}
	})
	name := make(chan string, 1)
	go func() {
		b, _ := os.ReadFile(up) // sway's end is the test's
		name <- strings.TrimSpace(string(b))
	}()
	select {
	case n := <-name:
		return dir, filepath.Join(dir, n)
	case err := <-ended:
		ended <- err
		t.Fatalf("sway: %v", err)
	case <-time.After(patience):
		t.Fatal("sway doesn't come up")
	}
	return "", ""
}

// guestClip is a guest's clipboard with the host's end of it.
type guestClip struct {
	t      *testing.T
	dir    string
	socket string
	clip   *clipboard
	host   *agent.Client
	events chan agent.Event
}

func newGuestClip(t *testing.T) *guestClip {
	t.Helper()
	g := &guestClip{t: t, events: make(chan agent.Event, 64)}
	g.dir, g.socket = compositor(t)
	ours, theirs := pair(t)
	s := &system{kind: "desktop", log: os.Stderr, ended: make(chan struct{})}
	d := &desktop{system: s, runtime: g.dir, clipboard: newClipboard(s.tell)}
	s.desktop = d
	s.server = agent.NewServer(theirs, s.answer)
	served := make(chan error, 2)
	go func() { served <- s.server.Serve() }()
	g.clip = d.clipboard
	g.host = agent.NewClient(ours, func(e agent.Event) { g.events <- e })
	go func() { served <- d.clipboard.serve(g.socket) }()
	t.Cleanup(func() {
		g.clip.on(func(s *controls) error { s.display.Close(); return nil })
		g.host.Close()
		<-served
		<-served
	})
	if _, err := g.host.Hello(g.ctx()); err != nil {
		t.Fatal(err)
	}
	g.next(agent.ClipOffer{Serial: 1}) // nobody has copied
	return g
}

func (g *guestClip) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	g.t.Cleanup(cancel)
	return ctx
}

func (g *guestClip) next(want agent.ClipOffer) {
	g.t.Helper()
	select {
	case e := <-g.events:
		o, ok := e.(agent.ClipOffer)
		if !ok || o.Serial != want.Serial || strings.Join(o.Types, " ") != strings.Join(want.Types, " ") {
			g.t.Fatalf("heard %+v; want %+v", e, want)
		}
	case <-time.After(patience):
		g.t.Fatalf("nothing heard; want %+v", want)
	}
}

func (g *guestClip) run(in string, name string, args ...string) string {
	g.t.Helper()
	cmd := exec.CommandContext(g.ctx(), name, args...)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+g.dir, "WAYLAND_DISPLAY="+filepath.Base(g.socket))
	cmd.Stdin = strings.NewReader(in)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil {
		g.t.Fatalf("%s: %v", name, err)
	}
	return out.String()
}

func TestWhatTheGuestCopiesCanBeRead(t *testing.T) {
	g := newGuestClip(t)
	long := strings.Repeat("größer als ein Teil. ", 20_000) // several parts
	g.run(long, "wl-copy")
	text := []string{agent.TypeText}
	g.next(agent.ClipOffer{Serial: 2, Types: text})
	for range 2 { // whoever pastes twice gets it twice
		if data, err := g.host.ReadClip(g.ctx(), 2, agent.TypeText); err != nil || string(data) != long {
			t.Fatalf("read %d bytes, %v; want %d", len(data), err, len(long))
		}
	}
	if data, err := g.host.ReadClip(g.ctx(), 2, agent.TypePNG); err == nil {
		t.Errorf("a picture of %d bytes, and there is none", len(data))
	}
	g.run("new", "wl-copy")
	g.next(agent.ClipOffer{Serial: 3, Types: text})
	if data, err := g.host.ReadClip(g.ctx(), 2, agent.TypeText); err == nil {
		t.Errorf("what was copied before is %q still", data)
	}
	g.run(strings.Repeat("x", agent.MaxClipText+1), "wl-copy")
	g.next(agent.ClipOffer{Serial: 4, Types: text})
	if data, err := g.host.ReadClip(g.ctx(), 4, agent.TypeText); err == nil {
		t.Errorf("%d bytes were read; at most %d may pass", len(data), agent.MaxClipText)
	}
	g.run("hidden", "wl-copy", "--type", "application/octet-stream")
	g.next(agent.ClipOffer{Serial: 5})
}

func TestGuestPastesWhatItIsOffered(t *testing.T) {
	g := newGuestClip(t)
	if err := g.host.OfferClip(g.ctx(), agent.ClipOffer{Serial: 9, Types: []string{agent.TypeText, agent.TypePNG}}); err != nil {
		t.Fatal(err)
	}
	answer := func(data string, mime string) {
		w, ok := (<-g.events).(agent.ClipWant)
		if !ok || w.Serial != 9 || w.Type != mime {
			t.Errorf("heard %+v", w)
		}
		if err := g.host.SendClip(g.ctx(), w.ID, []byte(data)); err != nil {
			t.Error(err)
		}
	}
	long := strings.Repeat("from the session ", 30_000)
	go answer(long, agent.TypeText)
	if got := g.run("", "wl-paste", "--no-newline"); got != long {
		t.Errorf("pasted %d bytes; want %d", len(got), len(long))
	}
	go answer("\x89PNG", agent.TypePNG)
	if got := g.run("", "wl-paste", "--type", "image/png"); got != "\x89PNG" {
		t.Errorf("pasted %q", got)
	}
	// It isn't offered back, and goes when it is taken back.
	if err := g.host.OfferClip(g.ctx(), agent.ClipOffer{Serial: 10}); err != nil {
		t.Fatal(err)
	}
	g.next(agent.ClipOffer{Serial: 2})
	if err := g.host.SetClipboard(g.ctx(), "kept"); err != nil {
		t.Fatal(err)
	}
	if got := g.run("", "wl-paste", "--no-newline"); got != "kept" {
		t.Errorf("pasted %q", got)
	}
	if err := g.host.SendClip(g.ctx(), 4711, []byte("for nobody")); err == nil {
		t.Error("somebody took what nobody had asked for")
	}
}

func TestKeymapHasAKeyForEachCharacter(t *testing.T) {
	var text []rune
	for r := rune(0x100); r < 0x100+450; r++ {
		text = append(text, r, r-1)
	}
	total := 0
	for rest := text; len(rest) > 0; {
		chars, n := distinct(rest, keysPerMap)
		if n == 0 || len(chars) > keysPerMap || firstKey+len(chars) > 256 {
			t.Fatalf("%d keys for %d characters", len(chars), n)
		}
		rest, total = rest[n:], total+n
	}
	if total != len(text) {
		t.Errorf("%d of %d characters", total, len(text))
	}
	m := keymap([]rune("ü\n€"))
	for _, want := range []string{"<K0> = 10;", "key <K0> { [ U00FC ] }", "key <K1> { [ Return ] }", "key <K2> { [ U20AC ] }"} {
		if !strings.Contains(m, want) {
			t.Errorf("no %q in %s", want, m)
		}
	}
}
