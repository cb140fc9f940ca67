package sessionbus

import (
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

// within is a generous deadline for the bus.
const within = 30 * time.Second

// hearer hands on all signals.
type hearer chan *dbus.Signal

func (h hearer) DeliverSignal(_, _ string, sig *dbus.Signal) { h <- sig }

func TestDepartures(t *testing.T) {
	address := bustest.New(t)
	connect := func() *dbus.Conn {
		c, err := Connect(address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	heard := make(hearer, 64)
	conn, err := Connect(address, dbus.WithSignalHandler(heard))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	d := &Departures{Conn: conn, Most: 2}
	// next returns who leaves next, by the signals that come.
	next := func() string {
		t.Helper()
		for late := time.After(within); ; {
			select {
			case sig := <-heard:
				if name, ok := d.Left(sig); ok {
					return name
				} else if sig.Name == busDaemon+".NameOwnerChanged" {
					t.Fatalf("told of %v, whom nobody follows", sig.Body)
				}
			case <-late:
				t.Fatal("nobody leaves")
			}
		}
	}
	follow := func(c *dbus.Conn) (string, bool, error) {
		there, err := d.Follow(t.Context(), c.Names()[0])
		return c.Names()[0], there, err
	}

	a, b, stranger := connect(), connect(), connect()
	first, there, err := follow(a)
	if !there || err != nil {
		t.Fatal(there, err)
	}
	if _, there, err := follow(a); !there || err != nil {
		t.Error("a second time:", there, err)
	}
	second, _, err := follow(b)
	if err != nil {
		t.Fatal(err)
	}
	if _, there, err := follow(stranger); there || err == nil {
		t.Error("a third program is followed; two may be")
	}
	fake := &dbus.Signal{Sender: ":1.99", Name: busDaemon + ".NameOwnerChanged", Body: []any{first, first, ""}}
	if _, ok := d.Left(fake); ok {
		t.Error("a program says that another has left, and is believed")
	}
	stranger.Close()
	a.Close()
	if got := next(); got != first {
		t.Errorf("%s has left; want %s", got, first)
	}
	b.Close()
	if got := next(); got != second {
		t.Errorf("%s has left; want %s", got, second)
	}
	if there, err := d.Follow(t.Context(), first); there || err != nil {
		t.Errorf("a program that has left: there %v, %v", there, err)
	}
	if len(d.names) != 0 {
		t.Errorf("%v are still followed", d.names)
	}
}
