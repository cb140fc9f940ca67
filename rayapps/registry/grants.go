package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"rayos/internal/atomicfile"
	"rayos/rayapps/manifest"
)

// Decision is what the person has said about a permission.
type Decision string

// Decisions.
const (
	Undecided Decision = ""
	Granted   Decision = "granted"
	Denied    Decision = "denied"
)

// State is a permission that an app asks for.
type State struct {
	*manifest.Permission
	Reason   string
	Decision Decision
	Own      bool // the app comes with the session
}

// Holds reports whether the app has the permission: one that is asked for needs
// a yes, all others hold without a no.
func (s *State) Holds() bool {
	return s.Decision == Granted || s.Decision == Undecided && (s.Kind != manifest.Ask || s.Own)
}

// Open reports whether the person has yet to be asked.
func (s *State) Open() bool { return s.Kind == manifest.Ask && s.Decision == Undecided && !s.Own }

func (r *Registry) grantsPath(id string) string { return filepath.Join(r.Root, "grants", id+".json") }

// maxGrants bounds the file, in bytes.
const maxGrants = 16 << 10

func (r *Registry) grants(id string) (map[string]Decision, error) {
	data, err := os.ReadFile(r.grantsPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]Decision{}, nil
	}
	if err == nil && len(data) > maxGrants {
		err = fmt.Errorf("larger than %d bytes", maxGrants)
	}
	g := map[string]Decision{}
	if err == nil {
		err = json.Unmarshal(data, &g)
	}
	if err != nil {
		return nil, fmt.Errorf("what was decided about %s: %w", id, err)
	}
	return g, nil
}

// Permissions returns those that an app asks for, in the table's order. When the
// decisions can't be read the app has none.
func (r *Registry) Permissions(a *App) ([]State, error) {
	g, err := r.grants(a.ID)
	var list []State
	for i := range manifest.Permissions {
		p := &manifest.Permissions[i]
		reason, asks := a.Manifest.Permissions[p.Name]
		if !asks {
			continue
		}
		s := State{Permission: p, Reason: reason, Decision: g[p.Name], Own: a.Command != ""}
		if err != nil || s.Decision != Granted && s.Decision != Undecided {
			s.Decision = Denied
		}
		list = append(list, s)
	}
	return list, err
}

// Decide writes down what the person says about a permission; Undecided forgets
// what they have said. It holds from the app's next start on.
func (r *Registry) Decide(a *App, name string, d Decision) error {
	if _, asks := a.Manifest.Permissions[name]; !asks {
		return fmt.Errorf("%s doesn't ask for %.40q", a.ID, name)
	}
	if !slices.Contains([]Decision{Undecided, Granted, Denied}, d) {
		return fmt.Errorf("%.20q is no decision", d)
	}
	unlock, err := r.lock()
	if err != nil {
		return err
	}
	defer unlock()
	g, err := r.grants(a.ID)
	if err != nil {
		return err
	}
	if d == Undecided {
		delete(g, name)
	} else {
		g[name] = d
	}
	data, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(r.grantsPath(a.ID), append(data, '\n'))
}

// Held are the names of the permissions that hold.
func Held(list []State) (names []string) {
	for i := range list {
		if list[i].Holds() {
			names = append(names, list[i].Name)
		}
	}
	return names
}
