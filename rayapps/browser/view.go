package browser

import (
	"path/filepath"
	"slices"
	"strings"

	"rayos/rayapps"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Widths in logical pixels.
const (
	sideWidth  = 180
	sizeWidth  = 96
	dateWidth  = 150
	columnGap  = 24 // as wide as what is beside the text of a button
	cellWidth  = 116
	cellHeight = 116
	wide       = 560 // less shows no sidebar
	wider      = 720 // less shows no dates
)

func filesName() string { return lang.T("Files and folders") }

// View implements rayapps.App.
func (b *Browser) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	body := ui.Nodes{b.toolbar(w)}
	if b.search {
		body = append(body, b.searchField())
	}
	content := ui.Node(b.content(w))
	if w.Size().W >= wide && len(b.places) > 0 {
		content = ui.SplitPane{Name: lang.T("Places and files"), First: b.sidebar(th), Second: content, At: sideWidth, Min: 120}
	}
	body = append(body, ui.Divider{}, ui.Expand{Child: content}, ui.Divider{})
	for _, j := range b.jobs {
		body = append(body, j.view(th))
		if len(body) > 8 {
			break
		}
	}
	body = append(body, b.status(th), b.ask(th), ui.Toasts{Items: b.toasts})
	return ui.Column{Align: ui.Stretch, Children: body}
}

func tip(b ui.Button, shortcut string) ui.Node {
	text := b.Name
	if shortcut != "" {
		text += " (" + shortcut + ")"
	}
	return ui.Tooltip{Text: text, Child: b}
}

// forwards is the icon that points to where lines of text end.
func (b *Browser) arrows() (back, forward icon.Name) {
	if lang.Now().RTL() {
		return icon.ArrowRight, icon.ArrowLeft
	}
	return icon.ArrowLeft, icon.ArrowRight
}

func (b *Browser) toolbar(w *rayapps.Window) ui.Node {
	backIcon, forwardIcon := b.arrows()
	back := ui.IconButton(backIcon, lang.T("Back"), b.goBack)
	back.Disabled = len(b.back) == 0
	forward := ui.IconButton(forwardIcon, lang.T("Forward"), b.goForward)
	forward.Disabled = len(b.forward) == 0
	up := ui.IconButton(icon.ArrowUp, lang.T("The folder above"), b.goUp)
	up.Disabled = b.dir == filepath.Dir(b.dir)
	find := ui.IconButton(icon.Search, lang.T("Search this folder"), func() { b.find(!b.search) })
	find.Toggle, find.Selected = true, b.search
	look := ui.IconButton(icon.Apps, lang.T("Show icons"), func() { b.view.Icons = true })
	if b.view.Icons {
		look = ui.IconButton(icon.List, lang.T("Show a list"), func() { b.view.Icons = false })
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		tip(back, "Alt+←"), tip(forward, "Alt+→"), tip(up, "Alt+↑"),
		ui.Expand{Child: b.crumbs(w)},
		tip(find, "Ctrl+F"), tip(look, "Ctrl+1, Ctrl+2"),
		ui.MenuButton{Button: ui.Button{Icon: icon.Menu, Name: lang.T("Menu"), Tone: ui.Quiet}, Items: b.menu()},
	}}}
}

// maxCrumbs bounds the folders of the way that have a button.
const maxCrumbs = 4

// crumbs is the way to the folder: buttons for its parents, from a place that
// has a name.
func (b *Browser) crumbs(w *rayapps.Window) ui.Node {
	type crumb struct{ name, path string }
	var list []crumb
	for dir := b.dir; ; dir = filepath.Dir(dir) {
		list = append(list, crumb{b.nameOf(dir), dir})
		if dir == "/" || dir == b.host.Home || b.inTrash() {
			break
		}
	}
	slices.Reverse(list)
	row := ui.Nodes{}
	most := maxCrumbs
	if w.Size().W < wider {
		most = 2
	}
	if more := len(list) - most; more > 0 {
		var items []ui.MenuItem
		for _, c := range list[:more] {
			items = append(items, ui.MenuItem{Text: c.name, Icon: icon.Folder, OnPress: func() { b.goTo(c.path) }})
		}
		row = append(row, ui.MenuButton{Button: ui.Button{Icon: icon.More, Name: lang.T("Folders above"), Tone: ui.Quiet}, Items: items})
		list = list[more:]
	}
	for i, c := range list {
		last := i == len(list)-1
		button := ui.Button{Text: short(c.name), Name: c.name, Tone: ui.Quiet, Selected: last, OnPress: func() {
			if last {
				b.askPath()
				return
			}
			b.goTo(c.path)
			b.wanted = b.childOn(c.path, b.back[len(b.back)-1])
		}}
		if len(row) > 0 {
			row = append(row, ui.Icon{Name: chevron(), Color: w.Theme().Text2})
		}
		row = append(row, ui.Key(c.path, button))
	}
	return ui.Labelled{Name: lang.T("Path"), Child: ui.Row{Align: ui.Centre, Children: row}}
}

func chevron() icon.Name {
	if lang.Now().RTL() {
		return icon.ChevronLeft
	}
	return icon.ChevronRight
}

// short is a name for a button.
func short(name string) string {
	const most = 24
	r := []rune(name)
	if len(r) <= most {
		return name
	}
	return string(r[:most-1]) + "…"
}

func (b *Browser) find(on bool) {
	b.search = on
	if !on && b.filter != "" {
		b.filter = ""
		b.arrange()
	}
	b.w.Post(func() {
		if !on {
			b.focus()
			return
		}
		if i := b.w.Root().Semantics(); i != nil {
			if id := findField(i, lang.T("Search this folder")); id != 0 {
				b.w.Root().Do(id, ui.DoFocus, "")
			}
		}
	})
}

func findField(i *ui.Info, name string) uint64 {
	if i.Name == name && i.Role == ui.RoleEntry {
		return i.ID
	}
	for _, k := range i.Children {
		if id := findField(k, name); id != 0 {
			return id
		}
	}
	return 0
}

func (b *Browser) searchField() ui.Node {
	return ui.Padding{Insets: ui.Insets{Start: theme.Space2, End: theme.Space2, Bottom: theme.Space2}, Child: ui.TextField{
		Name: lang.T("Search this folder"), Icon: icon.Search, Placeholder: lang.T("A part of a name"), Text: b.filter,
		OnChange: func(s string) { b.filter = s; b.arrange() },
		OnSubmit: func(string) { b.focus() },
		OnKey: func(k *ui.Keystroke) bool {
			if k.Sym != ui.KeyEscape || k.Release {
				return false
			}
			b.find(false)
			return true
		},
	}}
}

// sidebar leads to places.
func (b *Browser) sidebar(th *theme.Theme) ui.Node {
	at := ui.NoSelection
	for i, p := range b.places {
		if p.Path == b.dir {
			at = i
		}
	}
	return ui.Padding{Insets: ui.Insets{Top: theme.Space1}, Child: ui.List{
		Name: lang.T("Places"), Count: len(b.places), Selected: at,
		Key:  func(i int) string { return b.places[i].Path },
		Text: func(i int) string { return b.places[i].Name },
		Row: func(i int) ui.Node {
			return ui.Padding{Insets: ui.Insets{Start: theme.Space3, End: theme.Space2}, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
				ui.Icon{Name: b.places[i].Icon, Color: th.Text2}, ui.Expand{Child: ui.Label{Text: b.places[i].Name, Lines: 1}},
			}}}
		},
		OnSelect:   func(i int) { b.goTo(b.places[i].Path) },
		OnActivate: func(i int) { b.goTo(b.places[i].Path); b.focus() },
	}}
}

// content is what the folder has.
func (b *Browser) content(w *rayapps.Window) ui.Node {
	th := w.Theme()
	shown := b.shown // of this view: cells are asked about while there is another already
	cells := ui.Cells{
		Name: filesName(), Count: len(shown), Cursor: b.cursor, Place: &b.place, Empty: b.empty(th),
		Key:        func(i int) string { return shown[i].Name },
		Text:       func(i int) string { return shown[i].Name },
		Chosen:     func(i int) bool { return b.chosen[shown[i].Name] },
		OnPick:     b.pick,
		OnActivate: b.activate,
		OnDrag:     func(int) { b.drag() },
		Cell:       func(i int) ui.Node { return b.row(w, &shown[i]) },
	}
	var column ui.Nodes
	if b.view.Icons {
		cells.W, cells.H = cellWidth, cellHeight
		cells.Cell = func(i int) ui.Node { return b.cell(th, &shown[i]) }
	} else {
		column = ui.Nodes{b.header(w)}
	}
	// Named, so that the focus stays from one way to look at it to the other.
	column = append(column, ui.Key("files", ui.Expand{Child: cells}))
	return ui.ContextMenu{Name: lang.T("Menu"), Child: ui.Column{Align: ui.Stretch, Children: column}, Items: b.contextMenu}
}

func (b *Browser) empty(th *theme.Theme) ui.Node {
	text := lang.T("This folder is empty.")
	switch {
	case b.why != "":
		text = b.why
	case b.loading:
		return ui.Centred(ui.Spinner{Name: lang.T("Reading the folder"), Size: 24})
	case b.filter != "":
		text = lang.T("No name fits.")
	case b.inTrash():
		text = lang.T("The trash is empty.")
	}
	return ui.Centred(ui.Label{Text: text, Color: th.Text2})
}

// columns are those of the list that there is room for.
func columns(w *rayapps.Window) (size, date bool) {
	return w.Size().W >= wide, w.Size().W >= wider
}

// header sorts.
func (b *Browser) header(w *rayapps.Window) ui.Node {
	head := func(name string, by folder.Order) ui.Node {
		button := ui.Button{Text: name, Tone: ui.Quiet, OnPress: func() { b.order(by) }}
		if b.view.Order == by {
			button.Trailing = icon.ChevronUp
			button.Description = lang.T("sorted upwards")
			if b.view.Down {
				button.Trailing = icon.ChevronDown
				button.Description = lang.T("sorted downwards")
			}
		}
		return button
	}
	row := ui.Nodes{ui.Expand{Child: ui.Aligned{X: ui.Start, Y: ui.Centre, Child: head(lang.T("Name"), folder.ByName)}}}
	size, date := columns(w)
	if size {
		row = append(row, ui.Sized{W: sizeWidth + columnGap, Child: ui.Aligned{X: ui.End, Y: ui.Centre, Child: head(lang.T("Size"), folder.BySize)}})
	}
	if date {
		row = append(row, ui.Sized{W: dateWidth + columnGap/2, Child: ui.Aligned{X: ui.Start, Y: ui.Centre, Child: head(lang.T("Changed"), folder.ByTime)}})
	}
	return ui.Sized{H: w.Theme().Control() + theme.Space1, Child: ui.Padding{
		Insets: ui.Insets{Start: theme.Space2, End: theme.Space3}, Child: ui.Row{Align: ui.Centre, Children: row},
	}}
}

func (b *Browser) order(by folder.Order) {
	if b.view.Order == by {
		b.view.Down = !b.view.Down
	} else {
		b.view.Order, b.view.Down = by, by == folder.ByTime || by == folder.BySize // the newest and the largest first
	}
	b.sort()
}

// row is an entry in the list.
func (b *Browser) row(w *rayapps.Window, e *folder.Entry) ui.Node {
	th := w.Theme()
	i, color := b.icon(th, e)
	ink := th.Text1
	if e.Hidden() {
		ink = th.Text2
	}
	row := ui.Nodes{ui.Expand{Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Icon{Name: i, Color: color, Size: 20}, ui.Expand{Child: ui.Label{Text: folder.Shown(e.Name), Lines: 1, Color: ink}},
	}}}}
	hasSize, hasDate := columns(w)
	if hasSize {
		text := ""
		if !e.IsDir() && !e.Broken {
			text = size(e.Size)
		}
		row = append(row, ui.Sized{W: sizeWidth, Child: ui.Label{Text: text, Lines: 1, Color: th.Text2, Align: ui.End, Tabular: true}})
	}
	if hasDate {
		row = append(row, ui.Sized{W: dateWidth, Child: ui.Label{Text: b.when(e.Mod), Lines: 1, Color: th.Text2}})
	}
	return ui.Padding{Insets: ui.Insets{Start: theme.Space3, End: theme.Space3}, Child: ui.Row{Gap: columnGap, Align: ui.Centre, Children: row}}
}

// cell is an entry among icons.
func (b *Browser) cell(th *theme.Theme, e *folder.Entry) ui.Node {
	i, color := b.icon(th, e)
	var face ui.Node = ui.Centred(ui.Icon{Name: i, Color: color, Size: 48})
	if m := b.pictures.of(e); m != nil {
		face = ui.Image{Image: m, W: cellWidth - 20, H: 64, Radius: theme.RadiusSmall}
	}
	ink := th.Text1
	if e.Hidden() {
		ink = th.Text2
	}
	return ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Column{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		ui.Sized{H: 64, W: cellWidth - 20, Child: face},
		ui.Label{Text: folder.Shown(e.Name), Lines: 2, Size: theme.Caption, Align: ui.Centre, Color: ink},
	}}}
}

// status says how much there is, and how much of it is chosen.
func (b *Browser) status(th *theme.Theme) ui.Node {
	text := lang.N("{n} item", "{n} items", len(b.shown), "n", lang.Number(len(b.shown)))
	if b.more {
		text = lang.F("The first {n} items", "n", lang.Number(folder.MaxEntries))
	}
	if n := len(b.chosen); n > 0 {
		var all int64
		files := false
		for i := range b.shown {
			if e := &b.shown[i]; b.chosen[e.Name] && !e.IsDir() {
				all, files = all+e.Size, true
			}
		}
		chosen := lang.N("{n} chosen", "{n} chosen", n, "n", lang.Number(n))
		if files {
			chosen += " (" + size(all) + ")"
		}
		text = strings.Join([]string{text, chosen}, " · ")
	}
	return ui.Padding{Insets: ui.Insets{Start: theme.Space3, End: theme.Space3, Top: theme.Space1, Bottom: theme.Space1}, Child: ui.Label{Text: text, Color: th.Text2, Size: theme.Caption, Lines: 1}}
}

// view shows how far a job is.
func (j *job) view(th *theme.Theme) ui.Node {
	text := doing(j.deed.Kind)
	value := -1.0
	if j.seen.Name != "" {
		text = lang.F("{doing}: {name}", "doing", text, "name", folder.Shown(j.seen.Name))
	}
	if part := j.seen.Part(); part > 0 {
		value = part
	}
	return ui.Padding{Insets: ui.Insets{Start: theme.Space3, End: theme.Space2, Top: theme.Space1}, Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Label{Text: text, Lines: 1, Size: theme.Caption}},
		ui.Progress{Name: text, Value: value},
		ui.IconButton(icon.Close, lang.T("Stop"), j.stop),
	}}}
}

// stop gives a job up; one that waits goes at once.
func (j *job) stop() {
	j.cancel()
	if i := slices.Index(j.b.jobs, j); i > 0 {
		j.b.jobs = slices.Delete(j.b.jobs, i, i+1)
	}
}
