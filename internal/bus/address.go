package bus

import (
	"os"
	"path/filepath"
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
