package images

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"net/url"
	"strings"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// View implements rayapps.App.
func (s *Images) View(w *rayapps.Window) ui.Node {
	s.full = w.Fullscreen()
	body := s.body(w)
	if p := s.shown(); s.detail && p != nil && !s.full {
		body = ui.Row{Align: ui.Stretch, Children: ui.Nodes{ui.Expand{Child: body}, ui.Divider{Upright: true}, ui.Sized{W: 240, Child: s.details(w, p)}}}
	}
	rows := ui.Nodes{}
	if !s.full {
		rows = append(rows, s.toolbar(), ui.Divider{})
	}
	return ui.Column{Align: ui.Stretch, Children: append(rows, ui.Key("body", ui.Expand{Child: body}), ui.Toasts{Items: s.toasts})}
}

// body is the picture, or what is to be said instead.
func (s *Images) body(w *rayapps.Window) ui.Node {
	th := w.Theme()
	k := s.slot()
	note := func(i icon.Name, text string, more ...ui.Node) ui.Node {
		kids := ui.Nodes{ui.Icon{Name: i, Size: theme.IconLarge, Color: th.Text3}, ui.Label{Text: text, Color: th.Text2, Align: ui.Centre}}
		return ui.Centred(ui.Sized{MaxW: 420, Child: ui.Column{Gap: theme.Space3, Align: ui.Centre, Children: append(kids, more...)}})
	}
	switch {
	case s.item() == nil && s.lister != nil:
		return ui.Centred(ui.Spinner{Name: lang.T("Opening"), Size: 32})
	case s.item() == nil:
		return note(icon.Picture, lang.T("Open a picture, or drop one here."), ui.Button{Text: lang.T("Open…"), Tone: ui.Primary, OnPress: s.openFile})
	case k == nil || k.pic == nil && k.err == nil:
		return ui.Centred(ui.Spinner{Name: lang.T("Opening"), Size: 32})
	case k.err != nil:
		return note(icon.Warning, lang.F("{name} can’t be shown: {why}", "name", s.item().name, "why", reason(k.err)))
	}
	return ui.Key("picture", ui.ContextMenu{Name: lang.T("Picture"), Items: s.menu, Child: canvas{s}})
}

// tool is an icon button that says what it does.
func tool(i icon.Name, name, shortcut string, off bool, press func()) ui.Node {
	b := ui.IconButton(i, name, press)
	b.Disabled, b.Tone = off, ui.Quiet
	tip := name
	if shortcut != "" {
		tip += " (" + shortcut + ")"
	}
	return ui.Tooltip{Text: tip, Child: b}
}

func (s *Images) toolbar() ui.Node {
	p, it := s.shown(), s.item()
	none := p == nil
	place, zoom := "", ""
	if len(s.items) > 1 {
		place = lang.F("{i} of {n}", "i", lang.Number(s.at+1), "n", lang.Number(len(s.items)))
	}
	if p != nil {
		zoom = percent(s.camera.scale(s.room, p.size))
	}
	info := ui.IconButton(icon.Info, lang.T("Details"), func() { s.detail = !s.detail })
	info.Tone, info.Toggle, info.Selected, info.Disabled = ui.Quiet, true, s.detail, none
	return ui.Padding{Insets: ui.Sides(theme.Space2, theme.Space1), Child: ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		tool(icon.Folder, lang.T("Open…"), "Ctrl+O", false, s.openFile),
		ui.Sized{W: 1, H: 16, Child: ui.Divider{Upright: true}},
		tool(icon.ChevronLeft, lang.T("Previous picture"), "←", s.at == 0 || it == nil, func() { s.turn(s.at - 1) }),
		tool(icon.ChevronRight, lang.T("Next picture"), "→", s.at+1 >= len(s.items), func() { s.turn(s.at + 1) }),
		ui.Label{Text: place, Size: theme.Caption, Tabular: true, Lines: 1},
		ui.Spacer{},
		tool(icon.Remove, lang.T("Zoom out"), "-", none, func() { s.zoom(1 / zoomStep) }),
		ui.Tooltip{Text: lang.T("All of it, or its own size"), Child: ui.Sized{W: 72, Child: ui.Button{Text: zoom, Name: lang.T("Zoom"), Tone: ui.Quiet, Disabled: none, OnPress: func() { s.toggle(s.middle()) }}}},
		tool(icon.Add, lang.T("Zoom in"), "+", none, func() { s.zoom(zoomStep) }),
		ui.Sized{W: 1, H: 16, Child: ui.Divider{Upright: true}},
		tool(icon.Undo, lang.T("Turn left"), "Shift+R", none || p.moving != nil, func() { s.rotate(false) }),
		tool(icon.Redo, lang.T("Turn right"), "R", none || p.moving != nil, func() { s.rotate(true) }),
		ui.Tooltip{Text: lang.T("Details") + " (I)", Child: info},
		tool(icon.Maximise, lang.T("Full screen"), "F11", none, func() { s.w.SetFullscreen(true) }),
		tool(icon.Trash, lang.T("Move to the trash"), "Del", it == nil || it.path == "", s.remove),
	}}}
}

func percent(z float64) string {
	if z < 0.1 {
		return fmt.Sprintf("%.1f %%", z*100)
	}
	return fmt.Sprintf("%.0f %%", z*100)
}

// menu is the context menu of the picture.
func (s *Images) menu() []ui.MenuItem {
	p := s.shown()
	items := []ui.MenuItem{
		{Text: lang.T("Copy"), Shortcut: "Ctrl+C", Disabled: p == nil, OnPress: s.copy},
		{Separator: true},
		{Text: lang.T("All of it"), Shortcut: "0", OnPress: func() { s.camera = camera{}; s.came() }},
		{Text: lang.T("Its own size"), Shortcut: "1", OnPress: func() { s.zoomTo(1) }},
		{Text: lang.T("Full screen"), Shortcut: "F11", Check: true, Checked: s.full, OnPress: func() { s.w.SetFullscreen(!s.full) }},
		{Text: lang.T("Details"), Shortcut: "I", Check: true, Checked: s.detail, OnPress: func() { s.detail = !s.detail }},
		{Separator: true},
		{Text: lang.T("Move to the trash"), Shortcut: "Del", Disabled: s.item() == nil || s.item().path == "", OnPress: s.remove},
	}
	if p != nil && p.moving != nil {
		items = append([]ui.MenuItem{{Text: lang.T("Pause"), Shortcut: lang.T("Space"), Check: true, Checked: p.moving.paused, OnPress: s.rest}, {Separator: true}}, items...)
	}
	return items
}

// rest stops what moves, or lets it go on.
func (s *Images) rest() {
	if p := s.shown(); p != nil && p.moving != nil {
		p.moving.paused = !p.moving.paused
		s.move()
	}
}

func (s *Images) middle() geom.FPoint {
	return geom.FPoint{X: float64(s.room.W) / 2, Y: float64(s.room.H) / 2}
}

func (s *Images) zoom(by float64) {
	if p := s.shown(); p != nil {
		s.zoomTo(s.camera.scale(s.room, p.size) * by)
	}
}

func (s *Images) zoomTo(z float64) {
	if p := s.shown(); p != nil {
		s.camera.zoomTo(z, s.middle(), s.room, p.size)
	}
}

// copy offers the picture to other programs, and its file.
func (s *Images) copy() {
	p, it := s.shown(), s.item()
	if p == nil {
		return
	}
	types := []string{"image/png"}
	address := ""
	if it.path != "" {
		address = (&url.URL{Scheme: "file", Path: it.path}).String()
		types = append(types, "text/uri-list")
	}
	var pixels render.Pixels
	if p.moving != nil {
		pixels = p.moving.canvas
		pixels.Data = bytes.Clone(pixels.Data)
	} else {
		pixels = p.levels[0].pixels
	}
	s.w.CopyData(types, func(mime string) ([]byte, error) {
		if mime == "text/uri-list" {
			return []byte(address + "\r\n"), nil
		}
		return encode(&pixels)
	})
}

// encode makes a PNG.
func encode(p *render.Pixels) ([]byte, error) {
	m := image.NewRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	for y := range int(p.H) {
		src, dst := p.Data[y*int(p.Stride):][:4*p.W], m.Pix[y*m.Stride:]
		for i := 0; i+3 < len(src); i += 4 {
			dst[i], dst[i+1], dst[i+2], dst[i+3] = src[i+2], src[i+1], src[i], src[i+3]
			if p.Format == render.XRGB8888 {
				dst[i+3] = 255
			}
		}
	}
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, m)
	return out.Bytes(), err
}

func dimensions(s geom.Size) string { return fmt.Sprintf("%d × %d", s.W, s.H) }

// details says what is known of a picture.
func (s *Images) details(w *rayapps.Window, p *picture) ui.Node {
	th := w.Theme()
	a, e := &p.about, &p.about.exif
	rows := ui.Nodes{ui.Label{Text: lang.T("Details"), Bold: true, Level: 2}}
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, ui.Column{Children: ui.Nodes{ui.Label{Text: name, Size: theme.Caption, Color: th.Text2}, ui.Label{Text: value}}})
		}
	}
	add(lang.T("Name"), a.name)
	add(lang.T("Size"), dimensions(p.size))
	add(lang.T("File"), a.format+", "+bytesOf(a.bytes))
	if !a.modified.IsZero() {
		add(lang.T("Changed"), moment(a.modified))
	}
	if t, err := time.ParseInLocation("2006:01:02 15:04:05", e.taken, time.Local); err == nil {
		add(lang.T("Taken"), moment(t))
	}
	camera := e.model
	if !strings.HasPrefix(camera, e.maker) {
		camera = strings.TrimSpace(e.maker + " " + camera)
	}
	add(lang.T("Camera"), camera)
	add(lang.T("Lens"), e.lens)
	add(lang.T("Exposure"), exposure(e))
	if p.moving != nil {
		add(lang.T("Frames"), lang.Number(len(p.moving.g.Image)))
	}
	return ui.ScrollView{Name: lang.T("Details"), Child: ui.Padding{Insets: ui.All(theme.Space4), Child: ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: rows}}}
}

func moment(t time.Time) string { return lang.Date(t) + ", " + lang.Clock(t) }

// exposure says how a picture was taken, as cameras do.
func exposure(e *exif) string {
	var list []string
	if v := e.exposure.float(); v >= 1 {
		list = append(list, fmt.Sprintf("%.3g s", v))
	} else if v > 0 && 1/v < 1e6 {
		list = append(list, fmt.Sprintf("1/%.0f s", math.Round(1/v)))
	}
	if v := e.f.float(); v > 0 && v < 1000 {
		list = append(list, fmt.Sprintf("f/%.3g", v))
	}
	if v := e.length.float(); v > 0 && v < 1e5 {
		list = append(list, fmt.Sprintf("%.3g mm", v))
	}
	if e.iso > 0 {
		list = append(list, fmt.Sprintf("ISO %d", e.iso))
	}
	return strings.Join(list, ", ")
}

// bytesOf says a number of bytes.
func bytesOf(n int64) string {
	if n < 1024 {
		return lang.N("{n} byte", "{n} bytes", int(n))
	}
	v, i := float64(n)/1024, 0
	for v >= 1024 && i < 2 {
		v, i = v/1024, i+1
	}
	return fmt.Sprintf("%.1f %ciB", v, "KMG"[i])
}

// keyF11 has no name among those that widgets know.
const keyF11 ui.Sym = 0xffc8

// Key implements rayapps.KeyHandler.
func (s *Images) Key(w *rayapps.Window, k *ui.Keystroke) bool {
	if k.Release || k.Mods&(ui.Alt|ui.Super) != 0 {
		return false
	}
	sym, shift := k.Sym, k.Mods&ui.Shift != 0
	if sym >= 'A' && sym <= 'Z' {
		sym += 'a' - 'A'
	}
	if k.Mods&ui.Ctrl != 0 {
		switch sym {
		case 'o':
			s.openFile()
		case 'c':
			s.copy()
		case '+', '=':
			s.zoom(zoomStep)
		case '-':
			s.zoom(1 / zoomStep)
		case '0':
			s.camera = camera{}
			s.came()
		case 'q', 'w':
			w.Close()
		default:
			return false
		}
		return true
	}
	switch sym {
	case ui.KeyLeft, ui.KeyRight, ui.KeyUp, ui.KeyDown:
		return s.arrow(sym)
	case ui.KeyPageDown:
		s.turn(s.at + 1)
	case ui.KeyPageUp, ui.KeyBackspace:
		s.turn(s.at - 1)
	case ui.KeyHome:
		s.turn(0)
	case ui.KeyEnd:
		s.turn(len(s.items) - 1)
	case ui.KeySpace:
		if p := s.shown(); p != nil && p.moving != nil {
			s.rest()
		} else {
			s.turn(s.at + 1)
		}
	case '+', '=', 0xffab:
		s.zoom(zoomStep)
	case '-', 0xffad:
		s.zoom(1 / zoomStep)
	case '0', '*':
		s.camera = camera{}
		s.came()
	case '1':
		s.zoomTo(1)
	case 'r':
		s.rotate(!shift)
	case 'i':
		s.detail = !s.detail
	case 'f', keyF11:
		w.SetFullscreen(!w.Fullscreen())
	case ui.KeyEscape:
		if !w.Fullscreen() {
			return false
		}
		w.SetFullscreen(false)
	case ui.KeyDelete:
		s.remove()
	default:
		return false
	}
	return true
}

// arrow moves about in a picture that doesn't fit, else to the next one.
func (s *Images) arrow(sym ui.Sym) bool {
	d := map[ui.Sym]geom.FPoint{ui.KeyLeft: {X: -1}, ui.KeyRight: {X: 1}, ui.KeyUp: {Y: -1}, ui.KeyDown: {Y: 1}}[sym]
	if p := s.shown(); p != nil && s.camera.larger(s.room, p.size) {
		step := 80 * s.scale
		return s.camera.pan(geom.FPoint{X: d.X * step, Y: d.Y * step}, s.room, p.size)
	}
	forward := d.X > 0
	if s.w.Root().Focused() != nil && s.el != nil && s.el.RTL() {
		forward = d.X < 0
	}
	switch {
	case d.X == 0:
		return false
	case forward:
		s.turn(s.at + 1)
	default:
		s.turn(s.at - 1)
	}
	return true
}
