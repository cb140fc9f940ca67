package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/osd"
	"rayos/surfaces/seat"
)

func TestTheDisplaySaysWhatKeysDo(t *testing.T) {
	d := barDesk(t)
	d.connect().open(geom.Size{W: 780, H: 500})
	d.pass(200 * time.Millisecond)
	p := &d.session.osd
	if p.shown() {
		t.Fatal("it is shown though nothing happened")
	}
	d.key("super+2")
	d.pass(200 * time.Millisecond)
	place := geom.Rect{}
	if p.shown() {
		place = p.panel.Strip()
	}
	if place != geom.XYWH((800-osd.Width)/2, 600-40-osd.Above-osd.Height, osd.Width, osd.Height) {
		t.Fatalf("another workspace: it is at %v", place)
	}
	d.key("super+1")
	d.pass(200 * time.Millisecond)
	// What is below it gets the input.
	if err := d.ctl.PointerMove(geom.FPoint{X: float64(place.X0 + 20), Y: float64(place.Y0 + 20)}, false); err != nil {
		t.Fatal(err)
	}
	var below seat.Focus
	if below = d.session.seat.PointerFocus(); p.owns(below) {
		t.Error("it takes input")
	}
	d.pass(osd.Lasts - 400*time.Millisecond)
	if !p.shown() {
		t.Error("it goes too early")
	}
	d.pass(400 * time.Millisecond)
	if p.shown() {
		t.Error("it stays")
	}
	d.key("Caps_Lock")
	d.pass(100 * time.Millisecond)
	if !p.shown() {
		t.Error("Caps Lock says nothing")
	}
	d.key("Caps_Lock")
	d.pass(2 * time.Second)
	d.lock()
	d.pass(200 * time.Millisecond)
	p.say("volume", osd.Volume(0.5, false))
	if p.shown() {
		t.Error("it is shown over the lock")
	}
}
