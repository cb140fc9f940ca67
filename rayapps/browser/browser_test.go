package browser

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/geom"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/internal/mimetype"
	"rayos/internal/trash"
	"rayos/rayapps"
	"rayos/rayapps/browser/deed"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/browser/thumb"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// programs is an opener that remembers what it has opened.
type programs struct {
	mu     sync.Mutex
	opened string
}

func (*programs) Programs(mime string) []Program {
	if strings.HasPrefix(mime, "text/") {
		return []Program{{"a.desktop", "Text Editor"}, {"b.desktop", "Pager"}}
	}
	return nil
}

func (p *programs) Open(id string, paths []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opened = id + " " + strings.Join(paths, " ")
	return nil
}

// bench is a browser on a home of its own.
type bench struct {
	t    *testing.T
	home string
	b    *Browser
	v    *rayapps.Preview
	p    *programs
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, noon, noon.Add(-time.Duration(len(text))*26*time.Hour)); err != nil {
		t.Fatal(err)
	}
	return path
}

func types(t *testing.T) *mimetype.DB {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "globs2"), "50:text/plain:*.txt\n50:image/png:*.png\n50:text/x-go:*.go\n50:audio/flac:*.flac\n50:video/webm:*.webm\n50:application/pdf:*.pdf\n")
	return mimetype.Load([]string{dir})
}

func newBench(t *testing.T, look rayapps.Look, files ...string) *bench {
	t.Helper()
	n := &bench{t: t, home: t.TempDir(), p: &programs{}}
	for _, f := range files {
		if strings.HasSuffix(f, "/") {
			if err := os.MkdirAll(filepath.Join(n.home, f), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, filepath.Join(n.home, f), strings.Repeat("x", len(f)))
	}
	bin := trash.Home(func(k string) string { return map[string]string{"XDG_DATA_HOME": t.TempDir()}[k] })
	n.b = New(Host{
		Home: n.home, Bin: bin, Types: types(t), Opener: n.p, Thumbs: &thumb.Cache{},
		Places: func() []Place {
			return []Place{{lang.T("Home"), n.home, icon.Home}, {lang.T("Documents"), n.home + "/Documents", icon.Document}, {lang.T("Trash"), bin.Dir(), icon.Trash}, {lang.T("Computer"), "/", icon.Drive}}
		},
		Now: func() time.Time { return noon },
	}, "")
	n.v = apptest.Preview(t, Options, n.b, look)
	n.rests()
	return n
}

// until waits for something.
func (n *bench) until(what string, ok func() bool) {
	n.t.Helper()
	for end := time.Now().Add(8 * time.Second); ; time.Sleep(100 * time.Microsecond) {
		n.v.Advance(10 * time.Millisecond)
		if ok() {
			return
		}
		if time.Now().After(end) {
			n.t.Fatalf("%s: never; in %s are %s", what, n.b.dir, n.names())
		}
	}
}

func (n *bench) rests() {
	n.t.Helper()
	n.until("rest", func() bool { return !n.b.loading && len(n.b.jobs) == 0 })
}

func (n *bench) names() string {
	var list []string
	for i := range n.b.shown {
		name := n.b.shown[i].Name
		if n.b.chosen[name] {
			name = "[" + name + "]"
		}
		list = append(list, name)
	}
	return strings.Join(list, " ")
}

func (n *bench) shows(want string) {
	n.t.Helper()
	n.rests()
	n.until("it shows "+want, func() bool { return n.names() == want })
}

func (n *bench) choose(names ...string) {
	n.t.Helper()
	n.b.chosen = map[string]bool{}
	for _, name := range names {
		n.b.chosen[name] = true
		n.b.cursor = slices.IndexFunc(n.b.shown, func(e folder.Entry) bool { return e.Name == name })
	}
	n.v.Window().Invalidate()
	n.v.Settle()
}

func (n *bench) press(sym ui.Sym, m ui.Mods) {
	n.v.Press(sym, m)
	n.v.Settle()
}

// click presses the button of a name.
func (n *bench) click(name string) {
	n.t.Helper()
	i := apptest.Find(n.v.Root().Semantics(), name)
	if i == nil {
		n.t.Fatalf("there is no %q", name)
	}
	n.v.Root().Do(i.ID, ui.DoActivate, "")
	n.v.Settle()
}

func TestWaysThroughFolders(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "b.txt", "a10.txt", "a2.txt", ".hidden", "Documents/deep/x.txt", "Music/")
	n.shows("Documents Music a2.txt a10.txt b.txt")
	n.press(ui.KeyDown, 0)
	n.press(ui.KeyEnter, 0)
	n.shows("deep")
	n.press(ui.KeyDown, 0)
	n.press(ui.KeyEnter, 0)
	n.shows("x.txt")
	if n.b.Title() != "deep" {
		t.Errorf("the title is %q", n.b.Title())
	}
	n.press(ui.KeyUp, ui.Alt)
	n.shows("[deep]")
	n.press(ui.KeyLeft, ui.Alt)
	n.shows("x.txt")
	n.press(ui.KeyLeft, ui.Alt)
	n.press(ui.KeyLeft, ui.Alt)
	n.shows("[Documents] Music a2.txt a10.txt b.txt")
	n.press(ui.KeyRight, ui.Alt)
	n.shows("deep")
	n.click("Back")
	n.press('h', ui.Ctrl)
	n.shows("[Documents] Music .hidden a2.txt a10.txt b.txt")
	n.b.order(folder.BySize)
	n.shows("[Documents] Music .hidden a10.txt a2.txt b.txt")
	n.b.filter = "A1"
	n.b.arrange()
	n.shows("a10.txt")
	n.b.find(false)
	n.press('h', ui.Ctrl)
	n.b.order(folder.ByName)
	// Typing goes to a name.
	n.v.Type("b")
	n.shows("Documents Music a2.txt a10.txt [b.txt]")
	// Keys still are for the files when they are looked at otherwise.
	n.press('2', ui.Ctrl)
	n.press(ui.KeyHome, 0)
	n.shows("[Documents] Music a2.txt a10.txt b.txt")
	n.press('1', ui.Ctrl)
	n.press('l', ui.Ctrl)
	n.b.accept("~/Documents/deep/x.txt")
	n.shows("[x.txt]")
	n.b.accept2("/nowhere")
	if n.b.sheet.wrong == "" {
		t.Error("it went nowhere")
	}
}

// accept2 answers the question for a path.
func (b *Browser) accept2(text string) {
	b.askPath()
	b.accept(text)
}

func TestChoosing(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "a", "b", "c", "d")
	for _, s := range []struct {
		sym  ui.Sym
		mods ui.Mods
		want string
	}{
		{ui.KeyDown, 0, "[a] b c d"},
		{ui.KeyDown, ui.Shift, "[a] [b] c d"},
		{ui.KeyDown, ui.Shift, "[a] [b] [c] d"},
		{ui.KeyUp, ui.Shift, "[a] [b] c d"},
		{ui.KeyEnd, ui.Ctrl, "[a] [b] c d"},
		{ui.KeySpace, ui.Ctrl, "[a] [b] c [d]"},
		{'a', ui.Ctrl, "[a] [b] [c] [d]"},
		{ui.KeyEscape, 0, "a b c d"},
	} {
		n.press(s.sym, s.mods)
		n.shows(s.want)
	}
}

func TestLiveChanges(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "a", "b")
	n.choose("b")
	write(t, filepath.Join(n.home, "aa"), "x")
	n.shows("a aa [b]")
	if err := os.Remove(filepath.Join(n.home, "a")); err != nil {
		t.Fatal(err)
	}
	n.shows("aa [b]")
	if err := os.RemoveAll(n.home); err != nil {
		t.Fatal(err)
	}
	n.until("it says why", func() bool { return n.b.why != "" })
}

func TestDeeds(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "a.txt", "b.txt", "Documents/")
	n.choose("a.txt", "b.txt")
	n.press('c', ui.Ctrl)
	n.b.goTo(n.home + "/Documents")
	n.shows("")
	n.press('v', ui.Ctrl)
	n.shows("a.txt b.txt")
	n.press('z', ui.Ctrl)
	n.shows("")
	n.b.goBack()
	n.shows("[Documents] a.txt b.txt")
	n.choose("a.txt")
	n.press('x', ui.Ctrl)
	n.b.goForward()
	n.shows("")
	n.press('v', ui.Ctrl)
	n.shows("a.txt")
	// Under a name that is taken.
	n.b.goBack()
	n.shows("[Documents] b.txt")
	write(t, filepath.Join(n.home, "a.txt"), "another")
	n.b.start(deed.Deed{Kind: deed.Copy, Sources: []string{filepath.Join(n.home, "a.txt")}, Into: n.home + "/Documents"})
	n.until("the question", func() bool { return n.b.sheet.kind == conflictSheet })
	n.click("Keep both")
	n.rests()
	if _, err := os.Stat(n.home + "/Documents/a (2).txt"); err != nil {
		t.Error(err)
	}
	n.b.start(deed.Deed{Kind: deed.Copy, Sources: []string{filepath.Join(n.home, "a.txt")}, Into: n.home + "/Documents"})
	n.until("the question", func() bool { return n.b.sheet.kind == conflictSheet })
	n.press(ui.KeyEscape, 0)
	n.rests()
	// A name, a folder.
	n.shows("[Documents] a.txt b.txt")
	n.choose("b.txt")
	n.press(ui.KeyF2, 0)
	n.b.accept("a.txt")
	if n.b.sheet.wrong == "" {
		t.Error("renamed onto another")
	}
	n.b.accept("a/b")
	if n.b.sheet.wrong == "" {
		t.Error("a slash is a name")
	}
	n.b.accept("c.txt")
	n.shows("Documents a.txt [c.txt]")
	n.press('n', ui.Ctrl|ui.Shift)
	n.b.accept("Box")
	n.shows("[Box] Documents a.txt c.txt")
	// Away, and back.
	n.choose("a.txt", "c.txt")
	n.press(ui.KeyDelete, 0)
	n.shows("Box Documents")
	n.b.goTo(n.b.host.Bin.Dir())
	n.shows("a.txt a.txt.2 b.txt c.txt") // the first two are copies that were taken back
	n.choose("c.txt")
	n.b.restore()
	n.shows("a.txt a.txt.2 b.txt")
	n.choose("a.txt", "a.txt.2")
	n.press(ui.KeyDelete, 0)
	n.click("Delete")
	n.shows("b.txt")
	n.b.goTo(n.home)
	n.shows("Box Documents c.txt")
	n.choose("c.txt")
	n.press(ui.KeyDelete, ui.Shift)
	n.press(ui.KeyEscape, 0)
	n.shows("Box Documents [c.txt]")
}

func TestOpening(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "a.txt", "b.txt", "dir/")
	n.choose("a.txt", "b.txt", "dir")
	n.b.activate(1)
	opened := func(want string) {
		t.Helper()
		n.until("opened", func() bool { n.p.mu.Lock(); defer n.p.mu.Unlock(); return n.p.opened == want })
	}
	opened(fmt.Sprintf(" %s/a.txt %s/b.txt", n.home, n.home))
	n.choose("a.txt")
	items := n.b.contextMenu()
	i := slices.IndexFunc(items, func(m ui.MenuItem) bool { return m.Text == "Open with Pager" })
	if i < 0 {
		t.Fatalf("%+v", items)
	}
	items[i].OnPress()
	opened(fmt.Sprintf("b.desktop %s/a.txt", n.home))
}

func TestDrops(t *testing.T) {
	n := newBench(t, rayapps.Look{}, "dir/", "a.txt")
	other := write(t, filepath.Join(t.TempDir(), "o ther.txt"), "x")
	if !n.b.Drop(n.v.Window(), rayapps.Drop{Names: []string{rayapps.FileURI(other), "https://x/y"}}) {
		t.Error("it took nothing")
	}
	n.shows("dir a.txt o ther.txt")
	// Within the window, onto a folder.
	n.b.dragging = []string{filepath.Join(n.home, "a.txt")}
	var at geom.Point
	for y := range int32(600) {
		if p := (geom.Point{X: 500, Y: y}); n.b.place.At(p) == 0 {
			at = p
			break
		}
	}
	if !n.b.Drop(n.v.Window(), rayapps.Drop{At: at, Names: []string{rayapps.FileURI(n.b.dragging[0])}}) {
		t.Error("it took nothing")
	}
	n.shows("dir o ther.txt")
	if n.b.Drop(n.v.Window(), rayapps.Drop{Names: []string{"https://x/y"}}) {
		t.Error("it took an address")
	}
}

// TestManyFiles: what can't be seen isn't made.
func TestManyFiles(t *testing.T) {
	n := newBench(t, rayapps.Look{})
	l := folder.Listing{}
	for i := range 100_000 {
		l.Entries = append(l.Entries, folder.Entry{Name: fmt.Sprintf("file %d.txt", i), Mod: noon})
	}
	n.b.has(l, nil)
	n.v.Window().Invalidate()
	n.v.Settle()
	made := 0
	var count func(i *ui.Info)
	count = func(i *ui.Info) {
		made++
		for _, k := range i.Children {
			count(k)
		}
	}
	count(n.v.Root().Semantics())
	if made > 400 {
		t.Errorf("%d things for 100,000 files", made)
	}
	n.press(ui.KeyEnd, 0)
	if n.b.cursor != 99_999 {
		t.Errorf("at the end is %d", n.b.cursor)
	}
	allocs := testing.AllocsPerRun(3, func() { n.press(ui.KeyUp, 0) })
	if allocs > 20_000 {
		t.Errorf("%v allocations for a step", allocs)
	}
}

func TestWords(t *testing.T) {
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1000: "1.0\u00a0kB", 123_456: "123\u00a0kB", 999_950: "1.0\u00a0MB", 5_500_000_000: "5.5\u00a0GB"} {
		if got := size(n); got != want {
			t.Errorf("%d is %q; want %q", n, got, want)
		}
	}
	const mounts = `36 35 98:0 / /mnt rw - ext4 /dev/sda1 rw
37 35 98:1 / /media/ada/USB\040Stick rw - vfat /dev/sdb1 rw
38 35 98:2 / /media/x rw - tmpfs tmpfs rw
39 35 98:3 / / rw - ext4 /dev/sda2 rw
40 35 98:4 / /snap/x ro - squashfs /dev/loop1 ro
bad
`
	if got := fmt.Sprint(drives([]byte(mounts))); !strings.HasPrefix(got, "[{mnt /mnt ") || !strings.Contains(got, "{USB Stick /media/ada/USB Stick ") || strings.Contains(got, "snap") {
		t.Error(got)
	}
	home := t.TempDir()
	for _, d := range []string{"Music", "Papers"} {
		if err := os.Mkdir(filepath.Join(home, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(findPlaces(home, home, "")); !strings.Contains(got, "{Music ") || strings.Contains(got, "Documents") {
		t.Error(got)
	}
	write(t, filepath.Join(home, "user-dirs.dirs"), "XDG_DOCUMENTS_DIR=\"$HOME/Papers\"\n")
	if got := fmt.Sprint(findPlaces(home, home, "/t")); !strings.Contains(got, "{Documents "+home+"/Papers ") || !strings.Contains(got, "{Trash /t ") {
		t.Error(got)
	}
}

// scene fills a home that looks like one.
func scene(t *testing.T, look rayapps.Look) *bench {
	t.Helper()
	n := newBench(t, look, "Documents/", "Music/", "Pictures/", "report.pdf", "notes.txt", "holiday.webm", "song.flac", "main.go", "photo\u202egpj.exe", "a\nb.txt", "خطاب.txt")
	img := image.NewRGBA(image.Rect(0, 0, 120, 80))
	for y := range 80 {
		for x := range 120 {
			img.Set(x, y, color.RGBA{uint8(2 * x), uint8(3 * y), 160, 255})
		}
	}
	f, err := os.Create(filepath.Join(n.home, "sunset.png"))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"Documents", "Music", "Pictures", "sunset.png"} {
		if err := os.Chtimes(filepath.Join(n.home, d), noon, noon.Add(-time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	n.b.read()
	n.rests()
	n.until("all are there", func() bool { return len(n.b.shown) == 12 })
	n.b.stopReading()
	n.choose("notes.txt", "sunset.png")
	return n
}

func TestPictures(t *testing.T) {
	for name, c := range map[string]struct {
		look rayapps.Look
		lang string
		do   func(n *bench)
	}{
		"dark":   {rayapps.Look{}, "en", nil},
		"light":  {rayapps.Look{Scheme: theme.Light, Scale: 180}, "de", nil},
		"icons":  {rayapps.Look{}, "en", func(n *bench) { n.b.view.Icons = true }},
		"rtl":    {rayapps.Look{Scheme: theme.Light, RTL: true}, "ar", func(n *bench) { n.b.view.Icons = true }},
		"narrow": {rayapps.Look{Size: geom.Size{W: 400, H: 400}}, "en", nil},
		"menu":   {rayapps.Look{Scheme: theme.Light}, "de", func(n *bench) { n.press(ui.KeyMenu, 0) }},
		"conflict": {rayapps.Look{}, "de", func(n *bench) {
			n.b.sheet = sheet{kind: conflictSheet, conflict: deed.Conflict{From: filepath.Join(n.home, "notes.txt"), To: filepath.Join(n.home, "report.pdf")}, job: &job{cancel: func() {}}}
			n.b.jobs = []*job{{b: n.b, deed: deed.Deed{Kind: deed.Copy}, cancel: func() {}, seen: deed.Progress{Name: "holiday.webm", Bytes: 3, Total: 7}}}
		}},
	} {
		t.Run(name, func(t *testing.T) { shoot(t, name, apptest.In(t, c.lang, c.look), c.do) })
	}
}

func shoot(t *testing.T, name string, look rayapps.Look, do func(*bench)) {
	n := scene(t, look)
	if do != nil {
		do(n)
	}
	n.v.Window().Invalidate()
	n.v.Settle()
	if n.b.view.Icons {
		n.until("its picture", func() bool {
			p := n.b.pictures.have[filepath.Join(n.home, "sunset.png")]
			return p != nil && p.image != nil
		})
		n.v.Window().Invalidate()
		n.v.Settle()
	}
	pixels, err := n.v.Picture()
	if err != nil {
		t.Fatal(err)
	}
	golden.Pixels(t, name, pixels)
	golden.Text(t, name+".paint.txt", n.v.List().String())
	n.b.jobs = nil
}
