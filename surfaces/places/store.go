package places

import (
	"crypto/rand"
	"encoding/hex"
	"sync"
	"time"
	"unicode/utf8"

	"rayos/geom"
)

// Limits of what is kept.
const (
	MaxSessions = 512     // of all programs
	MaxWindows  = 128     // of a session
	MaxName     = 4096    // bytes of a window's name
	maxFile     = 4 << 20 // bytes
	maxText     = 256     // bytes of an output's or a program's name
)

// Place is where and how a window was. Coordinates are logical.
type Place struct {
	Output string     `json:"output,omitempty"` // its name
	At     geom.Point `json:"at"`               // corner of the floating frame, relative to the output
	Size   geom.Size  `json:"size"`             // of the floating content
	// Zone is the part of the output that it filled, as the window manager
	// calls it; empty for none.
	Zone       string `json:"zone,omitempty"`
	Fullscreen bool   `json:"fullscreen,omitempty"`
	Minimized  bool   `json:"minimized,omitempty"`
	Workspace  int    `json:"workspace"` // counted from 0; less for the one that is shown
}

// session is what one application keeps.
type session struct {
	Used    int64            `json:"used"`  // seconds since 1970
	Owner   string           `json:"owner"` // program
	Windows map[string]Place `json:"windows"`

	held int // by clients: such a session is not given up
}

// Store is all sessions. See the package documentation.
type Store struct {
	// Now is the clock, time.Now by default.
	Now func() time.Time

	path     string // "" keeps nothing
	sessions map[string]*session
	loaded   bool
	loadErr  error
	dirty    bool

	seq   uint64     // of Save
	write sync.Mutex // guards done and the file
	done  uint64     // highest seq written
}

// New returns a store that is kept in a file, or in memory only if path is
// empty. The file is read when the first session is asked for.
func New(path string) *Store {
	return &Store{Now: time.Now, path: path, sessions: map[string]*session{}, loaded: path == ""}
}

// Create makes a session for a program and returns its id.
func (s *Store) Create(owner string) string {
	s.load()
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	id := hex.EncodeToString(b[:])
	s.sessions[id] = &session{Used: s.Now().Unix(), Owner: cut(owner, maxText), Windows: map[string]Place{}, held: 1}
	s.evict()
	return id
}

// Take begins to use a session. It reports false if there is none.
func (s *Store) Take(id string) bool {
	s.load()
	v := s.sessions[id]
	if v == nil {
		return false
	}
	v.held++
	v.Used = s.Now().Unix()
	s.dirty = s.dirty || len(v.Windows) > 0
	return true
}

// Release ends a use that began with Create or Take. Sessions without windows
// are forgotten.
func (s *Store) Release(id string) {
	v := s.sessions[id]
	if v == nil {
		return
	}
	v.held--
	if v.held == 0 && len(v.Windows) == 0 {
		delete(s.sessions, id)
	}
}

// Remove forgets a session.
func (s *Store) Remove(id string) {
	if v := s.sessions[id]; v != nil {
		delete(s.sessions, id)
		s.dirty = s.dirty || len(v.Windows) > 0
	}
}

// Place returns what is remembered of a window.
func (s *Store) Place(id, name string) (Place, bool) {
	if v := s.sessions[id]; v != nil {
		p, ok := v.Windows[name]
		return p, ok
	}
	return Place{}, false
}

// Put remembers a window. It reports false if the session has too many.
func (s *Store) Put(id, name string, p Place) bool {
	v := s.sessions[id]
	if v == nil {
		return false
	}
	old, has := v.Windows[name]
	if !has && len(v.Windows) >= MaxWindows {
		return false
	}
	p = p.sane()
	if !has || old != p {
		v.Windows[name] = p
		v.Used = s.Now().Unix()
		s.dirty = true
	}
	return true
}

// Drop forgets a window.
func (s *Store) Drop(id, name string) {
	if v := s.sessions[id]; v != nil {
		if _, has := v.Windows[name]; has {
			delete(v.Windows, name)
			s.dirty = true
		}
	}
}

// Rename gives a window another name, which no other may have.
func (s *Store) Rename(id, from, to string) {
	if p, has := s.Place(id, from); has && from != to {
		s.Drop(id, from)
		s.Put(id, to, p)
	}
}

// Dirty reports whether there is something to save.
func (s *Store) Dirty() bool { return s.dirty && s.path != "" }

// evict gives up sessions beyond MaxSessions: empty ones first, then of the
// program that has the most, the one that was used longest ago.
func (s *Store) evict() {
	for len(s.sessions) > MaxSessions {
		count := map[string]int{}
		for _, v := range s.sessions {
			count[v.Owner]++
		}
		worst := ""
		for id, v := range s.sessions {
			if v.held == 0 && (worst == "" || s.worse(id, worst, count)) {
				worst = id
			}
		}
		if worst == "" {
			return // all are in use; their clients are bounded
		}
		s.Remove(worst)
	}
}

// worse reports whether session a goes before b.
func (s *Store) worse(a, b string, count map[string]int) bool {
	x, y := s.sessions[a], s.sessions[b]
	switch {
	case (len(x.Windows) == 0) != (len(y.Windows) == 0):
		return len(x.Windows) == 0
	case count[x.Owner] != count[y.Owner]:
		return count[x.Owner] > count[y.Owner]
	case x.Used != y.Used:
		return x.Used < y.Used
	}
	return a < b
}

// sane returns p with values that a window could have.
func (p Place) sane() Place {
	const far, large = 1 << 20, 1 << 15
	p.Output, p.Zone = cut(p.Output, maxText), cut(p.Zone, maxText)
	p.At = geom.Point{X: min(max(p.At.X, -far), far), Y: min(max(p.At.Y, -far), far)}
	p.Size = geom.Size{W: min(max(p.Size.W, 0), large), H: min(max(p.Size.H, 0), large)}
	p.Workspace = min(max(p.Workspace, -1), 63)
	return p
}

// cut shortens a text to n bytes of whole characters.
func cut(t string, n int) string {
	if len(t) <= n {
		return t
	}
	for n > 0 && !utf8.RuneStart(t[n]) {
		n--
	}
	return t[:n]
}
