package tray

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"rayos/internal/bustest"
)

const within = 30 * time.Second

// desk is a tray on a bus of its own.
type desk struct {
	t       *testing.T
	address string
	service *Service
	lists   chan []Item
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, address: bustest.New(t), lists: make(chan []Item, 1000)}
	d.service = d.serve()
	return d
}

func (d *desk) serve() *Service {
	s, err := Serve(d.connect(), Options{Size: 20, Changed: func(l []Item) { d.lists <- l }})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *desk) connect() *dbus.Conn {
	d.t.Helper()
	conn, err := dbus.Connect(d.address)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { conn.Close() })
	return conn
}

// until waits for a list that fulfils a condition.
func (d *desk) until(what string, holds func([]Item) bool) []Item {
	d.t.Helper()
	late := time.After(within)
	var last []Item
	for {
		select {
		case last = <-d.lists:
			if holds(last) {
				return last
			}
		case <-late:
			d.t.Fatalf("never %s; the last list is %+v", what, last)
		}
	}
}

// program is one that has an item.
type program struct {
	d     *desk
	conn  *dbus.Conn
	props *prop.Properties
	calls chan string
}

func (d *desk) program(title string) *program {
	d.t.Helper()
	p := &program{d: d, conn: d.connect(), calls: make(chan string, 100)}
	var err error
	p.props, err = prop.Export(p.conn, itemPath, prop.Map{itemName: {
		"Id": {Value: "test"}, "Title": {Value: title, Writable: true}, "Status": {Value: "Active", Writable: true},
		"Menu": {Value: dbus.ObjectPath("/menu")},
	}})
	if err != nil {
		d.t.Fatal(err)
	}
	must := func(err error) {
		if err != nil {
			d.t.Fatal(err)
		}
	}
	note := func(format string, a ...any) { p.calls <- fmt.Sprintf(format, a...) }
	must(p.conn.ExportMethodTable(map[string]any{
		"Activate":          func(x, y int32) *dbus.Error { note("activate %d %d", x, y); return nil },
		"SecondaryActivate": func(x, y int32) *dbus.Error { note("secondary %d %d", x, y); return nil },
		"Scroll":            func(n int32, way string) *dbus.Error { note("scroll %d %s", n, way); return nil },
		"ProvideXdgActivationToken": func(s string) *dbus.Error {
			note("token %s", s)
			return nil
		},
	}, itemPath, itemName))
	must(p.conn.ExportMethodTable(map[string]any{
		"AboutToShow": func(id int32) (bool, *dbus.Error) { note("about %d", id); return true, nil },
		"Event": func(id int32, what string, _ dbus.Variant, _ uint32) *dbus.Error {
			note("%s %d", what, id)
			return nil
		},
		"GetLayout": func(int32, int32, []string) (uint32, layoutNode, *dbus.Error) {
			return 1, layoutNode{0, vary(nil), []dbus.Variant{dbus.MakeVariant(layoutNode{7, vary(map[string]any{"label": "_Quit"}), []dbus.Variant{}})}}, nil
		},
	}, "/menu", menuName))
	must(p.register(itemPath))
	return p
}

// silent is a program that doesn't answer what is asked about items below a
// path, as long as the test runs.
func (d *desk) silent(path dbus.ObjectPath) *program {
	d.t.Helper()
	p := &program{d: d, conn: d.connect()}
	stop := make(chan bool)
	d.t.Cleanup(func() { close(stop) })
	if err := p.conn.ExportSubtreeMethodTable(map[string]any{"GetAll": func(string) (map[string]dbus.Variant, *dbus.Error) {
		<-stop
		return nil, nil
	}}, path, propsName); err != nil {
		d.t.Fatal(err)
	}
	return p
}

type layoutNode struct {
	ID    int32
	Props map[string]dbus.Variant
	Kids  []dbus.Variant
}

func (p *program) register(service string) error {
	return p.conn.Object(watcherName, watcherPath).Call(watcherName+".RegisterStatusNotifierItem", 0, service).Err
}

// called waits until the program was asked all of that, in any order: each call
// has a goroutine of its own.
func (p *program) called(want ...string) {
	p.d.t.Helper()
	for range len(want) {
		select {
		case got := <-p.calls:
			i := slices.Index(want, got)
			if i < 0 {
				p.d.t.Fatalf("the program was asked %q; want %q", got, want)
			}
			want = slices.Delete(want, i, i+1)
		case <-time.After(within):
			p.d.t.Fatalf("the program was not asked %q", want)
		}
	}
}

func titles(l []Item) string {
	var s []string
	for _, i := range l {
		s = append(s, i.Title)
	}
	return strings.Join(s, ",")
}

func is(want string) func([]Item) bool { return func(l []Item) bool { return titles(l) == want } }

func TestItemsComeChangeAndGo(t *testing.T) {
	d := newDesk(t)
	a := d.program("one")
	d.until("one item", is("one"))
	b := d.program("two")
	key := d.until("two items", is("one,two"))[0].Key
	a.props.SetMust(itemName, "Title", "other")
	if err := a.conn.Emit(itemPath, itemName+".NewTitle"); err != nil {
		t.Fatal(err)
	}
	if got := d.until("another title", is("other,two"))[0].Key; got != key {
		t.Errorf("its key was %q and is %q", key, got)
	}
	v, err := b.conn.Object(watcherName, watcherPath).GetProperty(watcherName + ".RegisteredStatusNotifierItems")
	if list, _ := v.Value().([]string); err != nil || len(list) != 2 || !slices.Contains(list, key) {
		t.Errorf("registered: %v %v", v, err)
	}
	a.conn.Close()
	d.until("one item less", is("two"))
}

func TestWhatIsAskedOfItems(t *testing.T) {
	d := newDesk(t)
	p := d.program("one")
	key := d.until("an item", is("one"))[0].Key
	d.service.Activate(key, 3, 4, "let me", nil)
	p.called("token let me", "activate 3 4")
	d.service.Secondary(key, 5, 6)
	p.called("secondary 5 6")
	d.service.Scroll(key, -120, false)
	p.called("scroll -120 vertical")
	menu := make(chan []Entry, 1)
	d.service.Menu(key, func(l []Entry, err error) {
		if err != nil {
			t.Error(err)
		}
		menu <- l
	})
	p.called("about 0")
	if l := <-menu; len(l) != 1 || l[0].Text != "Quit" || l[0].ID != 7 {
		t.Errorf("the menu is %+v", l)
	}
	d.service.Click(key, 7)
	p.called("clicked 7")
	gone := make(chan error, 1)
	d.service.Menu("nobody", func(_ []Entry, err error) { gone <- err })
	if err := <-gone; err != ErrGone {
		t.Errorf("an item that isn't there: %v", err)
	}
}

func TestAnItemWithoutPropertiesIsNone(t *testing.T) {
	d := newDesk(t)
	conn := d.connect()
	p := &program{d: d, conn: conn}
	if err := p.register("/nothing"); err != nil {
		t.Fatal(err)
	}
	d.program("one")
	d.until("the honest one alone", is("one"))
	registered := func() int {
		v, err := conn.Object(watcherName, watcherPath).GetProperty(watcherName + ".RegisteredStatusNotifierItems")
		if err != nil {
			t.Fatal(err)
		}
		return len(v.Value().([]string))
	}
	for late := time.Now().Add(within); registered() != 1; {
		if time.Now().After(late) {
			t.Fatal("it stays registered")
		}
	}
}

func TestHowMuchAProgramMayPutIn(t *testing.T) {
	d := newDesk(t)
	p := d.silent("/item")
	refused := 0
	for i := range 2 * MaxPerProgram {
		if err := p.register(fmt.Sprintf("/item/%d", i)); err != nil {
			refused++
		}
	}
	if refused != MaxPerProgram {
		t.Errorf("%d of %d were refused", refused, 2*MaxPerProgram)
	}
	if err := p.register("no path and no name " + strings.Repeat("x", 1000)); err == nil {
		t.Error("a name of a thousand bytes was taken")
	}
}

func TestAFloodIsAskedAFewTimes(t *testing.T) {
	d := newDesk(t)
	p := d.program("one")
	d.until("an item", is("one"))
	for i := range 2000 {
		p.props.SetMust(itemName, "Title", fmt.Sprint(i))
		if err := p.conn.Emit(itemPath, itemName+".NewTitle"); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	d.until("the last title", func(l []Item) bool { asked++; return titles(l) == "1999" })
	if asked > 200 {
		t.Errorf("2000 signals caused %d questions", asked)
	}
}

func TestASilentProgramHoldsUpNobody(t *testing.T) {
	d := newDesk(t)
	if err := d.silent(itemPath).register(itemPath); err != nil {
		t.Fatal(err)
	}
	d.program("one")
	d.until("the honest one", is("one"))
}

func TestNobodySpeaksForTheBus(t *testing.T) {
	d := newDesk(t)
	p := d.program("one")
	d.until("an item", is("one"))
	liar := d.connect()
	if err := liar.Emit("/org/freedesktop/DBus", "org.freedesktop.DBus.NameOwnerChanged", p.conn.Names()[0], p.conn.Names()[0], ""); err != nil {
		t.Fatal(err)
	}
	if err := liar.Emit("/org/freedesktop/DBus", "org.freedesktop.DBus.NameOwnerChanged"); err != nil {
		t.Fatal(err)
	}
	d.program("two")
	d.until("both", is("one,two"))
}

func TestTheTrayIsTakenOver(t *testing.T) {
	d := newDesk(t)
	second := &desk{t: t, address: d.address, lists: make(chan []Item, 100)}
	second.serve()
	p := d.program("one")
	d.until("an item", is("one"))
	names := make(chan *dbus.Signal, 10)
	p.conn.Signal(names)
	if err := p.conn.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName)); err != nil {
		t.Fatal(err)
	}
	d.service.conn.Close()
	select {
	case <-names: // programs register again then
	case <-time.After(within):
		t.Fatal("nobody has the tray")
	}
	if err := p.register(itemPath); err != nil {
		t.Fatal(err)
	}
	second.until("the item", is("one"))
}
