package tray

import (
	"strings"

	"github.com/godbus/dbus/v5"

	"rayos/gpu/render"
	"rayos/shell/sessionbus"
)

// Limits of what programs may put into the tray.
const (
	MaxItems      = 64
	MaxPerProgram = 16
	MaxIcon       = 256 // pixels
	maxPictures   = 16  // of an icon, in several sizes
	maxText       = 256 // bytes
)

// Status says how much an item wants to be seen.
type Status uint8

// Statuses.
const (
	Active Status = iota
	Passive
	NeedsAttention
)

// Item is what a program has put into the tray.
type Item struct {
	// Key is the same as long as the item is there, and no other item's.
	Key string
	// ID is what the program calls itself, Title what people may read. Both
	// may be empty.
	ID, Title string
	// Tip is what the item says of itself, in plain text.
	Tip    string
	Status Status
	// IconName is a name in an icon theme or an absolute path; ThemePath is a
	// folder to look for it first. Both may be empty.
	IconName, ThemePath string
	// Icon is what the program has drawn itself, nil if nothing: premultiplied
	// pixels. It is not written to after it was handed over.
	Icon *render.Pixels
	// Menu says that the item has a menu, MenuOnly that it has nothing else.
	Menu, MenuOnly bool

	menu dbus.ObjectPath
}

// Name is what the item is called.
func (i *Item) Name() string {
	switch {
	case i.Title != "":
		return i.Title
	case i.Tip != "":
		return i.Tip
	case i.ID != "":
		return i.ID
	}
	return "Tray item"
}

// parse makes an item of the properties that a program gives. What has a wrong
// type counts as left out.
func parse(key string, p map[string]dbus.Variant, size int) Item {
	i := Item{
		Key: key, ID: text(p, "Id"), Title: text(p, "Title"), Tip: tip(p["ToolTip"].Value()),
		IconName: iconName(text(p, "IconName")), ThemePath: text(p, "IconThemePath"),
	}
	if !strings.HasPrefix(i.ThemePath, "/") {
		i.ThemePath = ""
	}
	pictures := "IconPixmap"
	switch text(p, "Status") {
	case "Passive":
		i.Status = Passive
	case "NeedsAttention":
		i.Status = NeedsAttention
		name, drawn := iconName(text(p, "AttentionIconName")), p["AttentionIconPixmap"].Value()
		if name != "" || best(drawn, size) != nil {
			i.IconName, pictures = name, "AttentionIconPixmap"
		}
	}
	if i.IconName == "" {
		i.Icon = best(p[pictures].Value(), size)
	}
	i.MenuOnly, _ = p["ItemIsMenu"].Value().(bool)
	if m, ok := p["Menu"].Value().(dbus.ObjectPath); ok && m.IsValid() && m != "/" && m != "/NO_DBUSMENU" {
		i.Menu, i.menu = true, m
	}
	return i
}

// tip reads a tool tip, (sa(iiay)ss): icon, pictures, title, text.
func tip(v any) string {
	f, ok := v.([]any)
	if !ok || len(f) != 4 {
		return ""
	}
	title, _ := f[2].(string)
	body, _ := f[3].(string)
	if title = clean(plain(title)); title != "" && body != "" {
		return clean(title + ": " + plain(body))
	}
	return clean(title + plain(body))
}

// plain leaves out the markup of a text.
func plain(s string) string {
	s = s[:min(len(s), 16*maxText)]
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	in := false
	for _, r := range s {
		switch {
		case r == '<':
			in = true
		case r == '>' && in:
			in = false
			b.WriteByte(' ')
		case !in:
			b.WriteRune(r)
		}
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&").Replace(b.String())
}

func text(p map[string]dbus.Variant, name string) string {
	s, _ := p[name].Value().(string)
	return clean(s)
}

// clean makes one line of a text that is fit to be shown.
func clean(s string) string {
	s = sessionbus.Clean(s, 4*maxText, true)
	return sessionbus.Clean(strings.Join(strings.Fields(s), " "), maxText, false)
}

// iconName is a name in a theme or an absolute path; anything else is none.
func iconName(s string) string {
	if !strings.HasPrefix(s, "/") && strings.Contains(s, "/") {
		return ""
	}
	return s
}

// best returns the picture that suits a size in pixels best: the smallest that
// is as large, else the largest. Pictures are a(iiay): width, height, ARGB in
// network byte order, not premultiplied.
func best(v any, size int) *render.Pixels {
	list, _ := v.([][]any)
	var (
		data []byte
		w, h int
	)
	for _, f := range list[:min(len(list), maxPictures)] {
		if len(f) != 3 {
			continue
		}
		fw, ok1 := f[0].(int32)
		fh, ok2 := f[1].(int32)
		d, ok3 := f[2].([]byte)
		if !ok1 || !ok2 || !ok3 || fw < 1 || fh < 1 || fw > MaxIcon || fh > MaxIcon || len(d) != int(4*fw*fh) {
			continue
		}
		least, now := int(min(fw, fh)), min(w, h)
		if data == nil || now < size && least > now || least >= size && least < now {
			data, w, h = d, int(fw), int(fh)
		}
	}
	if data == nil {
		return nil
	}
	p := render.NewPixels(int32(w), int32(h), render.ARGB8888)
	for y := range h {
		row := p.Data[y*int(p.Stride):]
		for x := range w {
			in, out := data[4*(y*w+x):], row[4*x:]
			a := uint32(in[0])
			out[0], out[1], out[2], out[3] = times(in[3], a), times(in[2], a), times(in[1], a), in[0]
		}
	}
	return &p
}

// times multiplies a sample by coverage, rounded.
func times(c byte, a uint32) byte { return byte((uint32(c)*a + 127) / 255) }
