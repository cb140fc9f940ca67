package atspi

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/internal/bustest"
	"rayos/rayapps/ui"
)

const within = 60 * time.Second

func connect(t testing.TB, address string) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// owner is a goroutine with trees.
type owner struct{ work chan func() }

func newOwner(t testing.TB) *owner {
	o := &owner{work: make(chan func(), 256)}
	go func() {
		for f := range o.work {
			f()
		}
	}()
	return o
}

func (o *owner) post(f func()) { o.work <- f }

// run runs f on the owner's goroutine and waits.
func (o *owner) run(f func()) {
	done := make(chan struct{})
	o.post(func() { f(); close(done) })
	<-done
}

// fakeRegistry is what of at-spi2-registryd a bridge sees.
type fakeRegistry struct {
	conn     *dbus.Conn
	embedded chan ref

	events []struct{ Client, Event string }
}

func newRegistry(t testing.TB, address string, events []string) *fakeRegistry {
	t.Helper()
	r := &fakeRegistry{conn: connect(t, address), embedded: make(chan ref, 4)}
	for _, e := range events {
		r.events = append(r.events, struct{ Client, Event string }{":1.0", e})
	}
	err := r.conn.ExportMethodTable(map[string]any{"Embed": func(who ref) (ref, *dbus.Error) {
		r.embedded <- who
		return ref{r.conn.Names()[0], rootPath}, nil
	}}, rootPath, ifSocket)
	if err != nil {
		t.Fatal(err)
	}
	err = r.conn.ExportMethodTable(map[string]any{"GetRegisteredEvents": func() ([]struct{ Client, Event string }, *dbus.Error) {
		return r.events, nil
	}}, registryPath, ifRegistry)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.conn.RequestName(registry, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return r
}

// desk is a small user interface on a bus.
type desk struct {
	*owner
	bridge   *Bridge
	registry *fakeRegistry
	address  string
	root     *ui.Root
	win      *Window
	name     string // of the bridge on the bus

	presses int
	text    string
	checked bool
	volume  float64
	row     int
}

func (d *desk) view() ui.Node {
	return ui.Pad(8, ui.Column{Gap: 8, Children: ui.Nodes{
		ui.Button{Text: "Count", OnPress: func() { d.presses++ }},
		ui.TextField{Name: "Name", Text: d.text, OnChange: func(s string) { d.text = s }},
		ui.Checkbox{Text: "Check", Checked: d.checked, OnChange: func(on bool) { d.checked = on }},
		ui.Slider{Name: "Volume", Value: d.volume, Max: 100, Step: 5, OnChange: func(v float64) { d.volume = v }},
		ui.Sized{H: 200, Child: ui.List{
			Name: "Rows", Count: 4, Selected: d.row, OnSelect: func(i int) { d.row = i },
			Row: func(i int) ui.Node { return ui.Label{Text: []string{"One", "Two", "Three", "Four"}[i]} },
		}},
	}})
}

// newDesk opens a window on a bridge. It is on the owner's goroutine from then
// on.
func newDesk(t testing.TB) *desk {
	d := &desk{owner: newOwner(t), text: "abc", volume: 30}
	d.bridge = New(Options{Name: "RayOS", Version: "1", Locale: "en_GB", Post: d.post})
	d.root = ui.New(ui.Options{View: d.view})
	d.root.Resize(geom.Size{W: 300, H: 400}, geom.ScaleOne)
	d.win = d.bridge.Open(d.root, "Panel")
	d.win.Place(geom.Point{X: 100, Y: 50})
	d.win.Activate(true)
	d.win.Acted = func() { d.frame() }
	return d
}

// frame is what an owner does when something happened.
func (d *desk) frame() {
	d.root.Frame()
	d.win.Changed()
}

// join puts the desk on a bus with a registry, at which a client has
// registered events.
func (d *desk) join(t testing.TB, events ...string) {
	t.Helper()
	d.address = bustest.New(t)
	d.registry = newRegistry(t, d.address, events)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- d.bridge.join(ctx, d.address) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err == nil {
			t.Error("the bridge ended without a reason")
		}
	})
	select {
	case who := <-d.registry.embedded:
		d.name = who.Bus
	case err := <-ended:
		ended <- err
		t.Fatal(err)
	case <-time.After(within):
		t.Fatal("the bridge doesn't embed itself")
	}
}

// client is one that walks trees.
type client struct {
	t       testing.TB
	conn    *dbus.Conn
	name    string
	signals chan *dbus.Signal
}

func (d *desk) client(t testing.TB) *client {
	c := &client{t: t, conn: connect(t, d.address), name: d.name, signals: make(chan *dbus.Signal, 1024)}
	c.conn.Signal(c.signals)
	for _, kind := range []string{"org.a11y.atspi.Event.Object", "org.a11y.atspi.Event.Window", ifCache} {
		if err := c.conn.AddMatchSignal(dbus.WithMatchInterface(kind)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// call calls a method and stores what it returns.
func (c *client) call(at dbus.ObjectPath, name string, args []any, to ...any) {
	c.t.Helper()
	if err := c.conn.Object(c.name, at).Call(name, 0, args...).Store(to...); err != nil {
		c.t.Fatalf("%s of %s: %v", name, at, err)
	}
}

func (c *client) get(at dbus.ObjectPath, of, name string) any {
	c.t.Helper()
	var v dbus.Variant
	c.call(at, ifProperties+".Get", []any{of, name}, &v)
	return v.Value()
}

// find returns the object with a role and a name.
func (c *client) find(role, name string) dbus.ObjectPath {
	c.t.Helper()
	at := c.search(rootPath, role, name)
	if at == "" {
		c.t.Fatalf("there is no %s %q", role, name)
	}
	return at
}

func (c *client) search(at dbus.ObjectPath, role, name string) dbus.ObjectPath {
	var r string
	c.call(at, ifAccessible+".GetRoleName", nil, &r)
	if r == role && c.get(at, ifAccessible, "Name") == name {
		return at
	}
	var kids []ref
	c.call(at, ifAccessible+".GetChildren", nil, &kids)
	for _, k := range kids {
		if found := c.search(k.Path, role, name); found != "" {
			return found
		}
	}
	return ""
}

// hear waits for a signal of an object with a detail.
func (c *client) hear(at dbus.ObjectPath, member, detail string) *dbus.Signal {
	c.t.Helper()
	late := time.After(within)
	for {
		select {
		case s := <-c.signals:
			if s.Path == at && strings.HasSuffix(s.Name, "."+member) && (len(s.Body) < 1 || s.Body[0] == detail) {
				return s
			}
		case <-late:
			c.t.Fatalf("%s never told of %s %s", at, member, detail)
		}
	}
}
