package proctest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/png"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rayos/geom"
	"rayos/intent/envelope"
	"rayos/intent/trace"
	"rayos/rayapps/rfb/rfbserver"
	"rayos/shell/control"
)

// speaker types sentences into a session's prompt.
type speaker struct {
	*Session
	t     *testing.T
	lines uint64
}

// speak starts a session with its shell; run is what starts it, nil for nothing
// beside it.
func speak(t *testing.T, run []string) *speaker {
	t.Helper()
	dir := RuntimeDir(t)
	o := Options{Dir: dir, Env: []string{"XDG_STATE_HOME=" + dir + "/state"}, Args: []string{"--headless", "--output", "1280x720", "--plain", "--x11=false"}}
	if len(run) > 0 {
		o.Binary, o.Args = run[0], append(append(run[1:], Binary("rayos-session")), o.Args...)
	}
	s := &speaker{Session: StartWith(t, o), t: t}
	// The model is there when it has understood something.
	var u control.Understood
	if err := s.Try("s2", Args{"line": "open foot"}, &u); err != nil {
		t.Fatal(err)
	}
	return s
}

// say types a sentence, and returns what was written down of it when it has
// ended.
func (s *speaker) say(line string) []trace.Record {
	s.t.Helper()
	s.Call("input key", Args{"chord": "super+space"})
	s.Call("input type", Args{"text": line})
	s.photo("row")
	s.Call("input key", Args{"chord": "Return"})
	s.lines++
	var list []trace.Record
	s.Until("the end of "+line, func() bool {
		all, found, err := trace.Read(filepath.Join(s.Dir, "state", "rayos", "intents"))
		if err != nil || found.Damaged > 0 {
			s.t.Fatalf("%+v, %v", found, err)
		}
		list = nil
		for _, r := range all {
			if r.ID == s.lines {
				list = append(list, r)
			}
		}
		if len(list) == 0 {
			return false
		}
		switch last := list[len(list)-1].Status; last {
		case envelope.Completed.String(), envelope.Failed.String(), envelope.Cancelled.String():
			return true
		}
		return false
	})
	return list
}

// did checks that a sentence was taken for an intent and carried out.
func (s *speaker) did(list []trace.Record, intent, what string) {
	s.t.Helper()
	first, last := list[0], list[len(list)-1]
	if first.Said == nil || first.Said.Intent != intent || last.Status != envelope.Completed.String() || last.Did == nil || last.Did.What != what || !last.Did.OK {
		s.t.Errorf("of a sentence was written down: %+v, %+v ... %+v, %+v\n%s", first, first.Said, last, last.Did, s.Log())
	}
}

// photo writes what is on screen into the test's artifacts.
func (s *speaker) photo(name string) {
	s.t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, s.Shoot(nil)); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.t.ArtifactDir(), fmt.Sprintf("%d-%s.png", s.lines, name)), b.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// shows waits for a window.
func (s *speaker) shows(what string, is func(*control.Window) bool) control.Window {
	s.t.Helper()
	var found control.Window
	s.Until(what, func() bool {
		for _, w := range s.Windows() {
			if is(&w) && w.FrameSeq > 0 {
				found = w
				return true
			}
		}
		return false
	})
	return found
}

// TestSentencesStartPrograms that are real ones.
func TestSentencesStartPrograms(t *testing.T) {
	Need(t, "foot")
	s := speak(t, nil)
	s.did(s.say("open foot"), "app.open", "launch")
	s.shows("foot", func(w *control.Window) bool { return w.AppID == "foot" })
	s.photo("foot")
	s.did(s.say("what is using my memory"), "ask.memory", "SHOW_PROCESS_EXPLORER")
	s.shows("what is running", func(w *control.Window) bool { return w.AppID == "org.rayos.ProcessExplorer" })
	s.photo("explorer")
}

// lab is a machine that is looked at: all of it is of one colour.
func lab(t *testing.T) (display int) {
	t.Helper()
	const size = 320
	screen, err := rfbserver.NewScreen(geom.Size{W: size, H: size})
	if err != nil {
		t.Fatal(err)
	}
	pix := make([]byte, 4*size*size)
	for i := 0; i < len(pix); i += 4 {
		binary.LittleEndian.PutUint32(pix[i:], 0xff<<24|labColor)
	}
	all := geom.RegionOf(screen.Size().Rect())
	if err := screen.Update(pix, 4*size, &all); err != nil {
		t.Fatal(err)
	}
	srv, err := rfbserver.New(screen, rfbserver.Options{
		Name: "lab", Log: slog.New(slog.DiscardHandler), Seat: rfbserver.Look,
	})
	if err != nil {
		t.Fatal(err)
	}
	var ln net.Listener
	for display = 1; display < 90; display++ {
		if ln, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 5900+display)); err == nil {
			break
		}
	}
	if err != nil {
		t.Skip("no port of VNC is free on the loopback: ", err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { _ = srv.Serve(t.Context(), conn) }() // ends with the viewer
		}
	}()
	return display
}

const labColor = 0x2f7d4b

// TestASentenceShowsAnotherScreen: "run vnc lab:1" with a host of that name.
func TestASentenceShowsAnotherScreen(t *testing.T) {
	Need(t, "unshare", "mount")
	if out, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
		t.Skipf("the name lab needs a mount namespace: %v %s", err, out)
	}
	display := lab(t)
	hosts := filepath.Join(t.TempDir(), "hosts")
	if err := os.WriteFile(hosts, []byte("127.0.0.1 localhost lab\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path, err := exec.LookPath("unshare")
	if err != nil {
		t.Fatal(err)
	}
	s := speak(t, []string{path, "-rm", "sh", "-c", `mount --bind "$0" /etc/hosts && exec "$@"`, hosts})
	list := s.say(fmt.Sprintf("run vnc lab:%d", display))
	last := list[len(list)-1]
	if last.Status != envelope.Completed.String() || last.Did == nil || last.Did.What != "RUN_RAYAPP" {
		t.Errorf("acknowledged as %+v, %+v\n%s", last, last.Did, s.Log())
	}
	w := s.shows("the viewer", func(w *control.Window) bool { return w.AppID == "org.rayos.VNC" })
	s.Until("the other screen", func() bool { _, n := s.Shoot(Args{"window": w.ID}).Find(labColor); return n > 10000 })
	s.photo("lab")
}
