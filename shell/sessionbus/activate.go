package sessionbus

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// Activation is a call of org.freedesktop.Application (Desktop Entry
// Specification 1.5, "D-Bus Activation"): ActivateAction if there is an Action,
// else Open if there are URIs, else Activate.
type Activation struct {
	Name, Path, Action string
	URIs               []string
	// Token lets the application's window come to the front.
	Token string
}

// activateWithin bounds the start of an application.
const activateWithin = 25 * time.Second

// Activate asks an application on a bus, which starts it if it isn't there, and
// waits for the answer.
func Activate(address string, a Activation) error {
	conn, err := Connect(address)
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), activateWithin)
	defer cancel()
	data := map[string]dbus.Variant{}
	if a.Token != "" {
		data["activation-token"] = dbus.MakeVariant(a.Token)
		data["desktop-startup-id"] = dbus.MakeVariant(a.Token)
	}
	method, args := "Activate", []any{data}
	switch {
	case a.Action != "":
		method, args = "ActivateAction", []any{a.Action, []dbus.Variant{}, data}
	case len(a.URIs) > 0:
		method, args = "Open", []any{a.URIs, data}
	}
	return conn.Object(a.Name, dbus.ObjectPath(a.Path)).CallWithContext(ctx, "org.freedesktop.Application."+method, 0, args...).Err
}
