package control_test

import (
	"slices"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestDeskCommands(t *testing.T) {
	for _, tt := range []struct {
		words []string
		want  string
	}{
		{[]string{"switcher", "next"}, "switcher next false"},
		{[]string{"switcher", "previous", "--app"}, "switcher previous true"},
		{[]string{"switcher", "take"}, "switcher take false"},
		{[]string{"overview", "toggle"}, "overview toggle"},
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
