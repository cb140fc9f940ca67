package control_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestS1(t *testing.T) {
	for _, tt := range []struct {
		line   string
		called []string
		want   string
	}{
		{"s1 start", []string{"s1 start"}, "running=true depth=0 enq=0 drop=0 done=0 last=- gpu=0 replayed=0 dispatches=0 slow=0 timeouts=0 lost=0 p50_us=0 p99_us=0\nbackend cpu (there is no GPU)\n"},
		{"s1 stop", []string{"s1 stop"}, "running=false depth=0 enq=0 drop=0 done=0 last=- gpu=0 replayed=0 dispatches=0 slow=0 timeouts=0 lost=0 p50_us=0 p99_us=0\n"},
		{"s1 stats", nil, "running=true depth=1 enq=5 drop=2 done=4 last=trace gpu=0 replayed=0 dispatches=0 slow=0 timeouts=0 lost=0 p50_us=0 p99_us=0\nbackend cpu\nkernel trace tasks=4 items=70 gpu=1\nadapter 0 x\nroute trace\n"},
	} {
		c, args := control.Lookup(strings.Fields(tt.line))
		if c == nil {
			t.Fatalf("there is no %q", tt.line)
		}
		v, err := c.ParseWords(args)
		if err != nil {
			t.Fatal(err)
		}
		s := &controltest.Session{}
		c.Start(s, v, func(result any, err error) {
			if err != nil {
				t.Fatalf("%s: %v", tt.line, err)
			}
			b, err := json.Marshal(result)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := c.Print(&out, b); err != nil {
				t.Fatal(err)
			}
			if out.String() != tt.want {
				t.Errorf("%s prints %q; want %q", tt.line, out.String(), tt.want)
			}
		})
		if !slices.Equal(s.Log, tt.called) {
			t.Errorf("%s did %q; want %q", tt.line, s.Log, tt.called)
		}
	}
	c, args := control.Lookup([]string{"s1", "dance"})
	if _, err := c.ParseWords(args); err == nil {
		t.Error("s1 dance is a command")
	}
}
