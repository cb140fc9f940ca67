// Package sessionbus connects to the message bus of the person's session.
package sessionbus

import (
	"os"
	"path/filepath"

	"github.com/godbus/dbus/v5"
)

// Address returns where the bus is, as the D-Bus specification and systemd have
// it, or "" if there is none. Nothing is started.
func Address() string {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" {
		return a
	}
	path := filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus")
	if st, err := os.Stat(path); err != nil || st.Mode().Type() != os.ModeSocket || !filepath.IsAbs(path) {
		return ""
	}
	return "unix:path=" + path
}

// Connect returns a connection of its own to a bus, authenticated. It may take as
// long as the bus does: it is not for the loop's goroutine.
func Connect(address string) (*dbus.Conn, error) { return dbus.Connect(address) }
