package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"rayos/geom"
	"rayos/internal/mimetype"
	"rayos/internal/trash"
	"rayos/rayapps"
	"rayos/rayapps/browser/deed"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/browser/thumb"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
)

// Options says what the app is called.
var Options = rayapps.Options{
	ID: "org.rayos.Files", Title: "Files", Size: geom.Size{W: 900, H: 600}, MinSize: geom.Size{W: 360, H: 280},
}

// Program is one that opens files.
type Program struct{ ID, Name string }

// Opener opens files with programs. Any goroutine may call it.
type Opener interface {
	// Programs are those for a type of files, the one that the person uses
	// first. It answers at once, with what is known by now.
	Programs(mime string) []Program
	// Open opens files with a program; "" is the first for each. It may take
	// its time.
	Open(id string, paths []string) error
}

// Host is what the app has of the machine.
type Host struct {
	Home   string
	Places func() []Place
	Bin    *trash.Bin
	Thumbs *thumb.Cache // nil shows none
	Types  *mimetype.DB
	Opener Opener           // nil opens nothing
	Now    func() time.Time // for dates
}

// Browser is the app.
type Browser struct {
	w    *rayapps.Window
	host Host

	dir           string
	back, forward []string
	places        []Place

	// What the folder has, and what of it is shown, in order.
	entries []folder.Entry
	shown   []folder.Entry
	more    bool
	loading bool
	why     string // it can't be read

	view   view
	filter string
	search bool // the field is there

	chosen         map[string]bool // by name
	cursor, anchor int             // in shown
	wanted         string          // the name to go to when it is there

	reading context.CancelFunc
	turn    int // of reading: an older one has nothing to say
	watch   *folder.Watch
	settle  *rayapps.Timer // folders are read again when they have come to rest
	spent   time.Duration  // by the last reading

	place    ui.CellsPlace
	dragging []string // our own, out of the window or within
	pictures pictures
	jobs     []*job
	undo     []deed.Done
	sheet    sheet
	toasts   []ui.Toast
	toast    int
}

// view is how a folder is looked at; it is kept.
type view struct {
	Icons  bool         `json:"icons"`
	Order  folder.Order `json:"order"`
	Down   bool         `json:"down"`
	Hidden bool         `json:"hidden"`
	Dir    string       `json:"dir"`
}

// New returns a window on a folder; "" is the one of the life before, or the
// home. Of a file it is the folder that it is in.
func New(h Host, path string) *Browser {
	b := &Browser{host: h, chosen: map[string]bool{}, cursor: ui.NoSelection, anchor: ui.NoSelection}
	if h.Now == nil {
		b.host.Now = time.Now
	}
	if path != "" {
		if st, err := os.Stat(path); err == nil && !st.IsDir() {
			b.wanted, path = filepath.Base(path), filepath.Dir(path)
		}
	}
	b.dir = path
	return b
}

// Run shows the browser on the folder of the first argument.
func Run(args []string, o Opener) error {
	if len(args) > 1 {
		return fmt.Errorf("usage: files [FOLDER]")
	}
	path := strings.Join(args, "")
	if p := rayapps.FilePath(path); p != "" {
		path = p
	}
	var err error
	if path != "" {
		if path, err = filepath.Abs(path); err != nil {
			return err
		}
	}
	h, err := ThisHost(os.Getenv)
	if err != nil {
		return err
	}
	h.Opener = o
	return rayapps.Run(Options, New(h, path))
}

// ThisHost is the machine, by its environment.
func ThisHost(getenv func(string) string) (Host, error) {
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return Host{}, fmt.Errorf("files: HOME isn't set")
	}
	base := func(name, otherwise string) string {
		if d := getenv(name); filepath.IsAbs(d) {
			return d
		}
		return filepath.Join(home, otherwise)
	}
	bin := trash.Home(getenv)
	return Host{
		Home: home, Bin: bin,
		Places: func() []Place { return findPlaces(home, base("XDG_CONFIG_HOME", ".config"), bin.Dir()) },
		Thumbs: &thumb.Cache{Dir: filepath.Join(base("XDG_CACHE_HOME", ".cache"), "thumbnails")},
		Types:  mimetype.Load(mimetype.Folders(getenv)),
	}, nil
}

// Start implements rayapps.Starter.
func (b *Browser) Start(w *rayapps.Window) error {
	b.w = w
	b.settle = w.NewTimer(func() { b.read() })
	b.pictures.init(b)
	if b.dir == "" {
		b.dir = b.view.Dir
	}
	if st, err := os.Stat(b.dir); b.dir == "" || err != nil || !st.IsDir() {
		b.dir = b.host.Home
	}
	if b.host.Places != nil {
		b.places = b.host.Places()
	}
	b.enter(b.dir)
	return nil
}

// Open implements rayapps.Opener: the first folder is shown.
func (b *Browser) Open(_ *rayapps.Window, names []string) {
	for _, n := range names {
		if p := rayapps.FilePath(n); p != "" {
			n = p
		}
		if filepath.IsAbs(n) {
			b.goTo(n)
			return
		}
	}
}

// Destroy implements rayapps.Destroyer.
func (b *Browser) Destroy() {
	b.stopReading()
	for _, j := range b.jobs {
		j.cancel()
	}
	b.pictures.close()
}

// Title implements rayapps.Titler.
func (b *Browser) Title() string { return b.nameOf(b.dir) }

// nameOf is what people call a folder.
func (b *Browser) nameOf(dir string) string {
	for _, p := range b.places {
		if p.Path == dir {
			return p.Name
		}
	}
	return folder.Shown(filepath.Base(dir))
}

// goTo shows a folder, or the one of a file with the file chosen, and remembers
// the way.
func (b *Browser) goTo(path string) {
	path = filepath.Clean(path)
	if st, err := os.Stat(path); err == nil && !st.IsDir() {
		b.wanted, path = filepath.Base(path), filepath.Dir(path)
	}
	if path == b.dir {
		b.read()
		return
	}
	b.back = append(b.back, b.dir)
	b.back = b.back[max(len(b.back)-maxWay, 0):]
	b.forward = nil
	b.enter(path)
}

// maxWay bounds how far back one can go.
const maxWay = 100

func (b *Browser) goBack() {
	if n := len(b.back); n > 0 {
		b.forward = append(b.forward, b.dir)
		b.wanted = b.childOn(b.back[n-1], b.dir)
		dir := b.back[n-1]
		b.back = b.back[:n-1]
		b.enter(dir)
	}
}

func (b *Browser) goForward() {
	if n := len(b.forward); n > 0 {
		b.back = append(b.back, b.dir)
		dir := b.forward[n-1]
		b.forward = b.forward[:n-1]
		b.enter(dir)
	}
}

func (b *Browser) goUp() {
	if up := filepath.Dir(b.dir); up != b.dir {
		from := filepath.Base(b.dir)
		b.goTo(up)
		b.wanted = from
	}
}

// childOn is the folder in dir on the way to another, "" if that is elsewhere.
func (b *Browser) childOn(dir, to string) string {
	rest, ok := strings.CutPrefix(to, strings.TrimSuffix(dir, "/")+"/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// enter shows a folder from the start.
func (b *Browser) enter(dir string) {
	b.dir = dir
	b.view.Dir = dir
	b.entries, b.shown, b.more, b.why = nil, nil, false, ""
	b.filter, b.search = "", false
	b.chosen, b.cursor, b.anchor = map[string]bool{}, ui.NoSelection, ui.NoSelection
	b.stopReading()
	watch, err := folder.NewWatch(dir, func() { b.w.Post(b.changed) })
	if err == nil {
		b.watch = watch // without, F5 reads it again
	}
	b.read()
}

func (b *Browser) stopReading() {
	if b.reading != nil {
		b.reading()
		b.reading = nil
	}
	if b.watch != nil {
		_ = b.watch.Close() // nobody looks
		b.watch = nil
	}
}

// changed is told that the folder is another now. It is read when some time has
// passed, more where it takes longer.
func (b *Browser) changed() {
	if !b.loading {
		b.settle.Reset(max(100*time.Millisecond, 4*b.spent))
	}
}

// read reads the folder beside the window.
func (b *Browser) read() {
	b.settle.Stop()
	if b.reading != nil {
		b.reading()
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.reading, b.loading = cancel, true
	b.turn++
	dir, turn, began := b.dir, b.turn, b.w.Now()
	order, down := b.view.Order, b.view.Down
	go func() {
		l, err := folder.Read(ctx, dir)
		folder.Sort(l.Entries, order, down)
		b.w.Post(func() {
			if turn != b.turn {
				return
			}
			b.loading, b.spent = false, b.w.Now()-began
			b.has(l, err)
			if order != b.view.Order || down != b.view.Down {
				b.sort()
			}
		})
	}()
}

// has takes over what was read.
func (b *Browser) has(l folder.Listing, err error) {
	b.entries, b.more, b.why = l.Entries, l.More, ""
	if err != nil {
		b.why = lang.F("This folder can’t be read: {why}", "why", reason(err))
	}
	b.arrange()
	b.focusFirst()
}

// Focus implements rayapps.Focuser: keys are for the files, unless the person
// has chosen something else.
func (b *Browser) Focus(_ *rayapps.Window, has bool) {
	if has {
		b.focusFirst()
	}
}

func (b *Browser) focusFirst() {
	if b.w.Root().Focused() == nil && b.sheet.kind == noSheet {
		b.focus()
	}
}

// sort sorts anew.
func (b *Browser) sort() {
	folder.Sort(b.entries, b.view.Order, b.view.Down)
	b.arrange()
}

// arrange finds out what is shown, and keeps the choice with the names.
func (b *Browser) arrange() {
	current := b.wanted
	if current == "" && b.cursor >= 0 && b.cursor < len(b.shown) {
		current = b.shown[b.cursor].Name
	}
	filter := strings.ToLower(b.filter)
	b.shown = make([]folder.Entry, 0, len(b.entries))
	for _, e := range b.entries {
		if (b.view.Hidden || !e.Hidden()) && (filter == "" || strings.Contains(strings.ToLower(e.Name), filter)) {
			b.shown = append(b.shown, e)
		}
	}
	there := make(map[string]bool, len(b.chosen))
	at := ui.NoSelection
	for i := range b.shown {
		name := b.shown[i].Name
		if b.chosen[name] {
			there[name] = true
		}
		if name == current {
			at = i
		}
	}
	b.chosen = there
	if at >= 0 && current == b.wanted {
		b.chosen = map[string]bool{current: true}
	}
	if at >= 0 || !b.loading {
		b.wanted = ""
	}
	if at < 0 && b.cursor >= 0 {
		at = min(b.cursor, len(b.shown)-1)
	}
	b.cursor, b.anchor = at, at
}

// pick is what the person does to the choice.
func (b *Browser) pick(i int, how ui.Picking) {
	if i >= len(b.shown) {
		return
	}
	switch {
	case how == ui.PickAll:
		for j := range b.shown {
			b.chosen[b.shown[j].Name] = true
		}
	case i < 0:
		b.chosen = map[string]bool{}
		return
	case how == ui.PickOnly:
		b.chosen = map[string]bool{b.shown[i].Name: true}
		b.anchor = i
	case how == ui.PickToggle:
		name := b.shown[i].Name
		if b.chosen[name] {
			delete(b.chosen, name)
		} else {
			b.chosen[name] = true
		}
		b.anchor = i
	case how == ui.PickExtend:
		b.chosen = map[string]bool{}
		for j := min(max(b.anchor, 0), i); j <= max(b.anchor, i); j++ {
			b.chosen[b.shown[j].Name] = true
		}
	}
	if i >= 0 {
		b.cursor = i
	}
}

// paths are those of the chosen, in the order in which they are shown.
func (b *Browser) paths() (list []string) {
	if len(b.chosen) == 0 {
		return nil
	}
	for i := range b.shown {
		if b.chosen[b.shown[i].Name] {
			list = append(list, filepath.Join(b.dir, b.shown[i].Name))
		}
	}
	return list
}

// inTrash reports whether the folder is the trash.
func (b *Browser) inTrash() bool {
	return b.host.Bin != nil && b.host.Bin.Dir() != "" && b.dir == b.host.Bin.Dir()
}

// activate opens an entry: a folder here, a file with its program, with all
// others that are chosen.
func (b *Browser) activate(i int) {
	if i >= len(b.shown) {
		return
	}
	e := &b.shown[i]
	if e.IsDir() && len(b.chosen) <= 1 {
		b.goTo(filepath.Join(b.dir, e.Name))
		return
	}
	paths := b.paths()
	if !b.chosen[e.Name] {
		paths = []string{filepath.Join(b.dir, e.Name)}
	}
	b.open("", slices.DeleteFunc(paths, func(p string) bool { st, err := os.Stat(p); return err != nil || st.IsDir() }))
}

// maxOpen bounds the files that one press opens.
const maxOpen = 64

// open opens files with a program.
func (b *Browser) open(id string, paths []string) {
	if b.host.Opener == nil || len(paths) == 0 {
		return
	}
	paths = paths[:min(len(paths), maxOpen)]
	go func() {
		err := b.host.Opener.Open(id, paths)
		b.w.Post(func() {
			if err != nil {
				b.say(lang.F("{name} can’t be opened: {why}", "name", folder.Shown(filepath.Base(paths[0])), "why", reason(err)), nil)
			}
		})
	}()
}

// mime is the type of an entry, by its name.
func (b *Browser) mime(e *folder.Entry) string {
	switch {
	case e.IsDir():
		return mimetype.Directory
	case b.host.Types == nil:
		return mimetype.Unknown
	}
	return b.host.Types.OfName(e.Name)
}
