package rfb

import (
	"strings"
	"testing"
)

// Sound is asked for when the server has told that it has some, once, and comes in
// whole frames.
func TestAudio(t *testing.T) {
	const told = "\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xfe\xfd"
	const asked = "\xff\x01\x00\x02\x03\x02\x00\x00\xbb\x80" + "\xff\x01\x00\x00"
	for name, v := range map[string]struct{ said, told, err string }{
		"sound":        {"\xff\x01\x00\x01\xff\x01\x00\x02\x00\x00\x00\x04abcd\xff\x01\x00\x00", "audio true|audio 61 62 63 64|audio false", "EOF"},
		"half a frame": {"\xff\x01\x00\x02\x00\x00\x00\x02ab", "", "2 bytes of sound; want whole frames of 4 and at most 1000"},
		"too much":     {"\xff\x01\x00\x02\x7f\x00\x00\x00ab", "", "2130706432 bytes of sound"},
		"what?":        {"\xff\x01\x00\x03", "", "sound: operation 3"},
		"no sound":     {"\xff\x00\x00\x01", "", "submessage 0, which was not asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			var d diary
			h := d.handler()
			h.Frame, h.Resize = nil, d.handler().Resize
			opt := Options{Audio: &AudioFormat{SampleS16, 2, 48000}, Limits: Limits{Audio: 1000}}
			err := running(t, opt, h, func(*Client) {}, func(s script) {
				s.send(told)
				s.want(next, asked)
				s.send(told)
				s.want(next)
				s.send(v.said)
			})
			if !strings.Contains(errorText(err), v.err) {
				t.Errorf("Run = %v; want %s", err, v.err)
			}
			if got := strings.Join(d.lines[1:], "|"); got != v.told {
				t.Errorf("told %s; want %s", got, v.told)
			}
		})
	}
	if _, err := Connect(t.Context(), deaf{r: strings.NewReader("")}, Options{Audio: &AudioFormat{SampleS16, 3, 48000}}); err == nil {
		t.Error("three channels are taken")
	}
}

// Nobody asked: a server that sends sound is wrong.
func TestAudioUnasked(t *testing.T) {
	var d diary
	err := running(t, Options{}, d.handler(), func(*Client) {}, func(s script) { s.send("\xff\x01\x00\x01") })
	if !strings.Contains(errorText(err), "which was not asked for") {
		t.Errorf("Run = %v", err)
	}
}
