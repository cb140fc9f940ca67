package notify

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

// newBus starts a message bus of its own and returns how to connect.
func newBus(t *testing.T) func() *dbus.Conn {
	t.Helper()
	address := bustest.New(t)
	return func() *dbus.Conn {
		conn, err := dbus.Connect(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
}

// desk runs a Center on a goroutine of its own.
func desk(t *testing.T, conn *dbus.Conn) (run func(func(*Center))) {
	t.Helper()
	work := make(chan func(), 16)
	done := make(chan bool)
	go func() {
		defer close(done)
		for f := range work {
			f()
		}
	}()
	c := &Center{}
	if _, err := Serve(conn, c, "1", func(f func()) { work <- f }, func() time.Time { return noon }); err != nil {
		t.Fatal(err)
	}
	return func(f func(*Center)) {
		end := make(chan bool)
		work <- func() { f(c); close(end) }
		<-end
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
	connect := newBus(t)
	run := desk(t, connect())
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
	if _, err := Serve(b, &Center{}, "1", func(f func()) { f() }, time.Now); !errors.Is(err, ErrTaken) {
		t.Errorf("a second service: %v; want ErrTaken", err)
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
	connect := newBus(t)
	desk(t, connect())
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
