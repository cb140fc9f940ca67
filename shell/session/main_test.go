package session

import (
	"bytes"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/surfaces/seat/xkb"
)

func specOf(name string) control.OutputSpec {
	return control.OutputSpec{Name: name, Size: geom.Size{W: 640, H: 480}, Scale: geom.ScaleOne}
}

func TestCommandLineErrors(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--no-such-flag"}, "--help lists the flags"},
		{[]string{"--output", "wide"}, "want WIDTHxHEIGHT"},
		{[]string{"--renderer", "magic"}, "use auto, software, gl"},
		{[]string{"--headless", "--display", "window"}, "leave one away"},
		{[]string{"--", "no-such-program"}, "not found"},
	} {
		var out, errs bytes.Buffer
		if code := Main(tc.args, &out, &errs); code != 2 {
			t.Errorf("Main(%q) = %d; want 2", tc.args, code)
		}
		if line := errs.String(); !strings.Contains(line, tc.want) || strings.Count(line, "\n") != 1 {
			t.Errorf("Main(%q) says %q; want one line with %q", tc.args, line, tc.want)
		}
	}
}

func TestVersionAndHelp(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main([]string{"--version"}, &out, &errs); code != 0 || !strings.Contains(out.String(), Version) {
		t.Errorf("--version: code %d, %q", code, out.String())
	}
	if code := Main([]string{"--help"}, &out, &errs); code != 0 || !strings.Contains(errs.String(), "-headless") {
		t.Errorf("--help: code %d, %q", code, errs.String())
	}
}

func TestTextThatTheLayoutLacksGetsItsOwnKeymap(t *testing.T) {
	const text = "Zażółć λ 😀\n"
	if _, ok := keysFor(xkb.Builtin(), text); ok {
		t.Error("the us layout claims to have all of it")
	}
	km, codes, err := textKeymap(text)
	if err != nil {
		t.Fatal(err)
	}
	st := xkb.NewState(km)
	var got []byte
	for _, r := range text {
		got = st.AppendUTF8(got, codes[r])
	}
	if want := strings.ReplaceAll(text, "\n", "\r"); string(got) != want {
		t.Errorf("typed %q; want %q", got, want)
	}
}

func TestTypedTextReachesTheFocusedWindow(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	c.open(small)
	c.keys = nil
	if err := d.ctl.Type("aB"); err != nil {
		t.Fatal(err)
	}
	d.talk()
	want := "key 30 pressed,key 30 released,key 42 pressed,key 48 pressed,key 48 released,key 42 released"
	if got := strings.Join(c.keys, ","); got != want {
		t.Errorf("keys = %s; want %s", got, want)
	}
}
