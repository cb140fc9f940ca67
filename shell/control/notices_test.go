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

// runLine carries a line of words out on a fake session, and prints the result.
func runLine(t *testing.T, line string) (log []string, out string, err error) {
	t.Helper()
	words := strings.Fields(line)
	c, rest := control.Lookup(words)
	if c == nil {
		t.Fatalf("there is no command in %q", line)
	}
	v, err := c.ParseWords(rest)
	if err != nil {
		return nil, "", err
	}
	s := controltest.New()
	var b bytes.Buffer
	c.Start(s, v, func(result any, e error) {
		if err = e; err != nil {
			return
		}
		raw, merr := json.Marshal(result)
		if merr == nil {
			merr = c.Print(&b, raw)
		}
		if merr != nil {
			t.Errorf("%s: %v", line, merr)
		}
	})
	return s.Log, b.String(), err
}

func TestNoticesAndMedia(t *testing.T) {
	for _, c := range []struct{ line, log, out string }{
		{"notify list", "", "hello"},
		{"notify clear", "notify clear", ""},
		{"notify dismiss 2", "notify dismiss 2", ""},
		{"notify invoke 2 open", "notify invoke 2 open", ""},
		{"notify dnd on", "notify quiet true", ""},
		{"notify dnd off", "notify quiet false", ""},
		{"notify drawer open", "notify drawer true", ""},
		{"notify drawer close", "notify drawer false", ""},
		{"tray list", "", "mail"},
		{"tray press mail", "tray mail left", ""},
		{"tray press mail middle", "tray mail middle", ""},
		{"tray scroll mail 0 -1.5", "tray mail 0,-1.5", ""},
		{"tray menu mail", "tray menu mail", "    4       Quit (disabled)\n"},
		{"tray click mail 4", "tray mail line 4", ""},
		{"output set HEADLESS-1 --position=-20,30", "output HEADLESS-1 at {-20 30}", ""},
		{"launcher on", "launcher on", ""},
		{"launcher toggle", "launcher toggle", ""},
		{"undo", "undo", ""},
		{"tile off", "tile off", ""},
		{"layouts", "", "* 0  English"},
		{"layout", "layout -1", ""},
		{"layout next", "layout -1", ""},
		{"layout 1", "layout 1", ""},
		{"players", "", "playing"},
		{"player next", "player next", ""},
		{"volume", "volume false 0", "40%\n"},
		{"volume mute", "volume false 0", "40%, muted\n"},
		{"volume unmute", "volume false 0", "40%\n"},
		{"volume toggle", "volume false 0", "40%\n"},
		{"volume 55", "volume true 0", "40%\n"},
		{"volume 55%", "volume true 0", "40%\n"},
		{"volume +5", "volume false 0.05", "40%\n"},
		{"volume -5", "volume false -0.05", "40%\n"},
		{"microphone", "microphone false false", "on\n"},
		{"microphone mute", "microphone true false", "muted\n"},
		{"microphone unmute", "microphone true false", "on\n"},
		{"microphone toggle", "microphone false true", "on\n"},
		{"brightness -10", "brightness false -0.1", "40%\n"},
	} {
		log, out, err := runLine(t, c.line)
		if err != nil || c.log != "" && !slices.Contains(log, c.log) || !strings.Contains(out, c.out) || strings.Contains(out, "\x1b") {
			t.Errorf("%s: %v, log %q, prints %q", c.line, err, log, out)
		}
	}
	for _, line := range []string{"notify invoke 2", "notify dnd maybe", "notify dismiss -1", "player dance", "volume loud", "volume 500", "volume NaN", "layout -1", "layout x", "tray click mail", "tray press", "brightness mute"} {
		if _, _, err := runLine(t, line); err == nil {
			t.Errorf("%s: it was done", line)
		}
	}
}
