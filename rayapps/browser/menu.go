package browser

import (
	"strings"

	"rayos/gpu/render"
	"rayos/rayapps"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// icon is what an entry looks like.
func (b *Browser) icon(th *theme.Theme, e *folder.Entry) (icon.Name, render.Color) {
	mime := b.mime(e)
	major, _, _ := strings.Cut(mime, "/")
	switch {
	case e.Broken:
		return icon.Warning, th.Text2
	case e.IsDir():
		return icon.Folder, th.Accent
	case major == "image":
		return icon.Picture, th.Text2
	case major == "audio":
		return icon.Volume, th.Text2
	case major == "video":
		return icon.Video, th.Text2
	case strings.HasPrefix(mime, "text/x-"), e.Mode.IsRegular() && e.Mode.Perm()&0o111 != 0 && mime == "application/octet-stream":
		return icon.Code, th.Text2
	case major == "text", mime == "application/pdf":
		return icon.Document, th.Text2
	}
	return icon.File, th.Text2
}

var separator = ui.MenuItem{Separator: true}

// menu is that of the window.
func (b *Browser) menu() []ui.MenuItem {
	sort := func(name string, by folder.Order) ui.MenuItem {
		return ui.MenuItem{Text: name, Check: true, Checked: b.view.Order == by, OnPress: func() { b.order(by) }}
	}
	return []ui.MenuItem{
		{Text: lang.T("New folder…"), Icon: icon.Add, Shortcut: "Ctrl+Shift+N", Disabled: b.inTrash(), OnPress: b.askFolder},
		{Text: lang.T("Go to a folder…"), Icon: icon.Open, Shortcut: "Ctrl+L", OnPress: b.askPath},
		{Text: lang.T("Read again"), Icon: icon.Refresh, Shortcut: "F5", OnPress: b.read},
		{Text: lang.T("Undo"), Icon: icon.Undo, Shortcut: "Ctrl+Z", Disabled: len(b.undo) == 0, OnPress: b.takeBack},
		separator,
		sort(lang.T("By name"), folder.ByName), sort(lang.T("By size"), folder.BySize), sort(lang.T("By time"), folder.ByTime), sort(lang.T("By kind"), folder.ByKind),
		separator,
		{Text: lang.T("Hidden files"), Check: true, Checked: b.view.Hidden, Shortcut: "Ctrl+H", OnPress: b.toggleHidden},
	}
}

func (b *Browser) toggleHidden() {
	b.view.Hidden = !b.view.Hidden
	b.arrange()
}

// contextMenu is that of the chosen, or of the folder where nothing is.
func (b *Browser) contextMenu() []ui.MenuItem {
	paths := b.paths()
	if len(paths) == 0 {
		return append([]ui.MenuItem{
			{Text: lang.T("Paste"), Icon: icon.Paste, Shortcut: "Ctrl+V", Disabled: b.inTrash(), OnPress: b.paste},
			{Text: lang.T("Properties"), Icon: icon.Info, Shortcut: "Alt+Enter", OnPress: b.askFacts},
			separator,
		}, b.menu()...)
	}
	facts := ui.MenuItem{Text: lang.T("Properties"), Icon: icon.Info, Shortcut: "Alt+Enter", OnPress: b.askFacts}
	if b.inTrash() {
		return []ui.MenuItem{
			{Text: lang.T("Restore"), Icon: icon.Undo, OnPress: b.restore},
			{Text: lang.T("Delete for good…"), Icon: icon.Trash, Danger: true, Shortcut: "Del", OnPress: b.askDelete},
			separator, facts,
		}
	}
	items := b.openItems(paths)
	return append(items,
		separator,
		ui.MenuItem{Text: lang.T("Cut"), Icon: icon.Cut, Shortcut: "Ctrl+X", OnPress: func() { b.copyFiles(true) }},
		ui.MenuItem{Text: lang.T("Copy"), Icon: icon.Copy, Shortcut: "Ctrl+C", OnPress: func() { b.copyFiles(false) }},
		ui.MenuItem{Text: lang.T("Rename…"), Icon: icon.Edit, Shortcut: "F2", Disabled: len(paths) != 1, OnPress: b.askRename},
		separator,
		ui.MenuItem{Text: lang.T("Move to the trash"), Icon: icon.Trash, Shortcut: "Del", OnPress: b.throwAway},
		ui.MenuItem{Text: lang.T("Delete for good…"), Danger: true, Shortcut: "Shift+Del", OnPress: b.askDelete},
		separator, facts,
	)
}

// maxPrograms bounds those that the menu names.
const maxPrograms = 8

// openItems open the chosen: folders here, files with programs for the first.
func (b *Browser) openItems(paths []string) []ui.MenuItem {
	items := []ui.MenuItem{{Text: lang.T("Open"), Icon: icon.Open, Shortcut: "Enter", OnPress: func() {
		if b.cursor >= 0 && b.cursor < len(b.shown) {
			b.activate(b.cursor)
		}
	}}}
	if b.host.Opener == nil {
		return items
	}
	for i := range b.shown {
		e := &b.shown[i]
		if !b.chosen[e.Name] || e.IsDir() {
			continue
		}
		for n, p := range b.host.Opener.Programs(b.mime(e)) {
			if n == maxPrograms {
				break
			}
			items = append(items, ui.MenuItem{Text: lang.F("Open with {program}", "program", p.Name), OnPress: func() { b.open(p.ID, paths) }})
		}
		break
	}
	return items
}

// Key implements rayapps.KeyHandler.
func (b *Browser) Key(w *rayapps.Window, k *ui.Keystroke) bool {
	if k.Release || b.sheet.kind != noSheet {
		return false
	}
	for _, s := range shortcuts {
		if s.sym == k.Sym && s.mods == k.Mods&(ui.Ctrl|ui.Alt|ui.Shift|ui.Super) {
			s.do(b, w)
			return true
		}
	}
	return false
}

const keyF5 ui.Sym = 0xffc2

// shortcuts are the keys that no widget takes.
var shortcuts = []struct {
	mods ui.Mods
	sym  ui.Sym
	do   func(*Browser, *rayapps.Window)
}{
	{ui.Alt, ui.KeyLeft, func(b *Browser, _ *rayapps.Window) { b.goBack() }},
	{ui.Alt, ui.KeyRight, func(b *Browser, _ *rayapps.Window) { b.goForward() }},
	{ui.Alt, ui.KeyUp, func(b *Browser, _ *rayapps.Window) { b.goUp() }},
	{0, ui.KeyBackspace, func(b *Browser, _ *rayapps.Window) { b.goUp() }},
	{ui.Alt, ui.KeyHome, func(b *Browser, _ *rayapps.Window) { b.goTo(b.host.Home) }},
	{ui.Alt, ui.KeyEnter, func(b *Browser, _ *rayapps.Window) { b.askFacts() }},
	{ui.Ctrl, 'c', func(b *Browser, _ *rayapps.Window) { b.copyFiles(false) }},
	{ui.Ctrl, 'x', func(b *Browser, _ *rayapps.Window) { b.copyFiles(true) }},
	{ui.Ctrl, 'v', func(b *Browser, _ *rayapps.Window) { b.paste() }},
	{ui.Ctrl, 'z', func(b *Browser, _ *rayapps.Window) { b.takeBack() }},
	{ui.Ctrl, 'f', func(b *Browser, _ *rayapps.Window) { b.find(true) }},
	{ui.Ctrl, 'l', func(b *Browser, _ *rayapps.Window) { b.askPath() }},
	{ui.Ctrl, 'h', func(b *Browser, _ *rayapps.Window) { b.toggleHidden() }},
	{ui.Ctrl, 'r', func(b *Browser, _ *rayapps.Window) { b.read() }},
	{ui.Ctrl, '1', func(b *Browser, _ *rayapps.Window) { b.view.Icons = false }},
	{ui.Ctrl, '2', func(b *Browser, _ *rayapps.Window) { b.view.Icons = true }},
	{ui.Ctrl, 'w', func(_ *Browser, w *rayapps.Window) { w.Close() }},
	{ui.Ctrl | ui.Shift, 'n', func(b *Browser, _ *rayapps.Window) { b.askFolder() }},
	{ui.Ctrl | ui.Shift, 'N', func(b *Browser, _ *rayapps.Window) { b.askFolder() }},
	{0, keyF5, func(b *Browser, _ *rayapps.Window) { b.read() }},
	{0, ui.KeyF2, func(b *Browser, _ *rayapps.Window) { b.askRename() }},
	{0, ui.KeyDelete, func(b *Browser, _ *rayapps.Window) { b.throwAway() }},
	{ui.Shift, ui.KeyDelete, func(b *Browser, _ *rayapps.Window) { b.askDelete() }},
	{0, ui.KeyEscape, func(b *Browser, _ *rayapps.Window) { b.chosen = map[string]bool{} }},
}
