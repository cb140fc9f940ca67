package editor

import (
	"fmt"
	"strconv"
	"strings"

	"rayos/rayapps"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// View implements rayapps.App.
func (ed *Editor) View(w *rayapps.Window) ui.Node {
	d := ed.doc()
	body := ui.Nodes{}
	if ed.find.open {
		body = append(body, ui.Key("find", ed.findBar(w)))
	}
	if b := ed.banner(w, d); b != nil {
		body = append(body, ui.Key("banner", b))
	}
	body = append(body, ui.Key("text", ui.Expand{Child: ed.sheet(d)}), ui.Divider{}, ed.status(w, d))
	var page ui.Node = ui.Column{Align: ui.Stretch, Children: body}
	if len(ed.docs) > 1 {
		page = ed.tabs(page)
	}
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ed.toolbar(d), ui.Divider{}, ui.Expand{Child: page}, ed.dialog(), ui.Toasts{Items: ed.toasts},
	}}
}

func (ed *Editor) sheet(d *document) ui.Node {
	if j := d.job; j != nil && !j.saves && j.total > 0 && d.text().Len() == 0 {
		done := float64(j.done) / float64(j.total)
		return ui.Centred(ui.Sized{W: 280, Child: ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: ui.Nodes{
			ui.Label{Text: lang.F("Opening {name}…", "name", d.title()), Align: ui.Centre},
			ui.Progress{Name: lang.T("Opening"), Value: done},
			ui.Row{Justify: ui.Centre, Children: ui.Nodes{ui.Button{Text: lang.T("Cancel"), OnPress: j.cancel}}},
		}}})
	}
	return ui.Key("doc"+strconv.Itoa(d.id), ui.ContextMenu{Name: lang.T("Text"), Items: d.menuItems, Child: area{v: &d.view, name: d.title()}})
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

func (ed *Editor) toolbar(d *document) ui.Node {
	return ui.Padding{Insets: ui.Sides(theme.Space2, theme.Space1), Child: ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		tool(icon.Add, lang.T("New"), "Ctrl+N", false, ed.open1),
		tool(icon.Folder, lang.T("Open"), "Ctrl+O", false, ed.openFile),
		tool(icon.Save, lang.T("Save"), "Ctrl+S", d.job != nil, ed.then(func() { ed.save(d, nil) })),
		ui.Sized{W: 1, H: 16, Child: ui.Divider{Upright: true}},
		tool(icon.Undo, lang.T("Undo"), "Ctrl+Z", !d.buf.CanUndo() || d.fixed, ed.then(d.back)),
		tool(icon.Redo, lang.T("Redo"), "Ctrl+Shift+Z", !d.buf.CanRedo() || d.fixed, ed.then(d.forth)),
		ui.Spacer{},
		tool(icon.Search, lang.T("Find"), "Ctrl+F", false, func() { ed.openFind(false) }),
		ui.MenuButton{
			Button: ui.Button{Icon: icon.More, Name: lang.T("More"), Tone: ui.Quiet},
			Items: []ui.MenuItem{
				{Text: lang.T("Save as…"), Shortcut: "Ctrl+Shift+S", Disabled: d.job != nil, OnPress: func() { ed.saveAs(d, nil) }},
				{Text: lang.T("Read again"), Disabled: d.path == "" || d.job != nil || d.buf.Modified(), OnPress: func() { ed.reload(d) }},
				{Separator: true},
				{Text: lang.T("Replace…"), Shortcut: "Ctrl+H", OnPress: func() { ed.openFind(true) }},
				{Text: lang.T("Go to line…"), Shortcut: "Ctrl+G", OnPress: ed.askLine},
				{Separator: true},
				{Text: lang.T("Wrap lines"), Shortcut: "Alt+Z", Check: true, Checked: ed.prefs.Wrap, OnPress: ed.then(ed.wrapLines)},
				{Text: lang.T("Line numbers"), Check: true, Checked: ed.prefs.Numbers, OnPress: ed.then(func() { ed.prefs.Numbers = !ed.prefs.Numbers; ed.restyle() })},
				{Text: lang.T("Larger"), Shortcut: "Ctrl++", OnPress: ed.then(func() { ed.zoom(1) })},
				{Text: lang.T("Smaller"), Shortcut: "Ctrl+-", OnPress: ed.then(func() { ed.zoom(-1) })},
				{Separator: true},
				{Text: lang.T("Close"), Shortcut: "Ctrl+W", OnPress: func() { ed.close(d, nil) }},
			},
		},
	}}}
}

// then returns a press that gives the text the keyboard back.
func (ed *Editor) then(press func()) func() {
	return func() {
		press()
		ed.focusText()
	}
}

func (ed *Editor) wrapLines() {
	ed.prefs.Wrap = !ed.prefs.Wrap
	ed.restyle()
}

// open1 shows an empty document.
func (ed *Editor) open1() {
	ed.docs = append(ed.docs, ed.newDocument())
	ed.turn(len(ed.docs) - 1)
}

func (ed *Editor) tabs(page ui.Node) ui.Node {
	heads := make([]ui.Tab, len(ed.docs))
	for i, d := range ed.docs {
		heads[i].Text = d.title()
		if d.buf.Modified() {
			heads[i].Text = "• " + heads[i].Text
		}
	}
	return ui.Tabs{
		Name: lang.T("Files"), Tabs: heads, Selected: ed.at, Child: page, OnSelect: ed.turn,
		OnClose: func(i int) { ed.close(ed.docs[i], nil) },
	}
}

// banner says what is wrong with the document that is shown.
func (ed *Editor) banner(w *rayapps.Window, d *document) ui.Node {
	th := w.Theme()
	bar := func(text string, buttons ...ui.Node) ui.Node {
		kids := ui.Nodes{ui.Icon{Name: icon.Warning, Color: th.Warn}, ui.Expand{Child: ui.Label{Text: text}}}
		return ui.Surface{Insets: ui.Sides(theme.Space3, theme.Space1), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: append(kids, buttons...)}}
	}
	switch {
	case d.text().Err() != nil:
		return bar(lang.T("The file was overwritten by another program. What it replaced can’t be shown, and the text can’t be saved."))
	case d.disk == changedOnDisk:
		return bar(lang.T("The file has changed on disk."),
			ui.Button{Text: lang.T("Keep mine"), OnPress: func() { d.disk = asIs }},
			ui.Button{Text: lang.T("Read again"), OnPress: func() { ed.reload(d) }})
	case d.disk == goneFromDisk && d.stamp != (buffer.Stamp{}):
		return bar(lang.T("The file isn’t on the disk any more. Save it to have it again."),
			ui.Button{Text: lang.T("Save"), OnPress: func() { ed.save(d, nil) }})
	}
	return nil
}

// findBar is above the text while something is looked for.
func (ed *Editor) findBar(w *rayapps.Window) ui.Node {
	f := &ed.find
	th := w.Theme()
	way := func(text, name string, on bool, change func(*buffer.Query)) ui.Node {
		return ui.Tooltip{Text: name, Child: ui.Button{Text: text, Name: name, Tone: ui.Quiet, Toggle: true, Selected: on, OnPress: func() {
			q := f.query
			change(&q)
			f.ask(ed, q)
		}}}
	}
	keys := func(k *ui.Keystroke) bool {
		switch {
		case k.Release:
			return false
		case k.Sym == ui.KeyEscape:
			ed.closeFind()
		case k.Sym == ui.KeyEnter && k.Mods&ui.Shift != 0, k.Sym == ui.KeyUp:
			ed.next(false)
		case k.Sym == ui.KeyDown:
			ed.next(true)
		default:
			return false
		}
		w.Invalidate()
		return true
	}
	result := f.result(&ed.doc().view)
	ink := th.Text2
	if f.why != "" || f.none {
		ink = th.Bad
	}
	none := f.pattern == nil
	rows := ui.Nodes{ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.TextField{
			Name: lang.T("Find"), Placeholder: lang.T("Find"), Icon: icon.Search, Text: f.query.Text, Invalid: f.why != "", MaxBytes: buffer.MaxQuery,
			Mono: f.query.Regexp, Purpose: ui.ForSearch, OnKey: keys,
			OnChange: func(s string) {
				q := f.query
				q.Text = s
				f.ask(ed, q)
			},
			OnSubmit: func(string) { ed.next(true) },
		}},
		ui.Sized{MinW: 96, Child: ui.Label{Text: result, Size: theme.Caption, Color: ink, Lines: 1, Tabular: true, Align: ui.Centre}},
		way("Aa", lang.T("Match case"), f.query.Case, func(q *buffer.Query) { q.Case = !q.Case }),
		way("“ ”", lang.T("Whole words"), f.query.Words, func(q *buffer.Query) { q.Words = !q.Words }),
		way(".*", lang.T("Regular expression"), f.query.Regexp, func(q *buffer.Query) { q.Regexp = !q.Regexp }),
		tool(icon.ChevronUp, lang.T("Previous match"), "Shift+F3", none, func() { ed.next(false) }),
		tool(icon.ChevronDown, lang.T("Next match"), "F3", none, func() { ed.next(true) }),
		tool(icon.Close, lang.T("Close search"), "Esc", false, ed.closeFind),
	}}}
	if f.replacing {
		rows = append(rows, ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
			ui.Expand{Child: ui.TextField{
				Name: lang.T("Replace with"), Placeholder: lang.T("Replace with"), Icon: icon.Edit, Text: f.with, Mono: f.query.Regexp,
				OnChange: func(s string) { f.with = s }, OnSubmit: func(string) { ed.replace() }, OnKey: keys,
			}},
			ui.Button{Text: lang.T("Replace"), Disabled: none, OnPress: ed.replace},
			ui.Button{Text: lang.T("Replace all"), Disabled: none || f.busy, OnPress: ed.replaceAll},
		}})
	}
	return ui.Surface{Insets: ui.Sides(theme.Space2, theme.Space2), Child: ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: rows}}
}

// status is below the text.
func (ed *Editor) status(w *rayapps.Window, d *document) ui.Node {
	th := w.Theme()
	t := d.text()
	line := t.LineOf(d.sel.Caret)
	seg := segmentAt(t, d.sel.Caret)
	column := 1
	if r := show(t, seg, d.tab, "", -1); true {
		for _, c := range r.text[:r.toShown(d.sel.Caret)] {
			column += columns(c)
		}
	}
	column += int(seg.start - seg.from)
	place := lang.F("Line {line}, column {column}", "line", lang.Number(int(line)+1), "column", lang.Number(column))
	small := func(s string) ui.Node { return ui.Label{Text: s, Size: theme.Caption, Color: th.Text2, Lines: 1} }
	ends, code := "LF", "UTF-8"
	if d.crlf() {
		ends = "CRLF"
	}
	if d.bom {
		code = "UTF-8 BOM"
	}
	indent := lang.F("Tabs: {n}", "n", lang.Number(d.tab))
	if d.spaces {
		indent = lang.F("Spaces: {n}", "n", lang.Number(d.tab))
	}
	now := ""
	if n := d.sel.Caret - d.sel.Anchor; n != 0 {
		now = lang.F("{size} selected", "size", size(max(n, -n)))
	}
	if d.job != nil && d.job.saves {
		now = lang.T("Saving…")
	}
	var widths []ui.MenuItem
	for _, n := range [...]int{2, 4, 8} {
		widths = append(widths, ui.MenuItem{Text: lang.N("{n} column", "{n} columns", n), Check: true, Checked: d.tab == n, OnPress: func() {
			d.tab, ed.prefs.Tab = n, n
			d.settle()
		}})
	}
	widths = append(widths, ui.MenuItem{Separator: true}, ui.MenuItem{Text: lang.T("Indent by spaces"), Check: true, Checked: d.spaces, OnPress: func() {
		d.spaces = !d.spaces
		ed.prefs.Spaces = d.spaces
	}})
	return ui.Padding{Insets: ui.Sides(theme.Space2, 0), Child: ui.Row{Gap: theme.Space4, Align: ui.Centre, Children: ui.Nodes{
		ui.Tooltip{Text: lang.T("Go to line…"), Child: ui.Button{Text: place, Tone: ui.Quiet, OnPress: ed.askLine}},
		ui.Expand{Child: small(now)},
		small(size(t.Len())),
		ui.MenuButton{Button: ui.Button{Text: indent, Tone: ui.Quiet}, Items: widths},
		ui.Tooltip{Text: lang.T("Line ends that Enter makes"), Child: ui.Button{Text: ends, Tone: ui.Quiet, OnPress: func() {
			if d.crlf() {
				d.eol = "\n"
			} else {
				d.eol = "\r\n"
			}
		}}},
		small(code),
	}}}
}

// size says a number of bytes.
func size(n int64) string {
	const units = "KMGT"
	if n < 1024 {
		return lang.N("{n} byte", "{n} bytes", int(n))
	}
	v, i := float64(n)/1024, 0
	for v >= 1024 && i < len(units)-1 {
		v, i = v/1024, i+1
	}
	return fmt.Sprintf("%.1f %ciB", v, units[i])
}

func (ed *Editor) dialog() ui.Node {
	q := ed.ask
	if q == nil {
		return ui.Dialog{}
	}
	cancel := q.cancel
	if cancel == nil {
		cancel = ed.answered
	}
	return ui.Dialog{Open: true, Title: q.title, Text: q.text, Content: q.content, Actions: q.actions, OnClose: cancel}
}

// askLine asks for a line to go to.
func (ed *Editor) askLine() {
	d := ed.doc()
	typed := ""
	go1 := func() {
		ed.answered()
		n, column, ok := place(typed)
		if !ok {
			return
		}
		t := d.text()
		from, end, _ := t.Bounds(min(max(n-1, 0), t.Lines()-1))
		off := min(from+max(column-1, 0), end)
		d.move(off, false)
	}
	ed.ask = &question{
		title: lang.T("Go to line"),
		content: ui.TextField{
			Name: lang.T("Line"), Placeholder: lang.F("1 to {n}", "n", lang.Number(int(d.text().Lines()))), First: true, Purpose: ui.ForDigits,
			OnChange: func(s string) { typed = s }, OnSubmit: func(s string) { typed = s; go1() },
		},
		actions: []ui.Button{{Text: lang.T("Cancel"), OnPress: ed.answered}, {Text: lang.T("Go"), Tone: ui.Primary, OnPress: go1}},
	}
}

// place reads a line, or a line and a column behind a colon.
func place(s string) (line, column int64, ok bool) {
	a, b, has := strings.Cut(strings.TrimSpace(s), ":")
	line, err := strconv.ParseInt(a, 10, 48)
	if err != nil {
		return 0, 0, false
	}
	if has {
		if column, err = strconv.ParseInt(b, 10, 32); err != nil {
			column = 0
		}
	}
	return line, column, true
}

// Keys of the window that widgets don't know.
const (
	keyF3 ui.Sym = 0xffc0
	keyF6 ui.Sym = 0xffc3
)

// Key implements rayapps.KeyHandler.
func (ed *Editor) Key(w *rayapps.Window, k *ui.Keystroke) bool {
	if k.Release || ed.ask != nil {
		return false
	}
	sym, shift := k.Sym, k.Mods&ui.Shift != 0
	if sym >= 'A' && sym <= 'Z' {
		sym += 'a' - 'A'
	}
	d := ed.doc()
	switch {
	case sym == ui.KeyEscape && ed.find.open:
		ed.closeFind()
	case sym == keyF3:
		if !ed.find.open {
			ed.openFind(false)
		}
		ed.next(!shift)
	case sym == keyF6:
		w.Root().FocusNext(shift)
	case k.Mods&ui.Alt != 0 && sym == 'z':
		ed.wrapLines()
	case k.Mods&(ui.Ctrl|ui.Alt|ui.Super) == 0 && k.Text > " " && d.el != nil && !w.Root().Trapping():
		// Whoever types means the text, though a button has the keyboard.
		return d.el.Focus() && w.Root().Event(k)
	case k.Mods&ui.Ctrl == 0:
		return false
	case sym == 'n', sym == 't':
		ed.open1()
	case sym == 'o':
		ed.openFile()
	case sym == 's' && shift:
		ed.saveAs(d, nil)
	case sym == 's':
		ed.save(d, nil)
	case sym == 'w', sym == 0xffc1: // F4
		ed.close(d, nil)
	case sym == 'f':
		ed.openFind(false)
	case sym == 'h', sym == 'r':
		ed.openFind(true)
	case sym == 'g', sym == 'l':
		ed.askLine()
	case sym == ui.KeyPageDown, sym == ui.KeyTab && !shift:
		ed.turn((ed.at + 1) % len(ed.docs))
	case sym == ui.KeyPageUp, sym == ui.KeyTab, sym == ui.KeyBackTab:
		ed.turn((ed.at + len(ed.docs) - 1) % len(ed.docs))
	case sym == '+', sym == '=', sym == 0xffab:
		ed.zoom(1)
	case sym == '-', sym == 0xffad:
		ed.zoom(-1)
	case sym == '0':
		ed.zoom(int(13 - ed.prefs.Size))
	default:
		return false
	}
	return true
}
