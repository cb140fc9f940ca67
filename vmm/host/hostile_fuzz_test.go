package host

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"rayos/geom"
	"rayos/vmm/qemu"
)

// FuzzClientLine has a rayos-vm say anything to a session.
func FuzzClientLine(f *testing.F) {
	for _, v := range []any{Event{Event: EventState, State: "running"}, Answer{ID: 1, OK: true, Status: &Status{Ready: []string{"agent"}}}, Answer{ID: 1, Error: ErrState}} {
		line, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		answer := make(chan Answer, 1)
		c := &Client{events: make(chan Event, 2), waiting: map[uint64]chan Answer{1: answer}}
		for range 2 { // nobody waits for the second
			if c.line(line) != nil {
				return
			}
		}
		if len(answer)+len(c.events) > 2 || len(c.waiting) > 1 {
			t.Errorf("%d answers, %d events", len(answer), len(c.events))
		}
	})
}

// FuzzScreen has a guest change its size, flip and draw parts in any order while
// a compositor takes and releases pictures: it sees what the guest shows.
func FuzzScreen(f *testing.F) {
	f.Add([]byte{0, 10, 10, 1, 0, 0, 2, 3, 1, 1, 4, 2, 2})
	f.Add([]byte{0, 30, 20, 2, 1, 5, 5, 3, 2, 1, 9, 9, 2, 0, 7, 7, 2, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &screen{log: slog.New(slog.DiscardHandler), onSize: func(geom.Size) {}}
		defer s.close()
		var p qemu.Picture
		var shows []byte
		var held []*picture
		var damage geom.Region
		next := func() int {
			if len(data) == 0 {
				return 0
			}
			v := int(data[0])
			data = data[1:]
			return v
		}
		for step := 1; len(data) > 0 && step < 200; step++ {
			switch next() % 4 {
			case 0:
				p = qemu.Picture{Size: geom.Size{W: int32(1 + next()%32), H: int32(1 + next()%32)}}
				p.Stride = 4 * int(p.Size.W)
				shows = bytes.Repeat([]byte{byte(step)}, p.Stride*int(p.Size.H))
				s.Scanout(p, shows)
			case 1:
				r := geom.XYWH(int32(next()%32), int32(next()%32), int32(1+next()%8), int32(1+next()%8))
				if r = r.Intersect(p.Size.Rect()); r.Empty() {
					continue
				}
				for y := r.Y0; y < r.Y1; y++ {
					for x := 4 * r.X0; x < 4*r.X1; x++ {
						shows[int(y)*p.Stride+int(x)] = byte(step)
					}
				}
				s.Update(r, p.Stride, shows[int(r.Y0)*p.Stride+4*int(r.X0):])
			case 2:
				if pic := s.take(&damage); pic != nil {
					if pic.size != p.Size || !holds(pic, p, shows) {
						t.Fatalf("step %d: a picture of %v is not what the guest shows, %v", step, pic.size, p.Size)
					}
					held = append(held, pic)
				}
			case 3:
				if len(held) > 0 {
					s.released(held[0])
					held = held[1:]
				}
			}
		}
	})
}
