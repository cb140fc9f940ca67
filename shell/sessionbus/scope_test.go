package sessionbus

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

// manager is a systemd that tells what it was asked.
type manager struct {
	conn   *dbus.Conn
	result string // of its jobs
	asked  chan string
}

func (m *manager) Subscribe() *dbus.Error { return nil }

func (m *manager) StartTransientUnit(name, mode string, list []property, _ []aux) (dbus.ObjectPath, *dbus.Error) {
	var b strings.Builder
	fmt.Fprint(&b, name, " ", mode)
	for _, p := range list {
		fmt.Fprint(&b, " ", p.Name, "=", p.Value)
	}
	m.asked <- b.String()
	if m.result == "" {
		return "", dbus.MakeFailedError(errors.New("no"))
	}
	// Others' jobs end, too.
	for i, r := range []string{"failed", m.result} {
		if err := m.conn.Emit(systemdPath, managerIface+".JobRemoved", uint32(i), dbus.ObjectPath(fmt.Sprint("/job/", i)), name, r); err != nil {
			return "", dbus.MakeFailedError(err)
		}
	}
	return "/job/1", nil
}

func TestMakeScope(t *testing.T) {
	address := bustest.New(t)
	s := Scope{Name: "app-x.scope", PID: 77, Memory: 1 << 20, CPUPercent: 150, Tasks: 9}
	if err := MakeScope(address, s); err == nil {
		t.Error("a bus without systemd has made a scope")
	}
	conn, err := Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	m := &manager{conn: conn, asked: make(chan string, 1)}
	if err := conn.Export(m, systemdPath, managerIface); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(systemdName, 0); err != nil {
		t.Fatal(err)
	}
	const want = `app-x.scope fail Description="RayOS app" PIDs=@au [77] CollectMode="inactive-or-failed" MemoryMax=@t 1048576 CPUQuotaPerSecUSec=@t 1500000 TasksMax=@t 9`
	for result, ok := range map[string]bool{"done": true, "failed": false, "": false} {
		m.result = result
		if err := MakeScope(address, s); (err == nil) != ok {
			t.Errorf("%q: %v", result, err)
		}
		if got := <-m.asked; got != want {
			t.Errorf("asked\n%s; want\n%s", got, want)
		}
	}
}
