package a11y

import (
	"errors"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

const (
	within = 60 * time.Second
	window = dbus.ObjectPath("/org/a11y/atspi/accessible/root")
)

func connect(t testing.TB, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func TestKeysGoToWhoGrabsThem(t *testing.T) {
	const insert, a, h = 0xff63, 'a', 'h'
	k := &keys{grabbers: map[string]*grabber{":1.1": {modifiers: []uint32{insert}, keystrokes: map[keystroke]bool{{h, 4}: true}}}}
	for i, c := range []struct {
		key   Key
		taken bool
		heard bool
	}{
		{Key{Sym: a}, false, false},
		{Key{Sym: a, Released: true}, false, false},
		{Key{Sym: h}, false, false},
		{Key{Sym: h, Mods: 4}, true, true},
		{Key{Sym: h, Released: true}, true, true}, // the modifier is up already
		{Key{Sym: h, Released: true}, false, false},
		{Key{Sym: insert}, true, true},
		{Key{Sym: a}, true, true},
		{Key{Sym: insert, Released: true}, true, true},
		{Key{Sym: a, Released: true}, true, true},
		{Key{Sym: insert, Again: true}, false, true},
		{Key{Sym: insert, Released: true, Again: true}, false, true},
	} {
		hear, taken := k.press(c.key)
		if taken != c.taken || (len(hear) > 0) != c.heard {
			t.Errorf("%d: %+v: taken %t, heard by %v; want %t, %t", i, c.key, taken, hear, c.taken, c.heard)
		}
	}
	if len(k.down) != 0 {
		t.Errorf("keys are down: %x", k.down)
	}
}

func TestManager(t *testing.T) {
	address := bustest.New(t)
	m, err := Manage(connect(t, address), func() (Under, bool) {
		return Under{Bus: ":1.9", Path: window, PID: 7, X: 3, Y: 4}, true
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Manage(connect(t, address), nil); !errors.Is(err, ErrTaken) {
		t.Errorf("a second manager: %v", err)
	}
	if m.Watched() || m.Key(Key{Sym: 'a'}) {
		t.Error("a key goes to nobody")
	}
	if n := testing.AllocsPerRun(100, func() { m.Key(Key{Sym: 'a'}); m.Moved() }); n != 0 {
		t.Errorf("a key that nobody hears costs %v allocations", n)
	}
	reader := connect(t, address)
	signals := make(chan *dbus.Signal, 16)
	reader.Signal(signals)
	o := reader.Object(managerName, managerPath)
	for _, call := range []string{ifKeyboard + ".WatchKeyboard", ifKeyboard + ".GrabKeyboard", ifPointer + ".QueryPointer"} {
		if err := o.Call(call, 0).Err; err == nil {
			t.Errorf("anybody may call %s", call)
		}
	}
	if _, err := reader.RequestName(readerName, 0); err != nil {
		t.Fatal(err)
	}
	next := func(name string) *dbus.Signal {
		t.Helper()
		for late := time.After(within); ; {
			select {
			case s := <-signals:
				if s.Name == name {
					return s
				}
			case <-late:
				t.Fatalf("no %s", name)
			}
		}
	}
	if err := o.Call(ifKeyboard+".SetKeyGrabs", 0, []uint32{0xff63}, []keystroke{{'h', 4}}).Err; err != nil {
		t.Fatal(err)
	}
	if m.Grabbed('a', 0) || !m.Grabbed('h', 4) || m.Key(Key{Sym: 'a'}) {
		t.Error("the wrong keys are grabbed")
	}
	if !m.Key(Key{Sym: 'h', Mods: 4, Rune: 'h', Code: 43}) {
		t.Error("a grabbed key goes to windows")
	}
	if s := next(ifKeyboard + ".KeyEvent"); s.Body[0] != false || s.Body[1] != uint32(4) || s.Body[2] != uint32('h') || s.Body[3] != uint32('h') || s.Body[4] != uint16(43) {
		t.Errorf("key event: %v", s.Body)
	}
	var data map[string]dbus.Variant
	var x, y float64
	if err := o.Call(ifPointer+".QueryPointer", 0).Store(&data, &x, &y); err != nil || x != 3 || y != 4 || data["toplevel-object-path"].Value() != window || data["pid"].Value() != int32(7) {
		t.Error(data, x, y, err)
	}
	m.Moved()
	next(ifPointer + ".PointerPositionChanged")
	m.Moved()
	if err := o.Call(ifKeyboard+".SetKeyGrabs", 0, make([]uint32, maxKeystrokes+1), []keystroke{}).Err; err == nil {
		t.Error("any number of keys may be grabbed")
	}
	reader.Close()
	for late := time.After(within); m.Grabbed('h', 4); {
		select {
		case <-late:
			t.Fatal("a client that has left still grabs keys")
		default:
		}
	}
	// The key that it took is up before it is forgotten.
	if !m.Key(Key{Sym: 'h', Released: true}) || m.Watched() {
		t.Error("a key stays down with a client that has left")
	}
}
