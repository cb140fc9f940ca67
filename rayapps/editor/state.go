package editor

import (
	"encoding/json"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"rayos/rayapps/editor/buffer"
)

// state is what comes back after the program was killed.
type state struct {
	Prefs prefs
	Docs  []docState `json:",omitempty"`
	At    int        `json:",omitempty"`
}

type docState struct {
	Path, Name string           `json:",omitempty"`
	Sel        buffer.Selection // and
	Top        int64
	Text       []byte `json:",omitempty"` // where it wasn't saved
	Unsaved    bool   `json:",omitempty"`
	Stamp      buffer.Stamp
	BOM, CRLF  bool `json:",omitempty"`
	Spaces     bool `json:",omitempty"`
	Tab        int
	Fixed      bool `json:"-"`
}

// maxUnsaved bounds the text that is kept, in bytes. Base64 makes a third more
// of it, and an app may keep 1 MiB.
const maxUnsaved = 640 << 10

// maxDocs bounds the documents that are kept.
const maxDocs = 64

// Save implements rayapps.Saver.
func (ed *Editor) Save() ([]byte, error) {
	if !ed.alone {
		return ed.saved, nil
	}
	s := state{Prefs: ed.prefs}
	left := int64(maxUnsaved)
	for i, d := range ed.docs {
		if ed.ending || len(s.Docs) >= maxDocs || d.blank() {
			continue
		}
		k := docState{Path: d.path, Name: d.name, Sel: d.sel, Top: d.top.off, Stamp: d.stamp, BOM: d.bom, CRLF: d.crlf(), Spaces: d.spaces, Tab: d.tab}
		if d.buf.Modified() {
			n := d.text().Len()
			if n <= left {
				left -= n
				k.Text, k.Unsaved = d.text().Slice(0, n), true
			} else if d.path == "" {
				continue
			}
		} else if d.path == "" {
			continue
		}
		if i == ed.at {
			s.At = len(s.Docs)
		}
		s.Docs = append(s.Docs, k)
	}
	return json.Marshal(s)
}

// restore takes what Save has returned. What makes no sense is left out.
func (ed *Editor) restore(saved []byte) {
	var s state
	if len(saved) == 0 || json.Unmarshal(saved, &s) != nil {
		return // nothing, or of another version
	}
	if p := s.Prefs; p.Tab >= 1 && p.Tab <= 16 && p.Size >= 8 && p.Size <= 40 {
		ed.prefs = p
	}
	if !ed.alone {
		s.Docs = nil
	}
	ed.docs, ed.at = nil, 0
	for _, k := range s.Docs {
		d := ed.newDocument()
		if k.Path != "" && !filepath.IsAbs(k.Path) || k.Path == "" && !k.Unsaved || len(ed.docs) >= maxDocs {
			continue
		}
		d.path, d.name = k.Path, k.Name
		if k.Unsaved {
			d.take(buffer.Bytes(k.Text), buffer.About{Stamp: k.Stamp, BOM: k.BOM, CRLF: k.CRLF})
			d.buf.Unsaved()
			d.spaces = k.Spaces
			if k.Tab >= 1 && k.Tab <= 16 {
				d.tab = k.Tab
			}
			d.pick(k.Sel.Anchor, k.Sel.Caret)
		} else {
			d.sel = k.Sel // as far as there is text, when it was read
		}
		d.top = anchor{off: max(k.Top, 0)}
		ed.docs = append(ed.docs, d)
	}
	if len(ed.docs) == 0 {
		ed.docs = append(ed.docs, ed.newDocument())
	}
	if s.At > 0 && s.At < len(ed.docs) {
		ed.at = s.At
	}
}

// onlyOne reports whether no other editor of the person runs, which then keeps
// the state, and keeps it so until release.
func onlyOne(getenv func(string) string) (release func(), alone bool) {
	release = func() {}
	dir := getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(getenv("HOME"), ".local", "state")
	}
	dir = filepath.Join(dir, "rayapps", Options.ID)
	if os.MkdirAll(dir, 0o700) != nil {
		return release, true // no state can be kept either
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return release, true
	}
	release = func() { _ = f.Close() } // which unlocks
	return release, unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil
}
