package mpris

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

const within = 30 * time.Second

// stage is a bus with a watcher on it.
type stage struct {
	t       *testing.T
	address string
	w       *Watcher
	lists   chan []Player
	last    []Player
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, address: bustest.New(t), lists: make(chan []Player, 1024)}
	return s
}

func (s *stage) watch() {
	s.t.Helper()
	w, err := Watch(s.address, func(list []Player) { s.lists <- list })
	if err != nil {
		s.t.Fatal(err)
	}
	s.w = w
	s.t.Cleanup(func() { w.Close() })
}

// until waits until what is told is so.
func (s *stage) until(what string, ok func([]Player) bool) {
	s.t.Helper()
	late := time.After(within)
	for !ok(s.last) {
		select {
		case s.last = <-s.lists:
		case <-late:
			s.t.Fatalf("%s: the players are %+v", what, s.last)
		}
	}
}

// fake is a player.
type fake struct {
	conn *dbus.Conn
	bus  string
	keys chan string

	mu    sync.Mutex
	props map[string]dbus.Variant
	asked int
	mute  chan bool // nil, or what answers wait for
}

func (s *stage) join(name string) *fake {
	s.t.Helper()
	conn, err := dbus.Connect(s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	f := &fake{conn: conn, bus: namePrefix + name, keys: make(chan string, 64)}
	methods := map[string]any{}
	for k := PlayPause; k <= Previous; k++ {
		methods[k.method()] = func() *dbus.Error { f.keys <- k.method(); return nil }
	}
	if err := conn.ExportMethodTable(methods, playerPath, playerName); err != nil {
		s.t.Fatal(err)
	}
	if err := conn.ExportMethodTable(map[string]any{"GetAll": f.getAll, "Get": f.get}, playerPath, propsName); err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (f *fake) getAll(string) (map[string]dbus.Variant, *dbus.Error) {
	f.mu.Lock()
	f.asked++
	p, mute := f.props, f.mute
	f.mu.Unlock()
	if mute != nil {
		<-mute
	}
	return p, nil
}

func (f *fake) get(_, name string) (dbus.Variant, *dbus.Error) {
	if name != "Identity" {
		return dbus.Variant{}, dbus.MakeFailedError(fmt.Errorf("no %s", name))
	}
	return dbus.MakeVariant("Player " + strings.TrimPrefix(f.bus, namePrefix)), nil
}

func (f *fake) set(p map[string]dbus.Variant) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.props = p
}

func (f *fake) own(t *testing.T) {
	t.Helper()
	if r, err := f.conn.RequestName(f.bus, dbus.NameFlagDoNotQueue); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(r, err)
	}
}

func (f *fake) say(t *testing.T) {
	t.Helper()
	if err := f.conn.Emit(playerPath, propsName+".PropertiesChanged", playerName, map[string]dbus.Variant{}, []string{}); err != nil {
		t.Fatal(err)
	}
}

func song(status, title string) map[string]dbus.Variant {
	return props(status, map[string]dbus.Variant{"xesam:title": dbus.MakeVariant(title)}, "CanPlay")
}

func TestPlayersComeAndGo(t *testing.T) {
	s := newStage(t)
	a := s.join("a")
	a.set(song("Playing", "one"))
	a.own(t) // it is there before the watch
	s.watch()
	s.until("a plays", func(l []Player) bool { return len(l) == 1 && l[0].Title == "one" && l[0].Name == "Player a" })
	b := s.join("b")
	b.set(song("Paused", "two"))
	b.own(t)
	s.until("b is there", func(l []Player) bool { return len(l) == 2 && Current(l).Bus == a.bus })
	b.set(song("Playing", "two"))
	b.say(t)
	s.until("b plays", func(l []Player) bool { return Current(l).Bus == b.bus })
	for _, k := range []Key{PlayPause, Next, Previous} {
		if !s.w.Do(Current(s.last).Bus, k) {
			t.Fatal("no key is taken")
		}
		select {
		case got := <-b.keys:
			if got != k.method() {
				t.Errorf("b got %s; want %s", got, k.method())
			}
		case <-time.After(within):
			t.Fatalf("b didn't get %s", k.method())
		}
	}
	b.set(song("Paused", "two"))
	b.say(t)
	s.until("a is current again", func(l []Player) bool { return Current(l).Bus == a.bus })
	b.conn.Close()
	s.until("b is gone", func(l []Player) bool { return len(l) == 1 })
	if len(a.keys) != 0 {
		t.Errorf("a got %s, which was for b", <-a.keys)
	}
}

// TestHostilePlayers: one that never answers, one that floods, one that says a
// lot and one that lies about others leave a good one as it is.
func TestHostilePlayers(t *testing.T) {
	s := newStage(t)
	s.watch()
	good := s.join("good")
	good.set(song("Playing", "song"))
	good.own(t)
	s.until("the good one is there", func(l []Player) bool { return len(l) == 1 })

	silent := s.join("silent")
	silent.mute = make(chan bool)
	t.Cleanup(func() { close(silent.mute) })
	silent.own(t)

	loud := s.join("loud")
	huge := strings.Repeat("é\u202e\x1b", 1<<18)
	many := map[string]dbus.Variant{}
	for i := range 2000 {
		many[fmt.Sprint("x:", i)] = dbus.MakeVariant(huge[:500])
	}
	many["xesam:title"], many["xesam:artist"] = dbus.MakeVariant(huge), dbus.MakeVariant([]string{huge, huge})
	loud.set(map[string]dbus.Variant{"PlaybackStatus": dbus.MakeVariant("Playing"), "Metadata": dbus.MakeVariant(many)})
	loud.own(t)
	s.until("the loud one is cut", func(l []Player) bool {
		i := slices.IndexFunc(l, func(p Player) bool { return p.Bus == loud.bus })
		return i >= 0 && len(l[i].Title) <= MaxText && len(l[i].Artist) <= MaxText
	})

	before := runtime.NumGoroutine()
	flood := s.join("flood")
	flood.set(song("Playing", "flood"))
	flood.own(t)
	const signals = 20000
	for i := range signals {
		flood.say(t)
		if i%1000 == 0 {
			// It says that others have gone, and speaks in their name.
			m := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
				dbus.FieldPath: dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/DBus")), dbus.FieldInterface: dbus.MakeVariant(busDaemon),
				dbus.FieldMember: dbus.MakeVariant("NameOwnerChanged"), dbus.FieldDestination: dbus.MakeVariant(s.w.conn.Names()[0]),
				dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf("", "", "")),
			}, Body: []any{good.bus, good.conn.Names()[0], ""}}
			flood.conn.Send(m, nil)
		}
	}
	flood.set(song("Playing", "the end"))
	flood.say(t)
	s.until("the flood is over", func(l []Player) bool {
		return slices.ContainsFunc(l, func(p Player) bool { return p.Title == "the end" })
	})
	if !slices.ContainsFunc(s.last, func(p Player) bool { return p.Bus == good.bus }) {
		t.Error("a player was taken at its word about another")
	}
	if slices.ContainsFunc(s.last, func(p Player) bool { return p.Bus == silent.bus }) {
		t.Error("one that never answered is listed")
	}
	flood.mu.Lock()
	asked := flood.asked
	flood.mu.Unlock()
	if asked > signals/20 {
		t.Errorf("it was asked %d times for %d signals", asked, signals)
	}
	if n := runtime.NumGoroutine() - before; n > 200 {
		t.Errorf("%d goroutines more", n)
	}
	good.set(song("Playing", "next song"))
	good.say(t)
	s.until("the good one is heard", func(l []Player) bool {
		return slices.ContainsFunc(l, func(p Player) bool { return p.Title == "next song" })
	})
}

// TestTooManyPlayers: those beyond the limit are not looked at.
func TestTooManyPlayers(t *testing.T) {
	s := newStage(t)
	s.watch()
	f := s.join("many")
	f.set(song("Playing", "x"))
	for i := range 3 * maxPlayers {
		if _, err := f.conn.RequestName(fmt.Sprintf("%smany%d", namePrefix, i), dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
	}
	s.until("as many as there may be", func(l []Player) bool { return len(l) == maxPlayers })
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if n := len(s.w.players); n != maxPlayers {
		t.Errorf("%d are kept", n)
	}
}
