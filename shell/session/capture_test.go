package session

import (
	"strings"
	"testing"
	"time"

	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestCapturedWindowsAreNotToldToRest(t *testing.T) {
	d := newDesk(t)
	w := d.connect().prepare(small)
	w.show()
	c := d.connect()
	list, wins := &client.ExtForeignToplevelListV1{}, &client.ExtForeignToplevelImageCaptureSourceManagerV1{}
	m := &client.ExtImageCopyCaptureManagerV1{}
	var handle *client.ExtForeignToplevelHandleV1
	list.OnToplevel = func(h *client.ExtForeignToplevelHandleV1) { handle = h }
	c.bind(list, &protocol.ExtForeignToplevelListV1Interface, 1)
	c.bind(wins, &protocol.ExtForeignToplevelImageCaptureSourceManagerV1Interface, 1)
	c.bind(m, &protocol.ExtImageCopyCaptureManagerV1Interface, 1)
	d.talk()
	if err := d.ctl.SetState(w.id, control.Minimize); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 10)
	rests := func() bool { return strings.Contains(w.configures[len(w.configures)-1], "suspended") }
	if !rests() {
		t.Fatalf("minimised, the window was told %v", w.configures)
	}
	s := m.CreateSession(wins.CreateSource(handle), 0)
	d.pass(time.Second / 10)
	if rests() {
		t.Errorf("captured, the window was told %v; want to go on", w.configures)
	}
	s.Destroy()
	d.pass(time.Second / 10)
	if !rests() {
		t.Errorf("captured no more, the window was told %v; want to rest", w.configures)
	}
}
