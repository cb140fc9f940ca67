package main

import (
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	o, err := parse([]string{"-quick", "--only", "sync,commit", "--soak=1h", "--rayos", ""}, io.Discard)
	if err != nil || !o.quick || o.only != "sync,commit" || o.soak != time.Hour || o.rayos != "" || o.json != "build/bench.json" {
		t.Errorf("parse = %+v, %v", o, err)
	}
	if _, err := parse([]string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("parse -h = %v; want flag.ErrHelp", err)
	}
}

func TestWrongUseIsOneClearLine(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"weston"}, `unexpected argument "weston"`},
		{[]string{"--quick", "--long"}, "exclude each other"},
		{[]string{"--speed"}, "not defined: -speed"},
		{[]string{"--rayos", "/nonexistent/rayos-session"}, "make build"},
		{[]string{"--rayos", "", "--peers", "kwin"}, "nothing to measure"},
		{[]string{"--rayos", "", "--only", "synk"}, `no probe starts with "synk"`},
	} {
		err := run(tc.args, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("run(%q) = %v; want one line with %q", tc.args, err, tc.want)
		}
	}
}
