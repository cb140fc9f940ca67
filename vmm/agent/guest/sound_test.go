package guest

import (
	"encoding/binary"
	"strings"
	"testing"
)

func TestSoundCardIsKnownByItsClass(t *testing.T) {
	for class, want := range map[string]bool{"0x040300\n": true, "0x030000\n": false, "": false} {
		sys := tree(t, map[string]string{"bus/pci/devices/0000:00:01.0/class": "0x060000\n", "bus/pci/devices/0000:00:02.0/class": class})
		if got := hasSound(sys); got != want {
			t.Errorf("class %q: %v", class, got)
		}
	}
	if hasSound(t.TempDir()) {
		t.Error("a machine without devices has sound")
	}
}

func TestToneLine(t *testing.T) {
	for arg, want := range map[string]string{
		"": "want_hz_ms", "440": "want_hz_ms", "440:": "want_hz_ms", "0:10": "want_hz_ms", "440:10001": "want_hz_ms", "20001:1": "want_hz_ms",
		"440:10:1": "want_hz_ms", "-1:1": "want_hz_ms",
	} {
		s := &system{}
		if got := s.line("TONE:" + arg); got != "RAYOS_LINUX_TONE_ERR reason="+want+"\n" {
			t.Errorf("TONE:%s: %q", arg, got)
		}
	}
	s := &system{}
	s.playing.Store(true)
	if got := s.line("TONE:440:10"); !strings.Contains(got, "reason=busy") {
		t.Errorf("a second tone: %q", got)
	}
}

// TestPCMParams holds the structure against what the kernel's own headers give for
// it: each parameter's place, and what it may be.
func TestPCMParams(t *testing.T) {
	p := pcmParams()
	word := func(at int) uint32 { return binary.NativeEndian.Uint32(p[at:]) }
	for at, want := range map[int]uint32{
		0: 0, 4: 8, 36: 4, 68: 1, 100: ^uint32(0), // flags, access, format, subformat, a mask of later
		260: 0, 264: ^uint32(0), // bits of a sample: any
		284: 2, 288: 2, 292: 4, // channels
		296: 48000, 300: 48000, // rate
		320: 1024, 324: 1024, // size of a period
		368: 8192, 372: 8192, // and of the buffer
		404: 0, 508: 0, // intervals of later
		512: ^uint32(0), 516: 0, // all is asked for, nothing was changed
	} {
		if got := word(at); got != want {
			t.Errorf("at %d: %#x; want %#x", at, got, want)
		}
	}
}

func TestSine(t *testing.T) {
	b := sine(12000, 5)
	var left []int16
	for i := 0; i < len(b); i += 4 {
		l, r := int16(binary.LittleEndian.Uint16(b[i:])), int16(binary.LittleEndian.Uint16(b[i+2:]))
		if l != r {
			t.Errorf("frame %d: %d on the left, %d on the right", i/4, l, r)
		}
		left = append(left, l)
	}
	if left[0] != 0 || left[1] != 16383 || left[3] != -16383 || left[4] != 0 {
		t.Errorf("%v", left)
	}
}
