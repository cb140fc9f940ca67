package portal

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
	client "rayos/rayapps/portal"
)

const within = time.Minute

func connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// next returns what comes of a channel.
func next[T any](t *testing.T, what string, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(within):
		t.Fatalf("no %s", what)
	}
	return v
}

// change returns the next signal of a portal.
func change(t *testing.T, signals <-chan *dbus.Signal) *dbus.Signal {
	t.Helper()
	for {
		if s := next(t, "signal", signals); s.Sender != busDaemon {
			return s
		}
	}
}

// serve serves, and returns who gets the name that programs look for.
func serve(t *testing.T, address string, l Looks) (*Service, func() string) {
	t.Helper()
	c := connect(t, address)
	owners := make(chan *dbus.Signal, 64)
	c.Signal(owners)
	if err := c.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, frontName)); err != nil {
		t.Fatal(err)
	}
	s, err := Connect(address, l)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, func() string {
		t.Helper()
		for {
			got := next(t, "other owner", owners)
			if len(got.Body) == 3 && got.Body[0] == frontName {
				return got.Body[2].(string)
			}
		}
	}
}

func TestAsked(t *testing.T) {
	for _, c := range []struct {
		patterns   string // by spaces
		chosen, ok bool
	}{
		{appearance, true, true},
		{"org.gnome.* org.freedesktop.*", true, true},
		{"*", true, true},
		{"org.gnome.desktop.interface", false, true},
		{"org.freedesktop", false, true},
		{"org.freedesktop.appearance.more.*", false, true},
		{strings.Repeat("x", 256), false, false},
		{strings.Repeat("a ", 64) + "a", false, false},
	} {
		if chosen, ok := asked(strings.Split(c.patterns, " ")); chosen != c.chosen || ok != c.ok {
			t.Errorf("%.40q: %v, %v; want %v, %v", c.patterns, chosen, ok, c.chosen, c.ok)
		}
	}
	for _, p := range [][]string{nil, {""}, {"x", ""}} {
		if chosen, ok := asked(p); !chosen || !ok {
			t.Errorf("%q is not all", p)
		}
	}
}

// TestAppsFollow: what our own apps read is what was set.
func TestAppsFollow(t *testing.T) {
	address := bustest.Bare(t)
	s, owner := serve(t, address, Looks{Accent: 0xff5aa9ff})
	if owner() != s.Name() {
		t.Fatal("nobody has the name and it isn't ours")
	}
	ctx, cancel := context.WithCancel(context.Background())
	told, done := make(chan client.Looks), make(chan error, 1)
	go func() { done <- client.Watch(ctx, address, "", func(l client.Looks) { told <- l }) }()
	for i, c := range []struct {
		set  Looks
		want client.Looks
	}{
		{Looks{Accent: 0xff5aa9ff}, client.Looks{Scheme: client.Dark, Accent: 0xff5aa9ff}},
		{Looks{Light: true, Accent: 0xff5aa9ff}, client.Looks{Scheme: client.Light, Accent: 0xff5aa9ff}},
		{Looks{Light: true, Accent: 0xff102030}, client.Looks{Scheme: client.Light, Accent: 0xff102030}},
		{Looks{Light: true, Contrast: true}, client.Looks{Scheme: client.Light, Contrast: true}},
		{Looks{Light: true, Still: true}, client.Looks{Scheme: client.Light, Still: true}},
	} {
		if i > 0 {
			s.Set(c.set)
		}
		for got := next(t, "change", told); got != c.want; got = next(t, "change", told) {
			if i < 3 { // later ones change two keys, and are read in between
				t.Errorf("%+v became %+v; want %+v", c.set, got, c.want)
			}
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestLeavesTheNameToOnesThatCanBeStarted: the bus would not start a portal whose
// name is taken.
func TestLeavesTheNameToOnesThatCanBeStarted(t *testing.T) {
	address := bustest.Bare(t, frontName)
	s, err := Connect(address, Looks{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var owned bool
	c := connect(t, address)
	if err := c.BusObject().Call(busDaemon+".NameHasOwner", 0, frontName).Store(&owned); err != nil || owned {
		t.Errorf("the name is taken (%v), %v", owned, err)
	}
	// Our own apps ask by the connection's name.
	ctx, cancel := context.WithCancel(context.Background())
	told, done := make(chan client.Looks), make(chan error, 1)
	go func() { done <- client.Watch(ctx, address, s.Name(), func(l client.Looks) { told <- l }) }()
	if l := next(t, "word of the backend", told); l.Scheme != client.Dark {
		t.Errorf("%+v", l)
	}
	s.Set(Looks{Light: true})
	if l := next(t, "change", told); l.Scheme != client.Light {
		t.Errorf("%+v", l)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestInterfaces(t *testing.T) {
	address := bustest.Bare(t)
	s, owner := serve(t, address, Looks{Light: true, Accent: 0xffff8000})
	owner()
	c := connect(t, address)
	signals := make(chan *dbus.Signal, 16)
	c.Signal(signals)
	if err := c.AddMatchSignal(dbus.WithMatchMember("SettingChanged")); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, face, method, sig string
		version                 uint32
	}{
		{Name, backFace, "Read", "u", 1},
		{frontName, frontFace, "ReadOne", "u", 2},
		{frontName, frontFace, "Read", "v", 2},
	} {
		o := c.Object(x.name, busPath)
		var v dbus.Variant
		if err := o.Call(x.face+"."+x.method, 0, appearance, "color-scheme").Store(&v); err != nil || v.Signature().String() != x.sig {
			t.Errorf("%s.%s = %v (%s), %v", x.face, x.method, v, v.Signature(), err)
		}
		if in, ok := v.Value().(dbus.Variant); ok {
			v = in
		}
		if v.Value() != uint32(2) {
			t.Errorf("%s.%s = %v; want 2", x.face, x.method, v)
		}
		if v, err := o.GetProperty(x.face + ".version"); err != nil || v.Value() != x.version {
			t.Errorf("%s.version = %v, %v", x.face, v, err)
		}
		if err := o.SetProperty(x.face+".version", dbus.MakeVariant(uint32(9))); err == nil {
			t.Errorf("%s.version was set", x.face)
		}
		for _, args := range [][]any{{appearance, "colour"}, {"org.gnome.desktop.interface", "color-scheme"}, {appearance}, {}, {1, 2}} {
			if err := o.Call(x.face+"."+x.method, 0, args...).Err; err == nil {
				t.Errorf("%s.%s%v has an answer", x.face, x.method, args)
			}
		}
		var all map[string]map[string]dbus.Variant
		if err := o.Call(x.face+".ReadAll", 0, []string{}).Store(&all); err != nil || len(all) != 1 || len(all[appearance]) != len(keys) {
			t.Errorf("%s.ReadAll = %v, %v", x.face, all, err)
		}
		all = nil
		if err := o.Call(x.face+".ReadAll", 0, []string{"org.gnome.*"}).Store(&all); err != nil || len(all) != 0 {
			t.Errorf("%s.ReadAll of others = %v, %v", x.face, all, err)
		}
		if err := o.Call(x.face+".ReadAll", 0, make([]string, 1<<16)).Err; err == nil {
			t.Error("65536 namespaces were taken")
		}
		if err := o.Call(x.face+".ReadAll", 0, []string{strings.Repeat("x", 1<<20)}).Err; err == nil {
			t.Error("a namespace of 1 MiB was taken")
		}
	}
	if v, _ := s.get().value(appearance, "accent-color"); v.Signature().String() != "(ddd)" || v.Value() != (colour{1, 128.0 / 255, 0}) {
		t.Errorf("the accent is %v (%s)", v, v.Signature())
	}
	s.Set(Looks{Light: true, Accent: 0xffff8000}) // the same
	s.Set(Looks{Accent: 0xffff8000})
	for _, face := range []string{backFace, frontFace} {
		got := change(t, signals)
		if got.Name != face+".SettingChanged" || got.Path != busPath || got.Body[0] != appearance || got.Body[1] != "color-scheme" || got.Body[2].(dbus.Variant).Value() != uint32(1) {
			t.Errorf("%+v", got)
		}
	}
	if len(signals) > 0 {
		t.Errorf("more was told: %+v", <-signals)
	}
}

// TestGivesWay: the name goes to a portal that wants it, and comes back.
func TestGivesWay(t *testing.T) {
	address := bustest.Bare(t)
	other := connect(t, address)
	if _, err := other.RequestName(frontName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	s, owner := serve(t, address, Looks{})
	o := connect(t, address).Object(Name, busPath)
	if err := o.Call(backFace+".Read", 0, appearance, "contrast").Err; err != nil {
		t.Error("the backend of a portal:", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if owner() != "" || owner() != s.Name() {
		t.Fatal("it stays nobody's")
	}
	another := connect(t, address)
	if r, err := another.RequestName(frontName, dbus.NameFlagReplaceExisting|dbus.NameFlagDoNotQueue); err != nil || r != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(r, err)
	}
	if owner() != another.Names()[0] {
		t.Fatal("it is still ours")
	}
	// What another portal is for, it tells.
	told := connect(t, address)
	signals := make(chan *dbus.Signal, 16)
	told.Signal(signals)
	if err := told.AddMatchSignal(dbus.WithMatchMember("SettingChanged")); err != nil {
		t.Fatal(err)
	}
	s.Set(Looks{Light: true, Still: true})
	for _, key := range []string{"color-scheme", "reduced-motion"} {
		if got := change(t, signals); got.Name != backFace+".SettingChanged" || got.Body[1] != key {
			t.Errorf("%+v; want %s of the backend", got, key)
		}
	}
	if _, err := Connect("unix:path="+t.TempDir()+"/none", Looks{}); err == nil {
		t.Error("no bus is no error")
	}
}

// TestTooManyAtOnce: calls that are under way are counted.
func TestTooManyAtOnce(t *testing.T) {
	s := &Service{calls: make(chan struct{}, maxCalls)}
	for range maxCalls {
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.readAll(nil); err == nil {
		t.Error("one too many is answered")
	}
	s.end()
	if _, err := s.readOne(appearance, "contrast"); err != nil || len(s.calls) != maxCalls-1 {
		t.Error(err, len(s.calls))
	}
}

func FuzzAsked(f *testing.F) {
	f.Add("org.gnome.* org.freedesktop.*")
	f.Add(appearance + "* ")
	f.Fuzz(func(t *testing.T, patterns string) {
		list := strings.Split(patterns, " ")
		chosen, ok := asked(list)
		if chosen && !ok || ok && len(list) > maxPatterns {
			t.Errorf("asked(%q) = %v, %v", list, chosen, ok)
		}
		all, many := asked(append(list[:len(list):len(list)], appearance))
		if many && !all || many && !ok {
			t.Errorf("asked(%q and ours) = %v, %v", list, all, many)
		}
	})
}
