package xkb

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	keyA     = 30
	keyShift = 42
	keyCaps  = 58
	keyNum   = 69
	keyKP7   = 71
)

func TestStateAllocatesNothing(t *testing.T) {
	st := NewState(Builtin())
	var buf [16]byte
	got := testing.AllocsPerRun(100, func() {
		st.UpdateKey(keyShift, true)
		st.UpdateKey(keyA, true)
		st.Sym(keyA)
		st.AppendUTF8(buf[:0], keyA)
		st.LEDs()
		st.UpdateKey(keyA, false)
		st.UpdateKey(keyShift, false)
	})
	if got != 0 {
		t.Errorf("a key press allocates %v times; want 0", got)
	}
}

func TestLocksAndLEDs(t *testing.T) {
	st := NewState(Builtin())
	tap := func(code uint32) {
		st.UpdateKey(code, true)
		st.UpdateKey(code, false)
	}
	tap(keyCaps)
	if st.Mods() != (Mods{Locked: ModLock}) || st.LEDs() != 1 || st.Sym(keyA) != 'A' {
		t.Errorf("after Caps Lock: %+v, LEDs %x, A gives %v", st.Mods(), st.LEDs(), st.Sym(keyA))
	}
	tap(keyNum)
	if st.LEDs() != 3 || st.Sym(keyKP7).String() != "KP_7" || !st.Active("NumLock") {
		t.Errorf("after Num Lock: LEDs %x, keypad gives %v", st.LEDs(), st.Sym(keyKP7))
	}
	tap(keyCaps)
	tap(keyNum)
	if st.Mods() != (Mods{}) || st.LEDs() != 0 {
		t.Errorf("after both again: %+v, LEDs %x; want nothing", st.Mods(), st.LEDs())
	}
}

func TestKeyHeldByTwoKeyboards(t *testing.T) {
	st := NewState(Builtin())
	st.UpdateKey(keyShift, true)
	st.UpdateKey(keyShift, true)
	st.UpdateKey(keyShift, false)
	if !st.Active("Shift") {
		t.Error("Shift ended with the first of two releases")
	}
	st.UpdateKey(keyShift, false)
	if st.Active("Shift") {
		t.Error("Shift stays after both releases")
	}
}

func TestKeysymNames(t *testing.T) {
	for _, tt := range []struct {
		name string
		sym  Keysym
		r    rune
	}{
		{"a", 'a', 'a'},
		{"Return", 0xff0d, '\r'},
		{"XF86AudioMute", 0x1008ff12, 0},
		{"Cyrillic_ya", 0x6d1, 'я'},
		{"EuroSign", 0x20ac, '€'},
		{"U1F600", 0x0101f600, '😀'},
		{"dead_acute", 0xfe51, 0},
		{"3270_Copy", 0xfd15, 0},
	} {
		sym, ok := KeysymByName(tt.name)
		if !ok || sym != tt.sym || sym.Rune() != tt.r || sym.String() != tt.name {
			t.Errorf("%s: %#x %v, rune %q, name %s; want %#x, rune %q", tt.name, uint32(sym), ok, sym.Rune(), sym, uint32(tt.sym), tt.r)
		}
	}
	if sym, ok := KeysymByName("NoSuchKey"); ok {
		t.Errorf("NoSuchKey is %v", sym)
	}
}

func TestFilesOfAKeymap(t *testing.T) {
	km, err := Parse(builtinText)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := km.FD()
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := km.FD(); again != fd {
		t.Errorf("second FD() = %d; want the shared %d", again, fd)
	}
	seals, err := unix.FcntlInt(uintptr(fd), unix.F_GET_SEALS, 0)
	if want := unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE; err != nil || seals != want {
		t.Errorf("seals = %#x, %v; want %#x", seals, err, want)
	}
	data, err := unix.Mmap(fd, 0, int(km.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != builtinText+"\x00" {
		t.Error("file is not the text and a NUL")
	}
	if err := unix.Munmap(data); err != nil {
		t.Error(err)
	}
	dup, err := km.CopyFD()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := unix.Mmap(dup, 0, int(km.Size()), unix.PROT_READ, unix.MAP_SHARED); err != nil {
		t.Errorf("map of a copy as an old client does it: %v", err)
	} else if err := unix.Munmap(data); err != nil {
		t.Error(err)
	}
	if err := unix.Close(dup); err != nil {
		t.Error(err)
	}
	if err := km.Close(); err != nil {
		t.Error(err)
	}
	if _, err := km.FD(); err == nil {
		t.Error("FD() after Close gives a file")
	}
}

func TestCompileWithoutCompiler(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if text, err := Compile(Names{Model: "no-such", Layout: "us"}); !errors.Is(err, ErrNoCompiler) || text != builtinText {
		t.Errorf("Compile(odd model) error = %v; want ErrNoCompiler and the built-in text", err)
	}
	km, err := Load(Names{Layout: "xx"})
	if !errors.Is(err, ErrNoCompiler) || km != Builtin() {
		t.Errorf("Load(xx) error = %v; want ErrNoCompiler and the built-in keymap", err)
	}
}

func BenchmarkParse(b *testing.B) {
	text, err := Compile(Names{Layout: "us"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUpdateKey(b *testing.B) {
	st := NewState(Builtin())
	b.ReportAllocs()
	for b.Loop() {
		st.UpdateKey(keyA, true)
		st.UpdateKey(keyA, false)
	}
}

// TestGroupLatch covers what the comparison with libxkbcommon leaves out.
func TestGroupLatch(t *testing.T) {
	km, err := Parse(keymapWith("<L> = 60;", "",
		"interpret ISO_Group_Latch { action = LatchGroup(group=+1,clearLocks,latchToLock); };",
		"key <L> { [ISO_Group_Latch] }; key <B> { [b], [x] };"))
	if err != nil {
		t.Fatal(err)
	}
	const keyLatch, keyB = 52, 42
	st := NewState(km)
	step := func(code uint32, down bool, group int) {
		t.Helper()
		st.UpdateKey(code, down)
		if st.Group() != group {
			t.Errorf("key %d %v: group %d; want %d", code, down, st.Group(), group)
		}
	}
	step(keyLatch, true, 1) // held: a shift
	step(keyB, true, 1)
	step(keyB, false, 1)
	step(keyLatch, false, 0)
	step(keyLatch, true, 1) // tapped: for the next key
	step(keyLatch, false, 1)
	if got := st.Sym(keyB); got != 'x' {
		t.Errorf("latched B gives %v; want x", got)
	}
	step(keyB, true, 0)
	step(keyB, false, 0)
	step(keyLatch, true, 1) // twice: a lock
	step(keyLatch, false, 1)
	step(keyLatch, true, 1)
	step(keyLatch, false, 1)
	step(keyB, true, 1)
	step(keyB, false, 1)
	step(keyLatch, true, 0) // a lock that is on is cleared
	step(keyLatch, false, 0)
}
