package sessionbus

import (
	"context"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// Scope is a cgroup that the person's systemd makes for a process
// (org.freedesktop.systemd1(5), systemd.scope(5)). It ends with the process.
type Scope struct {
	Name string // ends in .scope
	PID  int
	// Limits; 0 is none.
	Memory     uint64 // bytes
	CPUPercent int    // of one processor
	Tasks      uint64
}

// scopeWithin bounds how long systemd may take.
const scopeWithin = 5 * time.Second

type property struct {
	Name  string
	Value dbus.Variant
}

// aux is of StartTransientUnit; no use is made of it.
type aux struct {
	Name       string
	Properties []property
}

const (
	systemdName  = "org.freedesktop.systemd1"
	systemdPath  = "/org/freedesktop/systemd1"
	managerIface = "org.freedesktop.systemd1.Manager"
)

// MakeScope asks the systemd on a bus for a scope, and returns when the process
// is in it.
func MakeScope(address string, s Scope) error {
	conn, err := Connect(address)
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), scopeWithin)
	defer cancel()
	if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(systemdName), dbus.WithMatchInterface(managerIface), dbus.WithMatchMember("JobRemoved")); err != nil {
		return err
	}
	signals := make(chan *dbus.Signal, 64) // a full one would lose ours
	conn.Signal(signals)
	manager := conn.Object(systemdName, systemdPath)
	if err := manager.CallWithContext(ctx, managerIface+".Subscribe", dbus.FlagNoAutoStart).Err; err != nil {
		return fmt.Errorf("systemd: %w", err)
	}
	list := []property{
		{"Description", dbus.MakeVariant("RayOS app")},
		{"PIDs", dbus.MakeVariant([]uint32{uint32(s.PID)})},
		{"CollectMode", dbus.MakeVariant("inactive-or-failed")},
	}
	if s.Memory > 0 {
		list = append(list, property{"MemoryMax", dbus.MakeVariant(s.Memory)})
	}
	if s.CPUPercent > 0 {
		list = append(list, property{"CPUQuotaPerSecUSec", dbus.MakeVariant(uint64(s.CPUPercent) * 10_000)})
	}
	if s.Tasks > 0 {
		list = append(list, property{"TasksMax", dbus.MakeVariant(s.Tasks)})
	}
	var job dbus.ObjectPath
	if err := manager.CallWithContext(ctx, managerIface+".StartTransientUnit", dbus.FlagNoAutoStart, s.Name, "fail", list, []aux{}).Store(&job); err != nil {
		return fmt.Errorf("systemd: %w", err)
	}
	for {
		select {
		case sig := <-signals:
			var (
				id           uint32
				path         dbus.ObjectPath
				unit, result string
			)
			if sig == nil {
				return fmt.Errorf("systemd: the bus has gone")
			}
			if sig.Name != managerIface+".JobRemoved" || dbus.Store(sig.Body, &id, &path, &unit, &result) != nil || path != job {
				continue
			}
			if result != "done" {
				return fmt.Errorf("systemd: the scope's job has ended: %s", Clean(result, 40, false))
			}
			return nil
		case <-ctx.Done():
			return fmt.Errorf("systemd: %w", ctx.Err())
		}
	}
}
