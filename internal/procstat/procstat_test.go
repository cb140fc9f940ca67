package procstat

import (
	"os"
	"strings"
	"testing"
	"time"
)

const line = "42 (a b) (c) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 7 8 20 -5 3 0 987654 2000000 25 18446744073709551615 1 1 0 0"

func TestParse(t *testing.T) {
	s, err := Parse([]byte(line))
	want := Stat{Start: 987654, CPU: 2 * time.Second, Nice: -5, Memory: 25 * int64(os.Getpagesize())}
	if err != nil || s != want {
		t.Errorf("%+v, %v; want %+v", s, err, want)
	}
	for bad, why := range map[string]string{
		"":                                      "2 fields in a process's stat: want 24 or more",
		"42 (a) S 1":                            "4 fields in a process's stat: want 24 or more",
		strings.Replace(line, "150", "x", 1):    `field 14 of a process's stat: strconv.ParseInt: parsing "x": invalid syntax`,
		strings.Replace(line, "987654", "-", 1): `field 22 of a process's stat: strconv.ParseUint: parsing "-": invalid syntax`,
	} {
		if s, err := Parse([]byte(bad)); err == nil || err.Error() != why || s != (Stat{}) {
			t.Errorf("%q: %+v, %v; want %s", bad, s, err, why)
		}
	}
}

func TestRead(t *testing.T) {
	// An emulator of another processor makes up what is said of the process itself.
	a, err := Read(os.Getppid())
	if err != nil || a.Start == 0 || a.Memory < 1<<18 {
		t.Fatalf("%+v, %v", a, err)
	}
	if b, err := Read(os.Getppid()); err != nil || b.Start != a.Start {
		t.Errorf("it began at %d, then at %d: %v", a.Start, b.Start, err)
	}
	if _, err := Read(1 << 30); !os.IsNotExist(err) {
		t.Errorf("a number that nobody has: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(line))
	f.Add([]byte("1 () R"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := Parse(b); err != nil && s != (Stat{}) {
			t.Errorf("%+v beside %v", s, err)
		}
	})
}
