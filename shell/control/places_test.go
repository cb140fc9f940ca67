package control_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestWindowsAt(t *testing.T) {
	c, args := control.Lookup(strings.Fields("windows at 10,20 -5.5,3 0,0,30x40"))
	if c == nil || c.Name != "windows at" {
		t.Fatalf("%v; want windows at", c)
	}
	v, err := c.ParseWords(args)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c.Start(&controltest.Session{}, v, func(result any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		if later, ok := result.(control.Later); ok {
			if result, err = later(); err != nil {
				t.Fatal(err)
			}
		}
		b, err := json.Marshal(result)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Print(&out, b); err != nil {
			t.Fatal(err)
		}
	})
	want := "PLACE        WINDOWS  TOP  APP-ID  TITLE\n10,20        1        7    foot    ~\n-5.5,3       1        7    foot    ~\n0,0,30x40    2        7    foot    ~\n"
	if got := strings.Join(strings.Fields(out.String()), " "); got != strings.Join(strings.Fields(want), " ") {
		t.Errorf("prints\n%s; want\n%s", out.String(), want)
	}
	for _, bad := range []string{"", "1", "1,2,3x0", "x", "1,nan", "9999999,1", "1,2,3,4x5", strings.Repeat("1,1 ", 8193)} {
		c, args := control.Lookup(append([]string{"windows", "at"}, strings.Fields(bad)...))
		v, err := c.ParseWords(args)
		if err == nil {
			c.Start(&controltest.Session{}, v, func(_ any, e error) { err = e })
		}
		if err == nil {
			t.Errorf("windows at %.30q is taken", bad)
		}
	}
}
