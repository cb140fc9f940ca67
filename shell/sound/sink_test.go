package sound

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"rayos/internal/pulse"
)

// sinkPacket is the answer about an output with volumes.
func sinkPacket(volumes []uint32, muted bool) []byte {
	w := &pulse.Writer{}
	w.U32(7)
	w.Str("sink")
	w.Str("A sink")
	w.Spec(pulse.S16LE, byte(len(volumes)), 44100)
	w.Map(make([]byte, len(volumes))...)
	w.U32(1)
	w.Volumes(volumes)
	w.Bool(muted)
	w.U32(9) // what follows is of no interest
	return w.B
}

func TestParseSink(t *testing.T) {
	good := sinkPacket([]uint32{pulse.Norm / 2, pulse.Norm / 4}, true)
	k, err := parseSink(good)
	if err != nil || !slices.Equal(k.volumes, []uint32{pulse.Norm / 2, pulse.Norm / 4}) || k.state() != (State{Level: 0.5, Muted: true}) {
		t.Errorf("%+v, %v", k, err)
	}
	none := bytes.Replace(good, []byte("tsink\x00"), []byte("N"), 1)
	if _, err := parseSink(none); err != nil {
		t.Error("a name may be none:", err)
	}
	for n := range len(good) - 5 {
		if _, err := parseSink(good[:n]); !errors.Is(err, pulse.ErrPacket) {
			t.Errorf("%d bytes of it: %v; want ErrPacket", n, err)
		}
	}
	for name, p := range map[string][]byte{
		"no channels":       bytes.Replace(good, []byte{'m', 2, 0, 0}, []byte{'m', 0}, 1),
		"too many channels": sinkPacket(make([]uint32, 33), false),
		"a long name":       bytes.Replace(good, []byte("tsink\x00"), []byte("t"+strings.Repeat("x", 5000)+"\x00"), 1),
		"another type":      append([]byte{'B'}, good[1:]...),
	} {
		if _, err := parseSink(p); !errors.Is(err, pulse.ErrPacket) {
			t.Errorf("%s: %v; want ErrPacket", name, err)
		}
	}
}

func TestChange(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	yes := true
	for _, c := range []struct {
		name   string
		from   State
		change Change
		want   State
	}{
		{"nothing", State{Level: 0.4, Muted: true}, Change{}, State{Level: 0.4, Muted: true}},
		{"up", State{Level: 0.5, Muted: false}, Change{By: 0.25}, State{Level: 0.75, Muted: false}},
		{"up to the end", State{Level: 0.9, Muted: false}, Change{By: 0.25}, State{Level: 1, Muted: false}},
		{"up when it is beyond", State{Level: 1.25, Muted: false}, Change{By: 0.25}, State{Level: 1.25, Muted: false}},
		{"up when it is muted", State{Level: 0.5, Muted: true}, Change{By: 0.25}, State{Level: 0.75, Muted: false}},
		{"down", State{Level: 1.25, Muted: true}, Change{By: -0.25}, State{Level: 1, Muted: true}},
		{"down to the end", State{Level: 0.1, Muted: false}, Change{By: -0.25}, State{Level: 0, Muted: false}},
		{"set", State{Level: 0.1, Muted: true}, Change{Set: at(0.5)}, State{Level: 0.5, Muted: true}},
		{"set too high", State{Level: 0.1, Muted: false}, Change{Set: at(9)}, State{Level: Most, Muted: false}},
		{"set too low", State{Level: 0.1, Muted: false}, Change{Set: at(-1)}, State{Level: 0, Muted: false}},
		{"toggle", State{Level: 0.5, Muted: false}, Change{Toggle: true}, State{Level: 0.5, Muted: true}},
		{"mute what is", State{Level: 0.5, Muted: true}, Change{Mute: &yes}, State{Level: 0.5, Muted: true}},
	} {
		k := sink{volumes: []uint32{uint32(c.from.Level * pulse.Norm), uint32(c.from.Level * pulse.Norm / 2)}, muted: c.from.Muted}
		from := k.state()
		if to, ok := c.change.level(from.Level); ok {
			k.scale(to)
		}
		k.muted = c.change.muted(k.muted)
		got := k.state()
		if d := got.Level - c.want.Level; d > 1e-4 || d < -1e-4 || got.Muted != c.want.Muted {
			t.Errorf("%s: %+v; want %+v", c.name, got, c.want)
		}
		if c.want.Level > 0 {
			if half := k.volumes[0] / 2; k.volumes[1] > half+16 || k.volumes[1]+16 < half {
				t.Errorf("%s: the balance is lost: %v", c.name, k.volumes)
			}
		}
	}
}

func FuzzSink(f *testing.F) {
	f.Add(sinkPacket([]uint32{pulse.Norm, pulse.Norm}, false))
	f.Add(sinkPacket([]uint32{0}, true))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := parseSink(b)
		if err != nil {
			return
		}
		if len(k.volumes) < 1 || len(k.volumes) > 32 {
			t.Errorf("%d channels", len(k.volumes))
		}
		k.scale(0.5)
		for _, v := range k.volumes {
			if v > pulse.Norm/2+1 {
				t.Errorf("half of it is %d", v)
			}
		}
	})
}
