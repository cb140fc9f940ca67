package ownpages

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const smapsText = `00400000-00405000 r--p 00000000 fe:00 77 /usr/bin/rayos-session
Rss:                  20 kB
Anonymous:             0 kB
00405000-00d42000 r-xp 00005000 fe:00 77 /usr/bin/rayos-session
Anonymous:             0 kB
01890000-01891000 r--p 0148f000 fe:00 77 /usr/bin/rayos-session
Anonymous:             4 kB
01891000-01bf9000 rw-p 01490000 fe:00 77 /usr/bin/rayos-session
Anonymous:             0 kB
7f0000000000-7f0000001000 r--p 00000000 fe:00 78 /usr/share/fonts/a font.ttf
Anonymous:             0 kB
7f0000002000-7f0000003000 r--p 00000000 00:00 0
Anonymous:             0 kB
7f0000004000-7f0000005000 r--s 00000000 fe:00 77 /usr/bin/rayos-session
Anonymous:             0 kB
`

// TestProgramAreas takes what is the program's own, can't be written and was not
// copied, and nothing else.
func TestProgramAreas(t *testing.T) {
	got, err := programAreas(strings.NewReader(smapsText), 0x405010)
	want := []area{{0x400000, 0x405000}, {0x405000, 0xd42000}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("areas %x, %v; want %x", got, err, want)
	}
	if got, err := programAreas(strings.NewReader(smapsText), 0x10); err != nil || len(got) != 0 {
		t.Errorf("areas %x, %v for an address that is nowhere; want none", got, err)
	}
	for _, bad := range []string{"zz-10 r-xp 0 fe:00 77\n", "20-10 r-xp 0 fe:00 77\n", "10- r-xp 0 fe:00 77\n"} {
		if _, err := programAreas(strings.NewReader(bad), 0); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

// TestForget unmaps pages of this very program, which goes on.
func TestForget(t *testing.T) {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	areas, err := programAreas(f, uintptr(reflect.ValueOf(Forget).Pointer()))
	if err != nil || len(areas) == 0 {
		t.Fatalf("areas %x, %v; want those of the test's own file", areas, err)
	}
	for _, a := range areas {
		if _, _, e := unix.Syscall(unix.SYS_MADVISE, a.from, a.to-a.from, unix.MADV_POPULATE_READ); e != 0 {
			t.Skipf("can't map all of the program: %v", e)
		}
	}
	before := mappedPages(t, areas)
	if err := Forget(); err != nil {
		t.Fatal(err)
	}
	if after := mappedPages(t, areas); after >= before {
		t.Errorf("%d pages mapped, %d before; want fewer", after, before)
	}
}

// mappedPages counts the pages of areas that are mapped: bit 63 of their words in
// pagemap (Documentation/admin-guide/mm/pagemap.rst).
func mappedPages(t *testing.T, areas []area) int {
	f, err := os.Open("/proc/self/pagemap")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	page, n := uintptr(os.Getpagesize()), 0
	for _, a := range areas {
		words := make([]byte, (a.to-a.from)/page*8)
		if _, err := f.ReadAt(words, int64(a.from/page*8)); err != nil {
			t.Fatal(err)
		}
		for i := 7; i < len(words); i += 8 {
			n += int(words[i] >> 7)
		}
	}
	return n
}
