package guest

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// FuzzConsole has somebody type anything. Each line is answered by lines of the
// agent's words, or not at all.
func FuzzConsole(f *testing.F) {
	f.Add([]byte("PING\n\nSURFACE_TEST\r\nLAUNCH_APP:foot\nDRAW:1:x\nDRAW:0:0\nTONE:440:10\nTONE:x\n"))
	f.Add(append(bytes.Repeat([]byte("x"), 2*maxLine), '\n'))
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte("SHUTDOWN")) {
			return // it would
		}
		s := &system{log: io.Discard}
		s.drawing.Store(true) // a machine with a screen is to stay as it is
		s.playing.Store(true) // and a loudspeaker silent
		var out strings.Builder
		if err := s.console(bytes.NewReader(text), &out); err != io.EOF {
			t.Fatalf("console = %v", err)
		}
		for line := range strings.Lines(out.String()) {
			if !strings.HasPrefix(line, "RAYOS_LINUX_") && !strings.HasPrefix(line, "P3\n") && strings.Trim(line, "0123456789 \n") != "" {
				t.Errorf("said %q to %q", line, text)
			}
		}
	})
}
