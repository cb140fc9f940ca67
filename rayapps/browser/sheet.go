package browser

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rayos/rayapps/browser/deed"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// sheet is the question that is open.
type sheet struct {
	kind  sheetKind
	text  string // of the field
	wrong string // with it
	paths []string

	job      *job
	conflict deed.Conflict
	answer   chan deed.Answer
	all      bool

	facts [][2]string
}

type sheetKind uint8

const (
	noSheet sheetKind = iota
	renameSheet
	folderSheet
	goSheet
	deleteSheet
	conflictSheet
	factsSheet
)

// closeSheet takes it away; a question of a job is answered by giving it up.
func (b *Browser) closeSheet() {
	if b.sheet.kind == conflictSheet {
		b.sheet.job.cancel()
	}
	b.sheet = sheet{}
	b.focus()
}

// focus gives the keyboard to the files.
func (b *Browser) focus() {
	for _, s := range b.w.Root().Semantics().Children {
		if id := find(s, filesName()); id != 0 {
			b.w.Root().Do(id, ui.DoFocus, "")
			return
		}
	}
}

func find(i *ui.Info, name string) uint64 {
	if i.Name == name && i.Role == ui.RoleList {
		return i.ID
	}
	for _, k := range i.Children {
		if id := find(k, name); id != 0 {
			return id
		}
	}
	return 0
}

func (b *Browser) askRename() {
	if p := b.paths(); len(p) == 1 && !b.inTrash() {
		b.sheet = sheet{kind: renameSheet, paths: p, text: strings.ToValidUTF8(filepath.Base(p[0]), "\ufffd")}
	}
}

func (b *Browser) askFolder() {
	if !b.inTrash() {
		b.sheet = sheet{kind: folderSheet, text: lang.T("New folder")}
	}
}

func (b *Browser) askPath() { b.sheet = sheet{kind: goSheet, text: b.dir} }

func (b *Browser) askDelete() {
	if p := b.paths(); len(p) > 0 {
		b.sheet = sheet{kind: deleteSheet, paths: p}
	}
}

// accept does what the sheet with a field is for.
func (b *Browser) accept(text string) {
	s := &b.sheet
	s.text = text
	if s.kind == goSheet {
		path := text
		if rest, ok := strings.CutPrefix(path, "~"); ok {
			path = b.host.Home + rest
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(b.dir, path)
		}
		if _, err := os.Stat(path); err != nil {
			s.wrong = reason(err)
			return
		}
		b.sheet = sheet{}
		b.goTo(path)
		b.focus()
		return
	}
	switch folder.Check(text) {
	case folder.NameEmpty, folder.NameDots:
		s.wrong = lang.T("That is no name.")
		return
	case folder.NameSlash:
		s.wrong = lang.T("A name has no slash in it.")
		return
	case folder.NameLong:
		s.wrong = lang.T("The name is too long.")
		return
	}
	var (
		done deed.Done
		err  error
	)
	if s.kind == renameSheet {
		done, err = deed.Rename(s.paths[0], text)
		b.wanted = text
	} else {
		var path string
		path, done, err = deed.NewFolder(b.dir, text)
		b.wanted = filepath.Base(path)
	}
	if err != nil {
		s.wrong = reason(err)
		b.wanted = ""
		return
	}
	if done.Undoable() {
		b.undo = append(b.undo, done)
	}
	b.sheet = sheet{}
	b.read()
	b.focus()
}

// askFacts shows what is known of the chosen, or of the folder.
func (b *Browser) askFacts() {
	paths := b.paths()
	if len(paths) == 0 {
		paths = []string{b.dir}
	}
	s := sheet{kind: factsSheet, paths: paths}
	if len(paths) == 1 {
		s.facts = b.facts(paths[0])
	} else {
		var all int64
		for i := range b.shown {
			if b.chosen[b.shown[i].Name] && !b.shown[i].IsDir() {
				all += b.shown[i].Size
			}
		}
		s.facts = [][2]string{{lang.T("Files and folders"), lang.Number(len(paths))}, {lang.T("Size of the files"), size(all)}}
	}
	b.sheet = s
}

func (b *Browser) facts(path string) (list [][2]string) {
	add := func(name, value string) { list = append(list, [2]string{name, value}) }
	add(lang.T("Folder"), folder.Shown(filepath.Dir(path)))
	st, err := os.Lstat(path)
	if err != nil {
		add(lang.T("Problem"), reason(err))
		return list
	}
	if st.Mode()&fs.ModeSymlink != 0 {
		to, err := os.Readlink(path)
		if err != nil {
			to = reason(err)
		}
		add(lang.T("Leads to"), folder.Shown(to))
		if there, err := os.Stat(path); err == nil {
			st = there
		}
	}
	e := folder.Entry{Name: filepath.Base(path), Mode: st.Mode()}
	add(lang.T("Type"), b.mime(&e))
	if !st.IsDir() {
		add(lang.T("Size"), size(st.Size()))
	}
	add(lang.T("Changed"), lang.Written(st.ModTime())+", "+lang.Clock(st.ModTime()))
	add(lang.T("Access"), st.Mode().Perm().String())
	return list
}

// ask is the sheet that is open, as a dialog.
func (b *Browser) ask(th *theme.Theme) ui.Node {
	s := &b.sheet
	cancel := ui.Button{Text: lang.T("Cancel"), OnPress: b.closeSheet}
	d := ui.Dialog{Open: s.kind != noSheet, OnClose: b.closeSheet}
	field := func(name, do string) {
		d.Content = ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: ui.Nodes{
			ui.TextField{Name: name, Text: s.text, First: true, Invalid: s.wrong != "", OnChange: func(t string) { s.text, s.wrong = t, "" }, OnSubmit: b.accept},
			ui.Label{Text: s.wrong, Color: th.Bad, Size: theme.Caption},
		}}
		d.Actions = []ui.Button{cancel, {Text: do, Tone: ui.Primary, OnPress: func() { b.accept(s.text) }}}
	}
	switch s.kind {
	case renameSheet:
		d.Title = lang.F("Rename {name}", "name", folder.Shown(filepath.Base(s.paths[0])))
		field(lang.T("Name"), lang.T("Rename"))
	case folderSheet:
		d.Title = lang.T("New folder")
		field(lang.T("Name"), lang.T("Make it"))
	case goSheet:
		d.Title = lang.T("Go to a folder")
		field(lang.T("Path"), lang.T("Go"))
	case deleteSheet:
		d.Title = lang.N("Delete {n} file for good?", "Delete {n} files for good?", len(s.paths), "n", lang.Number(len(s.paths)))
		d.Text = lang.T("This can’t be undone.")
		if len(s.paths) == 1 {
			d.Title = lang.F("Delete {name} for good?", "name", folder.Shown(filepath.Base(s.paths[0])))
		}
		d.Actions = []ui.Button{cancel, {Text: lang.T("Delete"), Tone: ui.Danger, OnPress: func() {
			paths := s.paths
			b.sheet = sheet{}
			b.deleteNow(paths)
			b.focus()
		}}}
	case conflictSheet:
		b.askConflict(&d, cancel)
	case factsSheet:
		d.Title = folder.Shown(filepath.Base(s.paths[0]))
		if len(s.paths) > 1 {
			d.Title = lang.T("Properties")
		}
		var rows ui.Nodes
		for _, f := range s.facts {
			rows = append(rows, ui.Row{Gap: theme.Space3, Align: ui.Start, Children: ui.Nodes{
				ui.Sized{W: 120, Child: ui.Label{Text: f[0], Color: th.Text2}}, ui.Expand{Child: ui.Label{Text: f[1]}},
			}})
		}
		d.Content = ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: rows}
		d.Actions = []ui.Button{{Text: lang.T("Close"), Tone: ui.Primary, OnPress: b.closeSheet}}
	}
	return d
}

func (b *Browser) askConflict(d *ui.Dialog, cancel ui.Button) {
	s := &b.sheet
	c := s.conflict
	name := folder.Shown(filepath.Base(c.To))
	d.Title = lang.F("{name} is there already", "name", name)
	replace := lang.T("Replace")
	if c.Folders {
		d.Text = lang.F("In {folder} there is a folder of that name. Put together, files of one name are asked about again.", "folder", b.nameOf(filepath.Dir(c.To)))
		replace = lang.T("Put together")
	} else {
		d.Text = lang.F("In {folder}, there: {there}; to come: {new}", "folder", b.nameOf(filepath.Dir(c.To)), "there", b.about(c.To), "new", b.about(c.From))
	}
	d.Content = ui.Checkbox{Text: lang.T("The same for all that come"), Checked: s.all, OnChange: func(on bool) { s.all = on }}
	say := func(do deed.Choice) func() {
		return func() {
			s.answer <- deed.Answer{Do: do, All: s.all}
			b.sheet = sheet{}
			b.focus()
		}
	}
	d.Width = 520
	d.Actions = []ui.Button{
		cancel,
		{Text: lang.T("Skip"), OnPress: say(deed.Skip)},
		{Text: replace, OnPress: say(deed.Replace)},
		{Text: lang.T("Keep both"), Tone: ui.Primary, OnPress: say(deed.KeepBoth)},
	}
}

// about is a file in few words: how large, how old.
func (b *Browser) about(path string) string {
	st, err := os.Lstat(path)
	if err != nil {
		return reason(err)
	}
	return size(st.Size()) + ", " + b.when(st.ModTime().Truncate(time.Second))
}
