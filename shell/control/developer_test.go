package control_test

import (
	"slices"
	"testing"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestDeveloperCommands(t *testing.T) {
	for _, tt := range []struct {
		words []string
		want  string
	}{
		{[]string{"overlay", "frames", "on"}, "overlay true"},
		{[]string{"overlay", "frames", "off"}, "overlay false"},
		{[]string{"dev", "scanout", "show", "--size", "64x48"}, "dev scanout 64x48"},
		{[]string{"dev", "scanout", "show"}, "dev scanout " + geom.Size{}.String()},
		{[]string{"dev", "scanout", "hide"}, "dev scanout hide"},
		{[]string{"dev", "scanout", "stop"}, "dev scanout stop"},
	} {
		c, args := control.Lookup(tt.words)
		if c == nil {
			t.Fatalf("there is no command %q", tt.words)
		}
		v, err := c.ParseWords(args)
		if err != nil {
			t.Fatalf("%q: %v", tt.words, err)
		}
		s := &controltest.Session{}
		c.Start(s, v, func(_ any, err error) {
			if err != nil {
				t.Errorf("%q: %v", tt.words, err)
			}
		})
		if !slices.Equal(s.Log, []string{tt.want}) {
			t.Errorf("%q did %q; want %q", tt.words, s.Log, tt.want)
		}
	}
}
