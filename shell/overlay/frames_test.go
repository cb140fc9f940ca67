package overlay

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/golden"
	"rayos/shell/theme"
)

func view(frames int) *View {
	v := &View{
		Output: "HEADLESS-1", Size: geom.Size{W: 1920, H: 1080}, Refresh: time.Second / 60, Rate: 59.6, Scale: 120,
		Guests: []Guest{
			{Name: "Linux desktop", Trust: theme.Linux, Received: 1201, Shown: 1180, Dropped: 21, Rate: 60},
			{Name: "Windows desktop", Trust: theme.Windows, Received: 7, Shown: 7},
		},
	}
	for i := range frames {
		f := Frame{Draw: time.Duration(1+i*i%7) * time.Millisecond, Damage: float64(i%10) / 20}
		if i%50 == 30 {
			f.Draw = 11 * time.Millisecond
		}
		if i%70 == 20 {
			f.Draw = 25 * time.Millisecond
		}
		v.Frames = append(v.Frames, f)
	}
	return v
}

func TestFramesLook(t *testing.T) {
	for _, scale := range []geom.Scale{120, 180, 240} {
		for _, scheme := range []theme.Scheme{theme.Dark, theme.Light} {
			v := view(200)
			v.Scale, v.Scheme = scale, scheme
			px, size := New(nil).Frames(v)
			if px.Size() != scale.ApplyRect(size.Rect()).Size() {
				t.Errorf("%v pixels for %v at %v", px.Size(), size, scale)
			}
			golden.Pixels(t, fmt.Sprintf("frames-%v-%v", scale.Float(), scheme), px)
		}
	}
	few := view(9)
	few.Guests = nil
	px, _ := New(nil).Frames(few)
	golden.Pixels(t, "frames-few", px)
}

func TestFramesOfAnything(t *testing.T) {
	for _, v := range []*View{
		{},
		{Frames: []Frame{{Draw: -1, Damage: -1}, {Draw: 1 << 62}}, Refresh: -1},
		{Output: strings.Repeat("x", 500), Guests: make([]Guest, 50), Scale: 500},
		{Guests: []Guest{{Name: "\x00\u202e", Trust: theme.Unknown}}, Scale: 1},
	} {
		if px, size := New(nil).Frames(v); px.Size().Empty() || size.H > 400 {
			t.Errorf("%+v is %v", v, size)
		}
	}
}

func TestSummary(t *testing.T) {
	list := append([]Frame{{Draw: time.Hour}}, view(History).Frames...)
	list[History] = Frame{Draw: 3, Damage: 0.5}
	if last, worst, damage := summary(list); last != 3 || worst != 25*time.Millisecond || damage != 0.5 {
		t.Errorf("last %v, worst %v, damage %v", last, worst, damage)
	}
}
