package surfacelog

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// Surface is what a guest has told of one surface. Places and sizes are in
// pixels of the guest's screen.
type Surface struct {
	ID       uint32   `json:"surface_id"`
	WindowID string   `json:"window_id"`
	Role     string   `json:"role"`
	Title    string   `json:"title"`
	Format   string   `json:"format"`
	X        int32    `json:"x"`
	Y        int32    `json:"y"`
	W        int32    `json:"w"`
	H        int32    `json:"h"`
	Parent   uint32   `json:"parent_surface_id,omitempty"`
	States   []string `json:"states"`
	Seq      uint64   `json:"latest_seq"`
	SHA256   string   `json:"latest_sha256,omitempty"` // of the picture's text
	Path     string   `json:"latest_path,omitempty"`
}

// Window is a surface as windows have it.
type Window struct {
	ID       string   `json:"window_id"`
	Surface  uint32   `json:"surface_id"`
	Title    string   `json:"title"`
	Role     string   `json:"role"`
	X        int32    `json:"x"`
	Y        int32    `json:"y"`
	W        int32    `json:"w"`
	H        int32    `json:"h"`
	Parent   string   `json:"parent_window_id,omitempty"`
	States   []string `json:"states"`
	Children []string `json:"children"`
}

// Registry is all windows of a guest.
type Registry struct {
	Surfaces map[string]Surface `json:"surfaces"` // by the surface's number
	Windows  map[string]Window  `json:"windows"`  // by id
	Focused  string             `json:"focused_window_id"`
	Order    []string           `json:"z_order"` // back to front
}

func windowID(id uint32) string { return "win-" + strconv.FormatUint(uint64(id), 10) }

// Registry returns the windows that there are. It shares nothing with l.
func (l *Log) Registry() Registry {
	r := Registry{Surfaces: map[string]Surface{}, Windows: map[string]Window{}, Order: []string{}}
	for _, id := range slices.Sorted(maps.Keys(l.surfaces)) {
		s := *l.surfaces[id]
		s.WindowID, s.States = windowID(id), append([]string{}, s.States...)
		r.Surfaces[strconv.FormatUint(uint64(id), 10)] = s
		w := Window{
			ID: s.WindowID, Surface: id, Title: s.Title, Role: s.Role, X: s.X, Y: s.Y, W: s.W, H: s.H,
			States: s.States, Children: []string{},
		}
		for _, c := range slices.Sorted(maps.Keys(l.surfaces)) {
			if l.surfaces[c].Parent == id {
				w.Children = append(w.Children, windowID(c))
			}
		}
		if l.surfaces[s.Parent] != nil {
			w.Parent = windowID(s.Parent)
		}
		r.Windows[w.ID] = w
	}
	for _, id := range l.order {
		r.Order = append(r.Order, windowID(id))
	}
	if l.focused != 0 {
		r.Focused = windowID(l.focused)
	}
	return r
}

// JSON returns the registry as a file has it.
func (r *Registry) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	return append(b, '\n'), err
}
