package launcher

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control/grammar"
	"rayos/shell/find"
)

var fonts = text.NewFonts(text.Options{})

// rig is a panel on a root, with what it was told to do.
type rig struct {
	m     *Model
	panel *Panel
	root  *ui.Root
	now   time.Duration
	log   []string
	err   error // of what is done

	running bool // what was run can be given up
}

func newRig(t testing.TB, w World, th *theme.Theme, rtl bool) *rig {
	t.Helper()
	r := &rig{m: open(t, w), now: time.Minute}
	r.panel = &Panel{
		Model: r.m, Theme: th,
		Do: func(c Chosen) error {
			r.log = append(r.log, fmt.Sprintf("do %d %s %s", c.Verb, c.Of, c.With))
			return r.err
		},
		Close:   func() { r.log = append(r.log, "close") },
		Changed: func(line string, _ uint64) { r.log = append(r.log, "asks "+line) },
	}
	r.panel.Grown = func() { r.root.Invalidate() }
	r.panel.Stop = func() { r.log = append(r.log, "stop") }
	r.panel.Abort = func(id uint64) bool { r.log = append(r.log, fmt.Sprintf("abort %d", id)); return r.running }
	r.root = ui.New(ui.Options{View: r.panel.View, Fonts: fonts, Theme: th, RTL: rtl, Now: func() time.Duration { return r.now }})
	r.panel.Focus(r.root)
	return r
}

var keys = map[string]ui.Sym{
	"Enter": ui.KeyEnter, "Escape": ui.KeyEscape, "Up": ui.KeyUp, "Down": ui.KeyDown, "Tab": ui.KeyTab, "Backspace": ui.KeyBackspace, "k": 'k', "z": 'z', "l": 'l',
	"Right": ui.KeyRight, "PageDown": ui.KeyPageDown, "PageUp": ui.KeyPageUp, "c": 'c',
}

// plays steps: "key Ctrl+k", "type text".
func (r *rig) play(t testing.TB, steps ...string) {
	t.Helper()
	for _, s := range steps {
		verb, rest, _ := strings.Cut(s, " ")
		if verb == "type" {
			for _, c := range rest {
				r.root.Event(&ui.Keystroke{Sym: ui.Sym(c), Text: string(c)})
				r.root.Frame()
			}
			continue
		}
		k := ui.Keystroke{}
		parts := strings.Split(rest, "+")
		for _, p := range parts[:len(parts)-1] {
			k.Mods |= map[string]ui.Mods{"Ctrl": ui.Ctrl, "Shift": ui.Shift}[p]
		}
		k.Sym = keys[parts[len(parts)-1]]
		if k.Sym == 0 {
			t.Fatalf("no key %q", rest)
		}
		r.root.Event(&k)
		k.Release = true
		r.root.Event(&k)
		r.root.Frame()
	}
}

func TestByKeyboardAlone(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps []string
		want  []string // without what is asked
	}{
		{"an application", []string{"type fire", "key Enter"}, []string{"do 1 firefox.desktop ", "close"}},
		{"the second row", []string{"type te", "key Down", "key Enter"}, []string{"do 1 edit.desktop ", "close"}},
		{"the second act", []string{"type files", "key Ctrl+Enter"}, []string{"do 1 files.desktop new", "close"}},
		{"the list of actions", []string{"type files", "key Ctrl+k", "key Down", "key Down", "key Enter"}, []string{"do 4 Files ", "close"}},
		{"Escape, twice", []string{"type files", "key Ctrl+k", "key Escape", "key Escape"}, []string{"close"}},
		{"a command stays", []string{"type show linux desk", "key Tab", "key Enter"}, []string{"do 0 show linux desktop "}},
		{"an older line", []string{"type show processes", "key Enter", "key Up", "key Enter"}, []string{"do 0 show processes ", "do 0 show processes "}},
		{"a sum", []string{"type 1+2", "key Enter"}, []string{"do 4 3 ", "close"}},
		{"a card, given up", []string{"type shutdown linux desktop", "key Enter", "key Enter", "key Enter", "key Escape", "key Escape"}, []string{"close"}},
		{"a card, agreed to", []string{"type shutdown linux desktop", "key Enter", "key Tab", "key Enter"}, []string{"do 0 shutdown linux desktop "}},
		{"a card, left for another line", []string{"type quit", "key Enter", "key Tab", "type x", "key Backspace", "key Enter", "key Enter"}, nil},
		{"a deed that loses nothing", []string{"type system log", "key Enter"}, []string{"do 11 log ", "close"}},
		{"log out", []string{"type quit", "key Enter", "key Right", "key Enter"}, []string{"do 11 log-out ", "close"}},
		{"a workspace", []string{"type mail", "key Down", "key Up", "key Enter"}, []string{"do 10 2 ", "close"}},
		{"a page", []string{"type monitor", "key Enter"}, []string{"do 7 displays ", "close"}},
		{"behind a colon", []string{"type :windows", "key Enter"}, []string{"do 0 :windows "}},
		{"a begun command behind a colon", []string{"type :window c", "key Tab", "type 3", "key Enter"}, []string{"do 0 :window close 3 "}},
		{"nothing to undo", []string{"key Ctrl+z", "key Ctrl+l"}, nil},
		{"nothing", []string{"type zzzz", "key Enter", "key Ctrl+Enter", "key Ctrl+k", "key Down", "key Tab"}, nil},
		{"edited", []string{"type firez", "key Backspace", "key Enter"}, []string{"do 1 firefox.desktop ", "close"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, desk(t), nil, false)
			r.root.Resize(r.root.Prefer(geom.Size{W: 1280, H: 720}), geom.ScaleOne)
			r.play(t, c.steps...)
			got := slices.DeleteFunc(r.log, func(s string) bool { return strings.HasPrefix(s, "asks ") })
			if !slices.Equal(got, c.want) {
				t.Errorf("after %q: %q; want %q; rows %q", c.steps, got, c.want, titlesOf(r.m))
			}
		})
	}
}

func TestSlowOnesAreAskedOncePerLine(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.play(t, "type fi", "key Down", "key Ctrl+k", "key Escape", "type x")
	if want := []string{"asks f", "asks fi", "asks fix"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestPointer(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.play(t, "type te")
	r.log = nil
	at := geom.FPoint{X: 300, Y: lineH + 1 + theme.Space2 + rowH*1.5}
	for _, kind := range []ui.PointerKind{ui.PointerMove, ui.PointerPress, ui.PointerRelease} {
		r.root.Event(&ui.Pointer{Kind: kind, Pos: at})
	}
	if want := []string{"do 1 edit.desktop ", "close"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

// outline writes what a screen reader is told.
func outline(i *ui.Info, depth int, to *strings.Builder) {
	fmt.Fprintf(to, "%s%v %q", strings.Repeat("  ", depth), i.Role, i.Name)
	if i.Description != "" {
		fmt.Fprintf(to, " (%s)", i.Description)
	}
	if i.Value != "" {
		fmt.Fprintf(to, " = %q", i.Value)
	}
	if i.Count > 0 && i.Index > 0 {
		fmt.Fprintf(to, " %d of %d", i.Index, i.Count)
	}
	if i.Traits != 0 {
		fmt.Fprintf(to, " [%v]", i.Traits)
	}
	to.WriteString("\n")
	for _, k := range i.Children {
		outline(k, depth+1, to)
	}
}

func TestSemantics(t *testing.T) {
	var all strings.Builder
	for _, steps := range [][]string{nil, {"type show linux desk"}, {"type files", "key Ctrl+k"}, {"type zzzz"}} {
		r := newRig(t, desk(t), nil, false)
		r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
		r.play(t, steps...)
		fmt.Fprintf(&all, "# %q\n", steps)
		outline(r.root.Semantics(), 0, &all)
	}
	golden.Text(t, "semantics.txt", all.String())
}

func TestActivatedByScreenReader(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.play(t, "type fire")
	r.log = nil
	var row *ui.Info
	var seek func(*ui.Info)
	seek = func(i *ui.Info) {
		if i.Role == ui.RoleListItem && i.Name == "Firefox" {
			row = i
		}
		for _, k := range i.Children {
			seek(k)
		}
	}
	seek(r.root.Semantics())
	if row == nil || !r.root.Do(row.ID, ui.DoActivate, "") {
		t.Fatalf("row %+v can't be activated", row)
	}
	if want := []string{"do 1 firefox.desktop ", "close"}; !slices.Equal(r.log, want) {
		t.Errorf("%q; want %q", r.log, want)
	}
}

func TestUnchangedFrameCostsNothing(t *testing.T) {
	r := newRig(t, desk(t), nil, false)
	r.root.Resize(geom.Size{W: Width, H: 600}, geom.ScaleOne)
	r.play(t, "type fire")
	r.now += time.Hour // the caret has come to rest
	r.root.Frame()
	if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// scenes are what the pictures show.
var scenes = []struct {
	name  string
	world func(testing.TB) World
	act   func(testing.TB, *rig)
}{
	{"empty", desk, func(testing.TB, *rig) {}},
	{"recents", desk, func(t testing.TB, r *rig) {
		r.m.History.Choose("app:firefox.desktop", "f", noon)
		r.m.History.Choose("machine:linux-desktop", "l", noon)
		r.m.Open(desk(t))
		r.root.Invalidate()
	}},
	{"command", desk, func(t testing.TB, r *rig) {
		r.play(t, "type show linux desktop", "key Enter")
		r.m.Answer(1, grammar.Ack{Op: "SHOW_LINUX_DESKTOP", OK: true, Detail: "presented"}, 11*time.Millisecond)
		r.play(t, "type show linux desk")
	}},
	{"found", desk, func(t testing.TB, r *rig) { r.play(t, "type te", "key Down") }},
	{"actions", desk, func(t testing.TB, r *rig) { r.play(t, "type files", "key Ctrl+k", "key Down") }},
	{"sum", desk, func(t testing.TB, r *rig) { r.play(t, "type 5 km in miles") }},
	{"nothing", desk, func(t testing.TB, r *rig) {
		r.play(t, "type show windows", "key Enter")
		r.m.Answer(1, grammar.Ack{Op: "SHOW_WINDOWS_DESKTOP", Detail: "missing_WINDOWS_DISK_env", Why: "no disk with Windows is set up"}, 0)
		r.play(t, "type zzzz")
	}},
	{"card", desk, func(t testing.TB, r *rig) { r.play(t, "type shutdown linux desktop", "key Enter") }},
	{"card-yes", desk, func(t testing.TB, r *rig) { r.play(t, "type quit", "key Enter", "key Tab") }},
	{"colon", desk, func(t testing.TB, r *rig) { r.play(t, "type :win") }},
	{"printed", desk, func(t testing.TB, r *rig) {
		r.play(t, "type :windows", "key Enter")
		r.m.Print(1, "   ID  APP-ID  TITLE\n*  2   editor  main.go \u202e\x1b[31m\n   1   foot    ~\n", 2*time.Millisecond)
		r.m.Undoable("Hide Linux desktop")
		r.root.Invalidate()
	}},
	{"faces", desk, func(t testing.TB, r *rig) {
		pix := render.NewPixels(32, 16, render.ARGB8888)
		for i := range pix.Data {
			pix.Data[i] = 255 * uint8(i%4/3|i/4%2)
		}
		m, err := paint.NewImage(pix)
		if err != nil {
			t.Fatal(err)
		}
		r.panel.Face = func(name string) *paint.Image {
			if name == "firefox" {
				return m
			}
			return nil
		}
		r.play(t, "type fire")
	}},
	{"lines", desk, func(t testing.TB, r *rig) {
		r.play(t, "type linux type a first line", "key Shift+Enter", "type and a second one that is so long that it has to wrap, for it doesn’t fit on a line of the prompt")
	}},
	{"preedit", desk, func(_ testing.TB, r *rig) {
		r.root.Event(&ui.Commit{Text: "die "})
		r.root.Event(&ui.Preedit{Text: "größe", Start: 2, End: 4})
	}},
	{"reply", desk, func(t testing.TB, r *rig) {
		r.play(t, "type why is the sky blue")
		r.late(t, growingReply("# In short\nLight **scatters** on what is smaller than its wave:\n\n- blue scatters `16` times as much as red,\n- violet more, but there is less of it, and the eye is not as good at it, and so this goes on to another line.\n\n```\nI ~ 1 / λ^4\n```\nSee [the notes](https://evil.example/)."))
		r.play(t, "key Enter", "key Down")
	}},
	{"reply-row", desk, func(t testing.TB, r *rig) {
		r.play(t, "type fi")
		r.late(t, growingReply("Because"))
	}},
	{"wrong", desk, func(t testing.TB, r *rig) { r.play(t, "type :window close") }},
	{"typed", desk, func(t testing.TB, r *rig) { r.play(t, "type :window close 7") }},
	{"said", desk, func(t testing.TB, r *rig) {
		r.m.Reader = reads{Sure: true, Steps: []Act{{Run, "", "show linux desktop", ""}, {Perform, "Lock", "log", ""}}}
		r.play(t, "type show me linux and lock the screen")
	}},
	{"said-card", desk, func(t testing.TB, r *rig) {
		r.m.Reader = reads{Sure: true, Loses: true, Steps: []Act{{Run, "", "shutdown linux desktop", ""}, {Perform, "Log out…", "log-out", ""}}}
		r.play(t, "type stop linux and log me out", "key Enter", "key Right")
	}},
	{"said-refused", desk, func(t testing.TB, r *rig) {
		r.m.Reader = reads{Sure: true, Refused: true}
		r.play(t, "type delete all my notes")
	}},
	{"manual", desk, func(t testing.TB, r *rig) { r.play(t, "type ?", "key Enter") }},
	{"refused", desk, func(t testing.TB, r *rig) { r.play(t, "type @host: hello") }},
	{"help", desk, func(t testing.TB, r *rig) { r.play(t, "type ?") }},
	{"hostile", func(t testing.TB) World {
		w := desk(t)
		w.Windows = []WindowInfo{
			{ID: "1", Title: "evil \u202e\n title " + strings.Repeat("very wide ", 40), App: strings.Repeat("W", 400), Guest: true, Trust: 6},
			{ID: "2", Title: "evil نافذة من آلة أخرى", App: "العربية"},
		}
		return w
	}, func(t testing.TB, r *rig) { r.play(t, "type evil") }},
}

// picture draws the panel on the desktop's colour, with room for its edges.
func picture(t testing.TB, r *rig, th *theme.Theme, scale geom.Scale) render.Pixels {
	t.Helper()
	size := r.root.Prefer(geom.Size{W: Width, H: 700})
	r.root.Resize(size, scale)
	r.root.Frame()
	r.now += 10 * time.Second
	list := r.root.Frame().List
	const around = 16
	pix := render.NewPixels(scale.Apply(size.W+2*around), scale.Apply(size.H+2*around), render.XRGB8888)
	var b paint.Builder
	b.Fill(geom.XYWH(0, 0, size.W+2*around, size.H+2*around).Fixed(), th.Desktop)
	raster := paint.NewRaster(fonts)
	if err := raster.Draw(paint.Target{Pixels: &pix, Scale: scale}, b.Finish(), nil); err != nil {
		t.Fatal(err)
	}
	at := scale.Apply(around)
	layer := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.ARGB8888)
	if err := raster.Draw(paint.Target{Pixels: &layer, Scale: scale}, list, nil); err != nil {
		t.Fatal(err)
	}
	for y := range int(layer.H) {
		for x := range int(layer.W) {
			s, d := y*int(layer.Stride)+4*x, (y+int(at))*int(pix.Stride)+4*(x+int(at))
			a := 255 - uint32(layer.Data[s+3])
			for c := range 3 {
				pix.Data[d+c] = uint8(uint32(layer.Data[s+c]) + (uint32(pix.Data[d+c])*a+127)/255)
			}
		}
	}
	return pix
}

func TestPictures(t *testing.T) {
	for _, look := range []struct {
		name   string
		scheme theme.Scheme
		rtl    bool
		scale  geom.Scale
	}{
		{"dark", theme.Dark, false, geom.ScaleOne},
		{"light", theme.Light, false, geom.ScaleOne},
		{"rtl", theme.Dark, true, geom.ScaleOne},
		{"dark-2x", theme.Dark, false, 2 * geom.ScaleOne},
		{"light-2x", theme.Light, false, 2 * geom.ScaleOne},
	} {
		for _, s := range scenes {
			if look.scale != geom.ScaleOne && s.name != "command" && s.name != "found" {
				continue
			}
			t.Run(s.name+"-"+look.name, func(t *testing.T) {
				th := theme.New(look.scheme, 0)
				r := newRig(t, s.world(t), th, look.rtl)
				r.root.Resize(geom.Size{W: Width, H: 600}, look.scale)
				s.act(t, r)
				golden.Pixels(t, s.name+"-"+look.name, picture(t, r, th, look.scale))
				if look.scale == geom.ScaleOne {
					golden.Text(t, s.name+"-"+look.name+".paint.txt", r.root.Frame().List.String())
				}
			})
		}
	}
}

// BenchmarkKeystroke types a line into a panel over 2,000 applications: from the
// key to the display list, and with the pixels of what has changed.
func BenchmarkKeystroke(b *testing.B) {
	for _, pixels := range []bool{false, true} {
		b.Run(fmt.Sprintf("pixels=%t", pixels), func(b *testing.B) {
			r := newRig(b, many(b, 2000), nil, false)
			for _, id := range []string{"app1.desktop", "app2.desktop"} {
				r.m.History.Choose("app:"+id, "t", noon)
			}
			size := geom.Size{W: Width, H: 560}
			r.root.Resize(size, geom.ScaleOne)
			r.root.Frame()
			pix := render.NewPixels(size.W, size.H, render.ARGB8888)
			raster := paint.NewRaster(fonts)
			line := "text editor show linux"
			var took []time.Duration
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				k := ui.Keystroke{Sym: ui.Sym(line[i%len(line)]), Text: line[i%len(line) : i%len(line)+1]}
				start := time.Now()
				if i%len(line) == 0 {
					r.m.Open(r.m.world)
					r.root.Invalidate()
					r.root.Frame()
					start = time.Now()
				}
				r.root.Event(&k)
				f := r.root.Frame()
				if pixels {
					if err := raster.Draw(paint.Target{Pixels: &pix}, f.List, &f.Damage); err != nil {
						b.Fatal(err)
					}
				}
				took = append(took, time.Since(start))
			}
			sort.Slice(took, func(i, k int) bool { return took[i] < took[k] })
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
		})
	}
}

// BenchmarkCold takes over a world of 2,000 applications for the first time, and
// describes the panel.
func BenchmarkCold(b *testing.B) {
	w := many(b, 2000)
	for b.Loop() {
		m := &Model{History: &find.History{}, Now: func() time.Time { return noon }}
		m.Open(w)
		p := &Panel{Model: m}
		root := ui.New(ui.Options{View: p.View, Fonts: fonts})
		root.Resize(geom.Size{W: Width, H: 560}, geom.ScaleOne)
		root.Frame()
	}
}

// BenchmarkRedraw draws all of a full panel.
func BenchmarkRedraw(b *testing.B) {
	r := newRig(b, desk(b), nil, false)
	r.play(b, "type ?")
	size := r.root.Prefer(geom.Size{W: Width, H: 720})
	r.root.Resize(size, geom.ScaleOne)
	list := r.root.Frame().List
	pix := render.NewPixels(size.W, size.H, render.ARGB8888)
	raster := paint.NewRaster(fonts)
	b.ReportAllocs()
	for b.Loop() {
		if err := raster.Draw(paint.Target{Pixels: &pix}, list, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen takes over a world of 2,000 applications and draws the panel.
func BenchmarkOpen(b *testing.B) {
	w := many(b, 2000)
	m := &Model{History: &find.History{}, Now: func() time.Time { return noon }}
	for b.Loop() {
		m.Open(w)
	}
}
