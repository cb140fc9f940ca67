package surfacelog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limits of what a guest can make us keep.
const (
	MaxSurfaces = 64
	MaxFrame    = 4 << 20 // bytes of a picture's text
	maxSide     = 16384   // pixels
	maxAway     = 1 << 20 // pixels from the origin
	maxWord     = 64      // bytes
	maxStates   = 8
)

const (
	tag   = "RAYOS_LINUX_SURFACE_"
	embed = "RAYOS_LINUX_EMBED_SURFACE_"
)

// Log reads a console. Its zero value has no windows and saves no pictures.
type Log struct {
	// Save keeps a picture and returns the path under which it is found. It
	// borrows ppm. A nil Save keeps none.
	Save func(id uint32, seq uint64, ppm []byte) (path string, err error)
	// Gone is told of a window's end, and of pictures that are overtaken. It
	// may be nil.
	Gone func(path string)

	surfaces map[uint32]*Surface
	order    []uint32
	focused  uint32 // 0 for none
	frame    *frame // that is being read
}

type frame struct {
	id   uint32
	seq  uint64
	text []byte
}

// fields are a line's pairs.
type fields map[string]string

func parseFields(text string) fields {
	f := fields{}
	for word := range strings.FieldsSeq(text) {
		if k, v, ok := strings.Cut(word, "="); ok && len(k) <= maxWord && len(f) < 16 {
			f[k] = v
		}
	}
	return f
}

func (f fields) word(key string) string {
	v := f[key]
	v = v[:min(len(v), maxWord)]
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return '_'
		}
		return r
	}, v)
}

// number is a field from 0 or 1 to most; false if it is no such number.
func (f fields) number(key string, least, most int64) (int64, bool) {
	n, err := strconv.ParseInt(f[key], 10, 64)
	return n, err == nil && n >= least && n <= most
}

func (f fields) id(key string) (uint32, bool) {
	n, ok := f.number(key, 1, 1<<32-1)
	return uint32(n), ok
}

// Line reads one line without its end. It reports whether the registry may have
// changed. An error says what is wrong with a line that is about windows: no
// more of it is taken than that there is such a window.
func (l *Log) Line(line string) (changed bool, err error) {
	changed, err = l.read(line)
	return changed && err == nil, err
}

func (l *Log) read(line string) (changed bool, err error) {
	kind, rest, _ := strings.Cut(line, " ")
	if name, ok := strings.CutPrefix(kind, embed); ok {
		return l.embedded(name, parseFields(rest))
	}
	name, ok := strings.CutPrefix(kind, tag)
	if !ok {
		l.payload(line)
		return false, nil
	}
	f := parseFields(rest)
	id, ok := f.id("id")
	if !ok {
		if strings.HasSuffix(name, "_TEST") || strings.HasSuffix(name, "_END") && name != "FRAME_END" {
			return false, nil // the end of a test is about no window
		}
		return false, fmt.Errorf("surface %s without an id", name)
	}
	switch name {
	case "FRAME_END":
		return l.endFrame(id, f)
	case "DESTROY":
		return l.destroy(id), nil
	}
	s, err := l.surface(id)
	if err != nil {
		return false, err
	}
	switch name {
	case "CREATE":
		w, h, err := f.size()
		if err != nil {
			return false, err
		}
		s.Role, s.Title, s.Format, s.W, s.H = f.word("role"), f.word("title"), f.word("format"), w, h
	case "CONFIGURE":
		return true, f.place(s)
	case "ROLE":
		s.Role = f.word("role")
	case "FOCUS":
		l.focus(id, f["focused"] == "1")
	case "PARENT":
		return true, l.adopt(s, f)
	case "STATE":
		s.States = f.states()
	case "FRAME_BEGIN":
		return true, l.beginFrame(id, f)
	default:
		return false, fmt.Errorf("surface %d: there is no event %.40q", id, name)
	}
	return true, nil
}

// embedded reads a picture that is a window of its own.
func (l *Log) embedded(name string, f fields) (bool, error) {
	id, ok := f.id("id")
	if !ok {
		return false, fmt.Errorf("embedded surface without an id")
	}
	f["seq"] = "0"
	if name == "END" {
		return l.endFrame(id, f)
	}
	w, h, err := f.size()
	if err != nil {
		return false, err
	}
	s, err := l.surface(id)
	if err != nil {
		return false, err
	}
	s.Role, s.Format, s.W, s.H = "embedded", f.word("format"), w, h
	return true, l.beginFrame(id, f)
}

// surface returns a window, which is made if nobody has heard of it.
func (l *Log) surface(id uint32) (*Surface, error) {
	if s := l.surfaces[id]; s != nil {
		return s, nil
	}
	if len(l.surfaces) >= MaxSurfaces {
		return nil, fmt.Errorf("surface %d: there are %d already", id, MaxSurfaces)
	}
	if l.surfaces == nil {
		l.surfaces = map[uint32]*Surface{}
	}
	s := &Surface{ID: id}
	l.surfaces[id] = s
	l.order = append(l.order, id)
	return s, nil
}

func (f fields) size() (w, h int32, err error) {
	x, okW := f.number("w", 0, maxSide)
	y, okH := f.number("h", 0, maxSide)
	if !okW || !okH {
		return 0, 0, fmt.Errorf("surface of %.10q by %.10q pixels", f["w"], f["h"])
	}
	return int32(x), int32(y), nil
}

func (f fields) place(s *Surface) error {
	w, h, err := f.size()
	x, okX := f.number("x", -maxAway, maxAway)
	y, okY := f.number("y", -maxAway, maxAway)
	if err != nil || !okX || !okY {
		return fmt.Errorf("surface %d can't be there: %v", s.ID, f)
	}
	s.X, s.Y, s.W, s.H = int32(x), int32(y), w, h
	return nil
}

func (f fields) states() []string {
	var list []string
	for s := range strings.SplitSeq(f.word("states"), ",") {
		if s != "" && len(list) < maxStates && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (l *Log) focus(id uint32, on bool) {
	switch {
	case on:
		l.focused = id
		l.order = append(slices.DeleteFunc(l.order, func(o uint32) bool { return o == id }), id)
	case l.focused == id:
		l.focused = 0
	}
}

// adopt gives a window a parent, which is made if need be. A window is no
// descendant of its own.
func (l *Log) adopt(s *Surface, f fields) error {
	id, ok := f.id("parent")
	if !ok {
		return fmt.Errorf("surface %d: parent %.20q", s.ID, f["parent"])
	}
	for p, n := id, 0; p != 0 && n <= MaxSurfaces; n++ {
		if p == s.ID {
			return fmt.Errorf("surface %d is its own ancestor", s.ID)
		}
		up := l.surfaces[p]
		if up == nil {
			break
		}
		p = up.Parent
	}
	if _, err := l.surface(id); err != nil {
		return err
	}
	s.Parent = id
	return nil
}

func (l *Log) destroy(id uint32) bool {
	s := l.surfaces[id]
	if s == nil {
		return false
	}
	l.gone(s.Path)
	delete(l.surfaces, id)
	l.order = slices.DeleteFunc(l.order, func(o uint32) bool { return o == id })
	for _, c := range l.surfaces {
		if c.Parent == id {
			c.Parent = 0
		}
	}
	l.focus(id, false)
	if l.frame != nil && l.frame.id == id {
		l.frame = nil
	}
	return true
}

func (l *Log) gone(path string) {
	if path != "" && l.Gone != nil {
		l.Gone(path)
	}
}

func (l *Log) beginFrame(id uint32, f fields) error {
	l.frame = nil
	seq, ok := f.number("seq", 0, 1<<62)
	if !ok {
		return fmt.Errorf("surface %d: frame %.20q", id, f["seq"])
	}
	l.frame = &frame{id: id, seq: uint64(seq)}
	return nil
}

// payload takes a line of a frame's picture.
func (l *Log) payload(line string) {
	if l.frame == nil {
		return
	}
	if len(l.frame.text)+len(line)+1 > MaxFrame {
		l.frame = nil
		return
	}
	l.frame.text = append(append(l.frame.text, line...), '\n')
}

func (l *Log) endFrame(id uint32, f fields) (bool, error) {
	fr := l.frame
	l.frame = nil
	seq, ok := f.number("seq", 0, 1<<62)
	if fr == nil || !ok || fr.id != id || fr.seq != uint64(seq) || l.surfaces[id] == nil {
		return false, fmt.Errorf("surface %d: the end of another frame", id)
	}
	path := ""
	if l.Save != nil {
		var err error
		if path, err = l.Save(id, fr.seq, fr.text); err != nil {
			return false, fmt.Errorf("surface %d: %w", id, err)
		}
	}
	s := l.surfaces[id]
	if s.Path != path {
		l.gone(s.Path)
	}
	sum := sha256.Sum256(fr.text)
	s.Seq, s.SHA256, s.Path = fr.seq, hex.EncodeToString(sum[:]), path
	return true, nil
}
