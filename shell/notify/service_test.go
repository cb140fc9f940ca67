package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

// newBus starts a message bus of its own and returns its address, and how to
// connect.
func newBus(t *testing.T) (string, func() *dbus.Conn) {
	t.Helper()
	address := bustest.New(t)
	return address, func() *dbus.Conn {
		conn, err := dbus.Connect(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
}

// desk runs a Center on a goroutine of its own.
type desk struct {
	t       *testing.T
	service *Service
	work    chan func()
	owned   chan bool
}

func newDesk(t *testing.T, address string) *desk {
	t.Helper()
	d := &desk{t: t, work: make(chan func(), 16), owned: make(chan bool, 16)}
	go func() {
		for f := range d.work {
			f()
		}
	}()
	c := &Center{}
	d.run(func(*Center) {})
	s, err := Connect(address, c, Options{
		Version: "1", Post: func(f func()) { d.work <- f }, Now: func() time.Time { return noon }, Owned: func(on bool) { d.owned <- on },
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Told = s.Tell
	d.service = s
	t.Cleanup(func() { s.Close() })
	return d
}

func (d *desk) run(f func(*Center)) {
	end := make(chan bool)
	d.work <- func() {
		if d.service != nil {
			f(d.service.center)
		}
		close(end)
	}
	<-end
}

// wantOwned waits until the name is had, or known to be another's.
func (d *desk) wantOwned(want bool) {
	d.t.Helper()
	select {
	case got := <-d.owned:
		if got != want {
			d.t.Fatalf("the name is had: %v; want %v", got, want)
		}
	case <-time.After(within):
		d.t.Fatalf("nobody says whose the name is; want %v", want)
	}
}

const within = 30 * time.Second

func wait(t *testing.T, signals chan *dbus.Signal, member string) *dbus.Signal {
	t.Helper()
	late := time.After(within)
	for {
		select {
		case s := <-signals:
			if strings.HasSuffix(s.Name, "."+member) {
				return s
			}
		case <-late:
			t.Fatalf("no signal %s", member)
		}
	}
}

func TestService(t *testing.T) {
	address, connect := newBus(t)
	d := newDesk(t, address)
	d.wantOwned(true)
	run := d.run
	a, b := connect(), connect()
	signals := make(chan *dbus.Signal, 16)
	a.Signal(signals)
	others := make(chan *dbus.Signal, 16)
	b.Signal(others)
	if err := b.AddMatchSignal(dbus.WithMatchInterface(busInterface)); err != nil {
		t.Fatal(err)
	}
	object := func(c *dbus.Conn) dbus.BusObject { return c.Object(busName, busPath) }
	notify := func(c *dbus.Conn, replaces uint32, summary string) (id uint32, err error) {
		err = object(c).Call(busInterface+".Notify", 0, "app", replaces, "", summary, "<b>hi</b>", []string{"open", "Open"}, map[string]dbus.Variant{}, int32(-1)).Store(&id)
		return id, err
	}
	id, err := notify(a, 0, "one")
	if err != nil || id == 0 {
		t.Fatal(id, err)
	}
	run(func(c *Center) {
		if n := c.Shown()[0]; n.Sender != a.Names()[0] || n.Text() != "hi" || n.ID != id {
			t.Errorf("shown: %+v", n)
		}
	})
	if err := object(b).Call(busInterface+".CloseNotification", 0, id).Err; err == nil {
		t.Error("a program has closed what another said")
	}
	if _, err := notify(a, 0, ""); err != nil {
		t.Error("a body alone is enough:", err)
	}
	run(func(c *Center) { c.Choose(id, "open", "tok") })
	if s := wait(t, signals, "ActivationToken"); s.Body[1] != "tok" {
		t.Errorf("token: %v", s.Body)
	}
	if s := wait(t, signals, "ActionInvoked"); s.Body[0] != id || s.Body[1] != "open" {
		t.Errorf("action: %v", s.Body)
	}
	if s := wait(t, signals, "NotificationClosed"); s.Body[0] != id || s.Body[1] != uint32(Dismissed) {
		t.Errorf("closed: %v", s.Body)
	}
	var name, vendor, version, spec string
	if err := object(b).Call(busInterface+".GetServerInformation", 0).Store(&name, &vendor, &version, &spec); err != nil || spec != "1.3" {
		t.Error(name, vendor, version, spec, err)
	}
	var caps []string
	if err := object(b).Call(busInterface+".GetCapabilities", 0).Store(&caps); err != nil || len(caps) == 0 {
		t.Error(caps, err)
	}
	for len(others) > 0 {
		if s := <-others; strings.HasPrefix(s.Name, busInterface) {
			t.Errorf("another program has heard %v", s)
		}
	}
	a.Close()
	gone := make(chan bool, 1)
	look := func() {
		run(func(c *Center) { gone <- len(c.Shown()[0].Actions) == 0 })
	}
	for late := time.After(within); ; {
		look()
		if <-gone {
			break
		}
		select {
		case <-late:
			t.Fatal("a program that has left still has actions")
		default:
		}
	}
}

func TestServiceOutlivesNonsense(t *testing.T) {
	address, connect := newBus(t)
	newDesk(t, address)
	c := connect()
	o := c.Object(busName, busPath)
	for _, args := range [][]any{
		{},
		{1},
		{"app", uint32(0), "", "s", "", []string{"odd"}, map[string]dbus.Variant{}, int32(0)},
		{"app", "0", "", "s", "", []string{}, map[string]dbus.Variant{}, int32(0)},
		{"app", uint32(0), "", "", "", []string{}, map[string]dbus.Variant{}, int32(0)},
	} {
		if err := o.Call(busInterface+".Notify", 0, args...).Err; err == nil {
			t.Errorf("Notify%v was taken", args)
		}
	}
	var id uint32
	err := o.Call(busInterface+".Notify", 0, "app", uint32(0), "", strings.Repeat("x", 1<<20), strings.Repeat("<b>", 1<<18), []string{}, map[string]dbus.Variant{
		"image-data": dbus.MakeVariant(struct {
			W, H, Stride  int32
			Alpha         bool
			Bits, Samples int32
			Data          []byte
		}{1 << 20, 1 << 20, 4, true, 8, 4, make([]byte, 1<<20)}),
	}, int32(0)).Store(&id)
	if err != nil || id == 0 {
		t.Error(id, err)
	}
}

func TestTheNameComesWhenItIsFree(t *testing.T) {
	address, connect := newBus(t)
	other := connect()
	if _, err := other.RequestName(busName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, address)
	d.wantOwned(false)
	if _, err := other.ReleaseName(busName); err != nil {
		t.Fatal(err)
	}
	d.wantOwned(true)
	var caps []string
	if err := other.Object(busName, busPath).Call(busInterface+".GetCapabilities", 0).Store(&caps); err != nil || len(caps) == 0 {
		t.Error(caps, err)
	}
}

// TestAFloodIsRefused: calls that nobody has time for don't pile up.
func TestAFloodIsRefused(t *testing.T) {
	address, connect := newBus(t)
	d := newDesk(t, address)
	d.wantOwned(true)
	busy := make(chan bool)
	d.work <- func() { <-busy }
	c := connect()
	const calls = 2000
	done := make(chan *dbus.Call, calls)
	for range calls {
		c.Object(busName, busPath).Go(busInterface+".Notify", 0, done, "app", uint32(0), "", "s", "", []string{}, map[string]dbus.Variant{}, int32(0))
	}
	for range calls - maxCalls {
		if call := <-done; call.Err == nil {
			t.Fatal("a call was answered though nobody had time")
		}
	}
	close(busy)
	for range maxCalls {
		if call := <-done; call.Err != nil {
			t.Error("one of those that waited was refused:", call.Err)
		}
	}
	d.run(func(c *Center) {
		if n := len(c.Shown()); n != maxOfOne {
			t.Errorf("%d are shown; want %d", n, maxOfOne)
		}
	})
}

// TestOnlyTheBusIsBelieved: a program can't say that another has left, or that
// the name is its own.
func TestOnlyTheBusIsBelieved(t *testing.T) {
	address, connect := newBus(t)
	d := newDesk(t, address)
	d.wantOwned(true)
	a, liar := connect(), connect()
	var id uint32
	if err := a.Object(busName, busPath).Call(busInterface+".Notify", 0, "app", uint32(0), "", "s", "", []string{"a", "A"}, map[string]dbus.Variant{}, int32(0)).Store(&id); err != nil {
		t.Fatal(err)
	}
	for member, body := range map[string][]any{
		"NameOwnerChanged": {a.Names()[0], a.Names()[0], ""}, "NameLost": {busName}, "NameAcquired": {busName},
	} {
		m := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath: dbus.MakeVariant(dbus.ObjectPath("/org/freedesktop/DBus")), dbus.FieldInterface: dbus.MakeVariant("org.freedesktop.DBus"),
			dbus.FieldMember: dbus.MakeVariant(member), dbus.FieldDestination: dbus.MakeVariant(d.service.conn.Names()[0]),
			dbus.FieldSignature: dbus.MakeVariant(dbus.SignatureOf(body...)),
		}, Body: body}
		liar.Send(m, nil)
	}
	if err := liar.Object(busName, busPath).Call(busInterface+".GetCapabilities", 0).Err; err != nil {
		t.Fatal(err) // its signals came before
	}
	d.run(func(c *Center) {
		if n := c.Shown(); len(n) != 1 || len(n[0].Actions) != 1 {
			t.Error("a program was taken at its word about another")
		}
	})
	if len(d.owned) != 0 {
		t.Error("a program was taken at its word about the name")
	}
}
