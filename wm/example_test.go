package wm_test

import (
	"fmt"

	"rayos/geom"
	"rayos/wm"
)

func Example() {
	s := wm.New(wm.DefaultConfig())
	for _, op := range []wm.Op{
		wm.AddOutput{ID: 1, Name: "HEADLESS-1", Rect: geom.XYWH(0, 0, 1280, 720)},
		wm.Map{ID: 7, AppID: "foot", Size: geom.Size{W: 640, H: 480}, Decorated: true, Activate: true},
		wm.Snap{ID: 7, Zone: wm.ZoneLeft},
	} {
		next, err := s.Apply(op)
		if err != nil {
			fmt.Println(err)
			return
		}
		s = next
	}
	for _, p := range s.Arrange(nil) {
		fmt.Println(p.Frame, p.Configure, p.Tiled)
	}
	// Output: 640x720+0+0 636x684 top-bottom-left
}

func ExampleState_Preview() {
	s := wm.New(wm.DefaultConfig())
	s, err := s.Apply(wm.AddOutput{ID: 1, Name: "HEADLESS-1", Rect: geom.XYWH(0, 0, 1280, 720)})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := s.Preview(wm.Map{ID: 7, Zone: wm.ZoneMax, Decorated: true})
	fmt.Println(p.Configure, p.Maximized, s.Len(), err)
	// Output: 1280x686 true 0 <nil>
}
