package wm

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"rayos/geom"
)

// ops lists every op for the text form; the name is the type's in lower case.
var ops = []Op{
	AddOutput{},
	ChangeOutput{},
	RemoveOutput{},
	Map{},
	Unmap{},
	SetSize{},
	SetLimits{},
	SetParent{},
	SetModal{},
	SetDecorated{},
	SetAppID{},
	Focus{},
	Activate{},
	Cycle{},
	CycleEnd{},
	Raise{},
	Lower{},
	Move{},
	MoveBy{},
	Pull{},
	Resize{},
	Resizing{},
	Snap{},
	Maximize{},
	Fullscreen{},
	Minimize{},
	Shade{},
	Float{},
	Workspace{},
	MoveToWorkspace{},
	AddWorkspace{},
	RemoveWorkspace{},
	MoveToOutput{},
	SetLayout{},
	TileRatio{},
	TileSwap{},
}

var opTypes = func() map[string]reflect.Type {
	m := make(map[string]reflect.Type, len(ops))
	for _, op := range ops {
		t := reflect.TypeOf(op)
		m[strings.ToLower(t.Name())] = t
	}
	return m
}()

// FormatOp returns op in the form that ParseOp reads, without fields that
// have their zero value.
func FormatOp(op Op) string {
	v := reflect.ValueOf(op)
	t := v.Type()
	var b strings.Builder
	b.WriteString(strings.ToLower(t.Name()))
	for i := range t.NumField() {
		f := v.Field(i)
		if f.IsZero() {
			continue
		}
		name := strings.ToLower(t.Field(i).Name)
		b.WriteByte(' ')
		switch x := f.Interface().(type) {
		case bool:
			b.WriteString(name)
		case geom.Point:
			fmt.Fprintf(&b, "%s=%+d%+d", name, x.X, x.Y)
		case geom.Rect:
			fmt.Fprintf(&b, "%s=%d,%d,%d,%d", name, x.X0, x.Y0, x.X1, x.Y1)
		case string:
			fmt.Fprintf(&b, "%s=%s", name, strconv.Quote(x))
		default:
			if i == 0 {
				fmt.Fprint(&b, x)
			} else {
				fmt.Fprintf(&b, "%s=%v", name, x)
			}
		}
	}
	return b.String()
}

// ParseOp reads the text form of an op: its name, and its fields as name=value
// in any order, all lower case. A bare number is the first field, a bare
// name sets a bool. Points are +x+y, sizes WxH, rectangles WxH+x+y or x0,y0,x1,y1.
//
//	map 7 appid=foot size=640x480 decorated activate
//	resize 7 edges=bottom-right delta=+20+10
//	maximize 7 to=off
func ParseOp(line string) (Op, error) {
	words, err := split(line)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("empty op: %w", ErrInvalid)
	}
	t, ok := opTypes[words[0]]
	if !ok {
		return nil, fmt.Errorf("unknown op %q: %w", words[0], ErrInvalid)
	}
	v := reflect.New(t).Elem()
	for _, word := range words[1:] {
		name, value, given := strings.Cut(word, "=")
		if !given && name != "" && name[0] >= '0' && name[0] <= '9' {
			name, value, given = strings.ToLower(t.Field(0).Name), name, true
		}
		f := v.FieldByNameFunc(func(s string) bool { return strings.ToLower(s) == name })
		if !f.IsValid() {
			return nil, fmt.Errorf("%s has no field %q: %w", words[0], name, ErrInvalid)
		}
		if given == (f.Kind() == reflect.Bool) {
			return nil, fmt.Errorf("%s: bad field %q: %w", words[0], word, ErrInvalid)
		}
		if err := setField(f, value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", words[0], word, err)
		}
	}
	op, _ := v.Interface().(Op)
	return op, nil
}

// split cuts a line at spaces; a quoted value may hold spaces.
func split(line string) ([]string, error) {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimLeft(line, " \t") {
		end := strings.IndexAny(line, " \t")
		if q := strings.Index(line, `="`); q >= 0 && (end < 0 || q < end) {
			lit, err := strconv.QuotedPrefix(line[q+1:])
			if err != nil {
				return nil, fmt.Errorf("unfinished quote: %w", ErrInvalid)
			}
			s, err := strconv.Unquote(lit)
			if err != nil {
				return nil, fmt.Errorf("bad quote: %w", ErrInvalid)
			}
			words = append(words, line[:q+1]+s)
			line = line[q+1+len(lit):]
			continue
		}
		if end < 0 {
			end = len(line)
		}
		words = append(words, line[:end])
		line = line[end:]
	}
	return words, nil
}

func setField(f reflect.Value, value string) error {
	switch p := f.Addr().Interface().(type) {
	case *bool:
		*p = true
		return nil
	case *string:
		*p = value
		return nil
	case *geom.Size:
		return scan(value, "x", &p.W, &p.H)
	case *geom.Point:
		return scanPoint(value, p)
	case *geom.Rect:
		return scanRect(value, p)
	case *Zone:
		return byName(zoneNames[:], value, p)
	case *Layout:
		return byName(layoutNames[:], value, p)
	case *Switch:
		return byName(switchNames[:], value, p)
	case *Edges:
		for _, n := range strings.Split(value, "-") {
			var i Edges
			if err := byName(edgeNames[:], n, &i); err != nil {
				return err
			}
			*p |= 1 << i
		}
		return nil
	}
	if f.CanUint() {
		n, err := strconv.ParseUint(value, 10, f.Type().Bits())
		if err != nil {
			return ErrInvalid
		}
		f.SetUint(n)
		return nil
	}
	n, err := strconv.ParseInt(value, 10, f.Type().Bits())
	if err != nil {
		return ErrInvalid
	}
	f.SetInt(n)
	return nil
}

func byName[T ~uint8](names []string, value string, p *T) error {
	for i, n := range names {
		if n == value {
			*p = T(i)
			return nil
		}
	}
	return ErrInvalid
}

// scan reads numbers between separators.
func scan(value, sep string, to ...*int32) error {
	parts := strings.Split(value, sep)
	if len(parts) != len(to) {
		return ErrInvalid
	}
	for i, s := range parts {
		n, err := strconv.ParseInt(s, 10, 32)
		if err != nil {
			return ErrInvalid
		}
		*to[i] = int32(n)
	}
	return nil
}

// scanPoint reads +x+y, where either sign may be a minus.
func scanPoint(value string, p *geom.Point) error {
	i := strings.LastIndexAny(value, "+-")
	if i <= 0 {
		return ErrInvalid
	}
	return scan(value[:i]+" "+value[i:], " ", &p.X, &p.Y)
}

func scanRect(value string, r *geom.Rect) error {
	if strings.Contains(value, ",") {
		return scan(value, ",", &r.X0, &r.Y0, &r.X1, &r.Y1)
	}
	i := strings.IndexAny(value, "+-")
	if i < 0 {
		return ErrInvalid
	}
	var z geom.Size
	var p geom.Point
	if err := scan(value[:i], "x", &z.W, &z.H); err != nil {
		return err
	}
	if err := scanPoint(value[i:], &p); err != nil {
		return err
	}
	*r = geom.XYWH(p.X, p.Y, z.W, z.H)
	return nil
}

// String returns the state for people: a line for the desktop, each output
// and each window, bottom to top.
func (s State) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "workspace %d of %d %s focus=%d recent=%v", s.current, len(s.workspaces), s.Layout(s.current), s.focus, s.mru)
	if s.cycle != 0 {
		fmt.Fprintf(&b, " cycling=%d", s.cycle)
	}
	b.WriteByte('\n')
	for _, o := range s.outputs {
		fmt.Fprintf(&b, "output %d %s %v usable %v\n", o.id, o.name, o.rect, o.usable)
	}
	for _, p := range s.Arrange(nil) {
		b.WriteString(p.String())
		b.WriteByte('\n')
	}
	return b.String()
}

func (p Placement) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d", p.ID)
	if p.AppID != "" {
		fmt.Fprintf(&b, " %s", p.AppID)
	}
	fmt.Fprintf(&b, " frame %v content %v", p.Frame, p.Content)
	if p.Configure != p.Content.Size() {
		fmt.Fprintf(&b, " configure %v", p.Configure)
	}
	fmt.Fprintf(&b, " ws=%d out=%d", p.Workspace, p.Output)
	if p.Parent != 0 {
		fmt.Fprintf(&b, " parent=%d", p.Parent)
	}
	if p.Zone != ZoneNone {
		fmt.Fprintf(&b, " zone=%v", p.Zone)
	}
	if p.Tiled != 0 {
		fmt.Fprintf(&b, " tiled=%v", p.Tiled)
	}
	for _, f := range []struct {
		on   bool
		name string
	}{
		{p.Layer == LayerFullscreen, "above-panels"},
		{!p.Visible, "hidden"},
		{p.Activated, "activated"},
		{p.Maximized, "maximized"},
		{p.Fullscreen, "fullscreen"},
		{p.Resizing, "resizing"},
		{p.Shaded, "shaded"},
		{p.Minimized, "minimized"},
		{p.Modal, "modal"},
		{!p.Decorated, "bare"},
	} {
		if f.on {
			b.WriteByte(' ')
			b.WriteString(f.name)
		}
	}
	return b.String()
}
