// Package filepicker is the window in which the person chooses a file for an
// app that can't see any: choosing is granting. The session starts it; it
// prints the path of what was chosen, and nothing if the window was closed.
//
//	rayos-apps pick [--for NAME] [--save[=NAME]] [FOLDER]
package filepicker

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rayos/geom"
	"rayos/rayapps"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Options says what the window is called.
var Options = rayapps.Options{
	ID: "org.rayos.FilePicker", Title: lang.M("Choose a file"), Size: geom.Size{W: 640, H: 480}, MinSize: geom.Size{W: 360, H: 240},
}

// maxEntries bounds what is shown of a folder.
const maxEntries = 10_000

// Picker is the window's state.
type Picker struct {
	app    string // for which a file is chosen, may be empty
	save   bool
	name   string // of the file to save
	dir    string
	list   []folder.Entry
	more   bool // there are more than are shown
	row    int
	why    string // the folder can't be read
	Chosen string // absolute; "" for none
}

// New returns a window that shows a folder.
func New(app, dir string, save bool, name string) *Picker {
	p := &Picker{app: app, save: save, name: name}
	p.enter(dir)
	return p
}

// Run shows the window and prints what was chosen.
func Run(args []string) error { return run(args, os.Stdout) }

func run(args []string, out io.Writer) error {
	fs := flag.NewFlagSet("pick", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	app := fs.String("for", "", "")
	var save saveFlag
	fs.Var(&save, "save", "")
	if err := fs.Parse(args); err != nil {
		return fmt.Errorf("%w: want [--for NAME] [--save[=NAME]] [FOLDER]", err)
	}
	dir := fs.Arg(0)
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return err
		}
		dir = home
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	p := New(*app, dir, save.on, save.name)
	o := Options
	o.Marker = func(string) {} // standard output is for the answer
	if err := rayapps.Run(o, p); err != nil {
		return err
	}
	if p.Chosen == "" {
		return nil
	}
	_, err = fmt.Fprintln(out, p.Chosen)
	return err
}

// saveFlag is --save, with or without a name.
type saveFlag struct {
	on   bool
	name string
}

func (f *saveFlag) String() string   { return f.name }
func (f *saveFlag) IsBoolFlag() bool { return true }

// Set implements flag.Value.
func (f *saveFlag) Set(v string) error {
	f.on = true
	if v != "true" {
		f.name = v
	}
	return nil
}

// enter shows a folder: folders first, hidden files not at all.
func (p *Picker) enter(dir string) {
	p.dir, p.list, p.row, p.why, p.more = dir, nil, ui.NoSelection, "", false
	l, err := folder.Read(context.Background(), dir)
	if err != nil {
		p.why = lang.T("This folder can’t be opened.")
	}
	folder.Sort(l.Entries, folder.ByName, false)
	for _, e := range l.Entries {
		if e.Hidden() || !e.IsDir() && !e.Mode.IsRegular() {
			continue
		}
		if p.more = len(p.list) == maxEntries; p.more {
			break
		}
		p.list = append(p.list, e)
	}
}

// Title implements rayapps.Titler.
func (p *Picker) Title() string {
	switch {
	case p.save && p.app != "":
		return lang.F("Save a file in “{app}”", "app", p.app)
	case p.save:
		return lang.T("Save a file")
	case p.app != "":
		return lang.F("Open a file in “{app}”", "app", p.app)
	}
	return lang.T("Open a file")
}

// Key implements rayapps.KeyHandler: Escape chooses nothing, Backspace goes up.
func (p *Picker) Key(w *rayapps.Window, k *ui.Keystroke) bool {
	switch {
	case k.Release:
		return false
	case k.Sym == ui.KeyEscape:
		w.Close()
	case k.Sym == ui.KeyBackspace:
		p.enter(filepath.Dir(p.dir))
	default:
		return false
	}
	return true
}

// View implements rayapps.App.
func (p *Picker) View(w *rayapps.Window) ui.Node {
	th := w.Theme()
	up := ui.IconButton(icon.ArrowUp, lang.T("The folder above"), func() { p.enter(filepath.Dir(p.dir)) })
	up.Disabled = p.dir == filepath.Dir(p.dir)
	body := ui.Nodes{
		ui.Padding{Insets: ui.Insets{Start: theme.Space1, End: theme.Space3, Top: theme.Space2, Bottom: theme.Space2}, Child: ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
			ui.Tooltip{Text: up.Name, Child: up},
			ui.Expand{Child: p.place(th)},
		}}},
		ui.Expand{Child: ui.List{
			Name: lang.T("Files"), Count: len(p.list), Selected: p.row,
			Key:  func(i int) string { return p.list[i].Name },
			Text: func(i int) string { return p.list[i].Name },
			Row: func(i int) ui.Node {
				e := p.list[i]
				name := icon.File
				if e.IsDir() {
					name = icon.Folder
				}
				return ui.Padding{Insets: ui.Insets{Start: theme.Space3, End: theme.Space3}, Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
					ui.Icon{Name: name, Color: th.Text2}, ui.Expand{Child: ui.Label{Text: folder.Shown(e.Name), Lines: 1}},
				}}}
			},
			Empty:      ui.Centred(ui.Label{Text: cmp.Or(p.why, lang.T("There are no files here.")), Color: th.Text2}),
			OnSelect:   p.choose,
			OnActivate: func(i int) { p.choose(i); p.accept(w) },
		}},
	}
	foot := ui.Nodes{ui.Expand{Child: p.foot(w)}, ui.Button{Text: lang.T("Cancel"), OnPress: w.Close}, ui.Button{Text: p.verb(), Tone: ui.Primary, Disabled: !p.ready(), OnPress: func() { p.accept(w) }}}
	return ui.Column{Align: ui.Stretch, Children: append(body, ui.Padding{
		Insets: ui.All(theme.Space3), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: foot},
	})}
}

// place is the folder's name, and where it is.
func (p *Picker) place(th *theme.Theme) ui.Node {
	return ui.Column{Children: ui.Nodes{
		ui.Label{Text: filepath.Base(p.dir), Bold: true, Lines: 1}, ui.Label{Text: p.dir, Size: theme.Caption, Color: th.Text2, Lines: 1},
	}}
}

func (p *Picker) verb() string {
	switch {
	case p.row >= 0 && p.list[p.row].IsDir():
		return lang.T("Open folder")
	case p.save && slices.ContainsFunc(p.list, func(e folder.Entry) bool { return e.Name == p.name }):
		return lang.T("Replace")
	case p.save:
		return lang.T("Save")
	}
	return lang.T("Open")
}

// foot is the name of what is saved, or what choosing means.
func (p *Picker) foot(w *rayapps.Window) ui.Node {
	if p.save {
		return ui.TextField{Name: lang.T("Name"), Text: p.name, Placeholder: lang.T("Name"), OnChange: func(s string) { p.name, p.row = s, ui.NoSelection }, OnSubmit: func(string) { p.accept(w) }}
	}
	text := lang.T("The app gets this file and no other.")
	if p.more {
		text = lang.N("The first {n} is shown.", "The first {n} are shown.", maxEntries)
	}
	return ui.Label{Text: text, Size: theme.Caption, Color: w.Theme().Text2, Lines: 2}
}

func (p *Picker) choose(i int) {
	p.row = i
	if p.save && i >= 0 && !p.list[i].IsDir() {
		p.name = p.list[i].Name
	}
}

// ready reports whether there is something to accept.
func (p *Picker) ready() bool {
	if p.row >= 0 {
		return true
	}
	return p.save && p.name != "" && p.name != "." && p.name != ".." && !strings.ContainsAny(p.name, "/\n\x00")
}

// accept enters the chosen folder, or ends with the chosen file.
func (p *Picker) accept(w *rayapps.Window) {
	switch {
	case !p.ready():
		return
	case p.row >= 0 && p.list[p.row].IsDir():
		p.enter(filepath.Join(p.dir, p.list[p.row].Name))
		return
	case p.save:
		p.Chosen = filepath.Join(p.dir, p.name)
	default:
		p.Chosen = filepath.Join(p.dir, p.list[p.row].Name)
	}
	w.Close()
}
