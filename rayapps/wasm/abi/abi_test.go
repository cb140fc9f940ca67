package abi

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
)

var toGuest = []Message{
	&Configure{
		Size: geom.Size{W: 320, H: 200}, Scale: 150, Scheme: 1, Accent: 0xff5aa9ff, Still: true, RTL: true, Visible: true, Active: true,
		Language: "ar_EG", Zone: "CET", Offset: 3600,
	},
	&Begin{Again: true, Saved: []byte("state"), Open: []string{"a", "tally:7"}},
	&Event{&ui.Pointer{Kind: ui.PointerScroll, Button: ui.RightButton, Pos: geom.FPoint{X: 1.5, Y: -2}, Scroll: geom.FPoint{Y: 15}, Mods: ui.Ctrl, Touch: true}},
	&Event{&ui.Keystroke{Sym: ui.KeyEnter, Text: "\n", Mods: ui.Shift, Release: true, Repeat: true}},
	&Event{&ui.Preedit{Text: "ni", Start: -1, End: 2}},
	&Event{&ui.Commit{Text: "你"}},
	&Event{&ui.Delete{Before: 1, After: 2}},
	&Event{&ui.Paste{Text: "pasted"}},
	&Act{ID: 7, Action: ui.DoSetValue, Value: "x"},
	&Drawn{}, &Open{Names: []string{"b"}}, &Close{}, &Save{}, &Stop{},
}

var toHost = []Message{
	&Hello{Version: Version, Title: "Clock", Size: geom.Size{W: 320, H: 400}, MinSize: geom.Size{W: 1, H: 2}},
	&Present{
		List: []byte("list"), Shape: ui.CursorText,
		Input: ui.IME{Enabled: true, Rect: geom.XYWH(1, 2, 3, 4), Text: "text", Caret: 1, Anchor: 2, Purpose: ui.ForURL, Multiline: true},
		Info: []*ui.Info{{
			ID: 3, Role: ui.RoleSlider, Name: "Volume", Description: "of all", Value: "30 %", Range: ui.Range{Max: 100, Now: 30, Step: 5},
			Traits: ui.IsFocused, Actions: []ui.Action{ui.DoIncrease, ui.DoDecrease}, Bounds: geom.XYWH(-1, 0, 5, 6), Index: 1, Count: 2,
			Level: 3, Caret: 4, Anchor: 5, Children: []*ui.Info{{ID: 4, Role: ui.RoleLabel}},
		}},
	},
	&Present{Same: true},
	&Title{Text: "12:00"}, &Saved{Has: true, Data: []byte("s")}, &Copy{Text: "copied"}, &Request{}, &Kept{}, &End{},
}

// TestMessagesComeBack: what is written is read, whole and on the right side alone.
func TestMessagesComeBack(t *testing.T) {
	for _, side := range []struct {
		list        []Message
		own, theirs func([]byte) (Message, error)
	}{{toGuest, ToGuest, ToHost}, {toHost, ToHost, ToGuest}} {
		for _, m := range side.list {
			data := Append(nil, m)
			got, err := side.own(data)
			if err != nil || !reflect.DeepEqual(settled(got), settled(m)) {
				t.Errorf("%#v came back as %#v, %v", m, got, err)
			}
			if _, err := side.theirs(data); !errors.Is(err, ErrMessage) {
				t.Errorf("%T is taken by who sends it", m)
			}
			for n := range data {
				if _, err := side.own(data[:n]); err == nil {
					t.Errorf("%T: the first %d bytes of %d are taken", m, n, len(data))
				}
			}
			if _, err := side.own(append(data, 0)); err == nil {
				t.Errorf("%T goes on after its end", m)
			}
		}
	}
}

// settled has nil for what is empty, as a reader can't tell them apart.
func settled(m Message) Message {
	switch m := m.(type) {
	case *Present:
		c := *m
		if len(c.List) == 0 {
			c.List = nil
		}
		return &c
	}
	return m
}

// TestLimits: what a person could mean is cut, what nobody can mean is refused.
func TestLimits(t *testing.T) {
	long := &Title{Text: strings.Repeat("é", maxName)}
	got, err := ToHost(Append(nil, long))
	if err != nil || len(got.(*Title).Text) > maxName || !strings.HasPrefix(long.Text, got.(*Title).Text) {
		t.Errorf("a long title: %v", err)
	}
	deep := &Present{}
	for at, n := &deep.Info, 0; n < 2*maxDepth; n++ {
		i := &ui.Info{ID: uint64(n)}
		*at = []*ui.Info{i}
		at = &i.Children
	}
	if _, err := ToHost(Append(nil, deep)); err != nil {
		t.Errorf("a deep tree: %v", err)
	}
	wide := &Present{}
	for range 2 * maxInfos {
		wide.Info = append(wide.Info, &ui.Info{})
	}
	if got, err := ToHost(Append(nil, wide)); err != nil || len(got.(*Present).Info) != maxInfos {
		t.Errorf("a wide tree: %v", err)
	}
	for what, m := range map[string]Message{
		"a size":     &Configure{Size: geom.Size{W: -1}, Scale: 120},
		"a scale":    &Configure{},
		"a scheme":   &Configure{Scale: 120, Scheme: 200},
		"a position": &Event{&ui.Pointer{Pos: geom.FPoint{X: math.NaN()}}},
		"a kind":     &Event{&ui.Pointer{Kind: 77}},
		"an action":  &Act{Action: 99},
	} {
		if _, err := ToGuest(Append(nil, m)); !errors.Is(err, ErrMessage) {
			t.Errorf("%s of no meaning: %v", what, err)
		}
	}
	if err := (&Hello{Version: Version + 1}).Check(); err == nil {
		t.Error("another version is taken")
	}
}

func FuzzToHost(f *testing.F) { fuzz(f, toHost, ToHost) }

func FuzzToGuest(f *testing.F) { fuzz(f, toGuest, ToGuest) }

func fuzz(f *testing.F, seeds []Message, read func([]byte) (Message, error)) {
	for _, m := range seeds {
		f.Add(Append(nil, m))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := read(data)
		if err != nil {
			return
		}
		again, err := read(Append(nil, m))
		if err != nil || !reflect.DeepEqual(settled(again), settled(m)) {
			t.Errorf("%#v is written as %#v, %v", m, again, err)
		}
	})
}
