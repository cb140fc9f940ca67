package rayapps

import (
	"errors"
	"log/slog"
	"strings"

	"rayos/geom"
	"rayos/surfaces/protocol/client"
)

// Options says what an app is called and how its window begins.
type Options struct {
	// ID names the app everywhere: reverse DNS, as "org.example.Notes". It is
	// the window's app_id and names the .desktop file and the saved state.
	ID string
	// Name is what markers call the app; the last part of ID in lower case if
	// empty.
	Name string
	// Title is the window's until a Titler says otherwise, in the person's
	// language if a catalog has it (lang.M marks it); Name if empty.
	Title string
	// Size is the window's at first, in logical pixels; 0 is 800×600. MinSize
	// is the least that the view makes sense at; 0 is any.
	Size, MinSize geom.Size
	// Names are files and addresses for an Opener.
	Names []string
	// Token is from who started the app, to have the focus
	// (xdg_activation_v1); Run takes it from XDG_ACTIVATION_TOKEN if empty.
	Token string
	// Socket is the compositor's, as in client.Connect; empty means that of
	// the environment.
	Socket string
	// Conn is a connection to use instead. Run owns it from then on, also if
	// it fails.
	Conn *client.Display
	// Marker is told each marker; nil prints them.
	Marker func(line string)
	// Log is nil for none.
	Log *slog.Logger
}

// DefaultSize is that of a window whose app doesn't say, in logical pixels.
var DefaultSize = geom.Size{W: 800, H: 600}

// ErrID says that an ID isn't reverse DNS.
var ErrID = errors.New("rayapps: the ID is not like org.example.Name")

// maxName bounds IDs, names and titles, in bytes.
const maxName = 255

func (o *Options) complete() error {
	if !validID(o.ID) {
		return ErrID
	}
	if o.Name == "" {
		o.Name = strings.ToLower(o.ID[strings.LastIndexByte(o.ID, '.')+1:])
	}
	if o.Title == "" {
		o.Title = o.Name
	}
	o.Name = plain(o.Name)
	if o.Size.Empty() {
		o.Size = DefaultSize
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return nil
}

// plain returns a name that can't look like another field of a marker.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == ':' || r >= 0x7f {
			return '_'
		}
		return r
	}, cut(name, maxName))
}

// validID reports whether an ID is safe as a D-Bus name and as a file name.
func validID(id string) bool {
	if len(id) > maxName {
		return false
	}
	parts := strings.Split(id, ".")
	for _, p := range parts {
		if p == "" || p[0] >= '0' && p[0] <= '9' {
			return false
		}
		for _, c := range []byte(p) {
			if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
				return false
			}
		}
	}
	return len(parts) >= 2
}
