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
		{[]string{"taskbar", "quick-settings", "on"}, "taskbar quick-settings on"},
		{[]string{"capture", "region", "--at-once"}, "capture region true"},
		{[]string{"record", "start", "/x.png", "--output", "A-1"}, "record /x.png A-1"},
		{[]string{"record", "stop"}, "record stop"},
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

func TestRegionOfAScreenshot(t *testing.T) {
	for _, c := range []struct {
		words []string
		ok    bool
	}{
		{[]string{"screenshot", "--region", "10,-20,30x40", "-"}, true},
		{[]string{"screenshot", "--region", "10,20,30x40 ", "-"}, false},
		{[]string{"screenshot", "--region", "10,20,30", "-"}, false},
		{[]string{"screenshot", "--region", "10,20,0x40", "-"}, false},
		{[]string{"screenshot", "--region", "10,20,99999999x40", "-"}, false},
		{[]string{"screenshot", "--region", "10,20,3x4", "--output", "A-1", "-"}, false},
	} {
		cmd, args := control.Lookup(c.words)
		v, err := cmd.ParseWords(args)
		if err != nil {
			t.Fatal(err)
		}
		told := false
		cmd.Start(&controltest.Session{}, v, func(_ any, err error) {
			told = true
			if (err == nil) != c.ok {
				t.Errorf("%q: %v", c.words, err)
			}
		})
		if !told {
			t.Errorf("%q: no answer", c.words)
		}
	}
}
