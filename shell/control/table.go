package control

import (
	"slices"
	"strconv"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
)

// Arguments that several commands share.
var (
	windowArg  = Arg{Name: "window", Kind: KindWindow, Required: true, Help: "id, app-id, title, or focused"}
	xArg       = Arg{Name: "x", Kind: KindInt, Required: true, Help: "logical pixels from the left"}
	yArg       = Arg{Name: "y", Kind: KindInt, Required: true, Help: "logical pixels from the top"}
	pressArg   = Arg{Name: "press", Kind: KindBool, Flag: true, Help: "only press it"}
	releaseArg = Arg{Name: "release", Kind: KindBool, Flag: true, Help: "only release it"}
)

// Deadlines of effects that a client has a part in.
const (
	resizeDeadline = time.Second
	closeDeadline  = 5 * time.Second
	shotDeadline   = 5 * time.Second
	waitDeadline   = 10 * time.Second
)

// evdev button codes.
var buttons = map[string]uint32{"left": 0x110, "right": 0x111, "middle": 0x112, "side": 0x113, "extra": 0x114}

// table is all there is, in the order in which people look for things.
var table = slices.Concat(desktopCommands, deskCommands, guardCommands, machineCommands, noticeCommands, trayCommands, mediaCommands, consoleCommands, appCommands, preferenceCommands, observerCommands, reflexCommands, placeCommands, modelCommands, mindCommands, conductorCommands, volumeCommands, developerCommands)

var desktopCommands = []*Command{
	{
		Name: "windows", Reads: true, Help: lang.M("list the windows, top first"), print: printWindows,
		run: func(s Session, _ Values) (any, error) { return s.Windows(), nil },
	},
	{
		Name: "focus", Help: lang.M("show, raise and focus a window"), Args: []Arg{windowArg},
		run: onWindow(func(s Session, id uint32, _ Values) error { return s.Focus(id) }),
	},
	{
		Name: "move", Help: lang.M("move a window's frame"), Args: []Arg{windowArg, xArg, yArg},
		run: onWindow(func(s Session, id uint32, v Values) error {
			return s.Move(id, geom.Point{X: get[int32](v, "x"), Y: get[int32](v, "y")})
		}),
	},
	{
		Name: "resize", Help: lang.M("resize a window's content"), Deadline: resizeDeadline,
		Args: []Arg{windowArg, {Name: "size", Kind: KindSize, Required: true, Help: "logical pixels"}},
		start: startOnWindow(func(s Session, id uint32, v Values, done func(error)) func() {
			return s.Resize(id, get[geom.Size](v, "size"), done)
		}),
	},
	{
		Name: "close", Help: lang.M("close a window"), Args: []Arg{windowArg}, Deadline: closeDeadline,
		Late:  lang.M("the window is still open; it may be asking what to do"),
		start: startOnWindow(func(s Session, id uint32, _ Values, done func(error)) func() { return s.Close(id, done) }),
	},
	{
		Name: "state", Help: lang.M("change a window's state, or snap it"),
		Args: []Arg{windowArg, {Name: "state", Kind: KindChoice, Required: true, Choices: stateNames(), Help: "what to do with it"}},
		run: onWindow(func(s Session, id uint32, v Values) error {
			return s.SetState(id, WindowState(get[string](v, "state")))
		}),
	},
	{
		Name: "workspace", Help: lang.M("show a workspace, or move a window there"),
		Args: []Arg{
			{Name: "n", Kind: KindInt, Required: true, Max: 63, Help: "counted from 0"},
			{Name: "window", Kind: KindWindow, Flag: true, Help: "move this window there instead"},
		},
		run: func(s Session, v Values) (any, error) {
			n := int(get[int32](v, "n"))
			if v["window"] == nil {
				return nil, s.Workspace(n)
			}
			w, err := find(s, v)
			if err != nil {
				return nil, err
			}
			return nil, s.MoveToWorkspace(w.ID, n)
		},
	},
	{
		Name: "workspaces", Reads: true, Help: lang.M("list the workspaces"), print: printWorkspaces,
		run: func(s Session, _ Values) (any, error) { return s.Workspaces(), nil },
	},
	{
		Name: "workspace add", Help: lang.M("make one more workspace"), print: printName,
		Args: []Arg{{Name: "name", Kind: KindString, Flag: true, Default: "its number", Help: "what it is called"}},
		run: func(s Session, v Values) (any, error) {
			n, err := s.AddWorkspace(get[string](v, "name"))
			return Name{strconv.Itoa(n)}, err
		},
	},
	{
		Name: "workspace remove", Help: lang.M("take a workspace away; its windows go to the one before it"),
		Args: []Arg{{Name: "n", Kind: KindInt, Required: true, Max: 63, Help: "counted from 0"}},
		run:  func(s Session, v Values) (any, error) { return nil, s.RemoveWorkspace(int(get[int32](v, "n"))) },
	},
	{
		Name: "screenshot", Help: lang.M("write a picture of all outputs, one output, a region or one window"), Deadline: shotDeadline,
		Args: []Arg{
			{Name: "window", Kind: KindWindow, Flag: true, Help: "only this window, whatever covers it"},
			{Name: "output", Kind: KindOutput, Flag: true, Help: "only this output"},
			{Name: "region", Kind: KindString, Flag: true, Help: "only this region, X,Y,WxH in logical pixels"},
			{Name: "cursor", Kind: KindBool, Flag: true, Help: "with the cursor"},
			{Name: "file", Kind: KindFile, Required: true, Help: "PNG file to write, - for standard output"},
		},
		start: screenshot,
	},
	{
		Name: "input type", Help: lang.M("type text into the focused window"),
		Args: []Arg{{Name: "text", Kind: KindString, Required: true, Help: "UTF-8 text"}},
		run:  func(s Session, v Values) (any, error) { return nil, s.Type(get[string](v, "text")) },
	},
	{
		Name: "input key", Help: lang.M("press and release keys together"),
		Args: []Arg{{Name: "chord", Kind: KindChord, Required: true, Help: "like Return or ctrl+shift+t"}, pressArg, releaseArg},
		run: func(s Session, v Values) (any, error) {
			a, err := action(v)
			if err != nil {
				return nil, err
			}
			return nil, s.Key(get[Chord](v, "chord"), a)
		},
	},
	{
		Name: "input pointer", Help: lang.M("move the pointer"),
		Args: []Arg{
			{Name: "x", Kind: KindFloat, Required: true, Help: "logical pixels"},
			{Name: "y", Kind: KindFloat, Required: true, Help: "logical pixels"},
			{Name: "relative", Kind: KindBool, Flag: true, Help: "from where it is"},
		},
		run: func(s Session, v Values) (any, error) {
			p := geom.FPoint{X: get[float64](v, "x"), Y: get[float64](v, "y")}
			return nil, s.PointerMove(p, get[bool](v, "relative"))
		},
	},
	{
		Name: "input click", Help: lang.M("click a pointer button"),
		Args: []Arg{
			{Name: "button", Kind: KindChoice, Choices: []string{"left", "right", "middle", "side", "extra"}, Default: "left", Help: "which button"},
			{Name: "at", Kind: KindPoint, Flag: true, Help: "move there first"},
			{Name: "count", Kind: KindInt, Flag: true, Max: 10, Default: "1", Help: "click so often"},
			pressArg, releaseArg,
		},
		run: click,
	},
	{
		Name: "input scroll", Help: lang.M("turn the wheel"),
		Args: []Arg{
			{Name: "dx", Kind: KindFloat, Required: true, Help: "steps to the right"},
			{Name: "dy", Kind: KindFloat, Required: true, Help: "steps down"},
		},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Scroll(get[float64](v, "dx"), get[float64](v, "dy"))
		},
	},
	{Name: "input gesture", Help: lang.M("make a touchpad gesture where the pointer is"), Args: gestureArgs, run: gesture},
	{Name: "input pen", Help: lang.M("use a pen on a graphics tablet"), Args: penArgs, run: pen},
	{
		Name: "outputs", Reads: true, Help: lang.M("list the outputs"), print: printOutputs,
		run: func(s Session, _ Values) (any, error) { return s.Outputs(), nil },
	},
	{
		Name: "output add", Help: lang.M("make an output on a headless display"), print: printName,
		Args: []Arg{
			{Name: "size", Kind: KindSize, Required: true, Help: "physical pixels"},
			{Name: "scale", Kind: KindFloat, Flag: true, Default: "1", Help: "physical pixels for a logical one"},
			{Name: "refresh", Kind: KindFloat, Flag: true, Default: "60", Help: "Hz"},
			{Name: "transform", Kind: KindChoice, Flag: true, Choices: transformNames(), Default: "normal", Help: "how it is mounted"},
			{Name: "name", Kind: KindString, Flag: true, Default: "the next free", Help: "its name"},
		},
		run: addOutput,
	},
	{
		Name: "output remove", Help: lang.M("take an output of a headless display away"),
		Args: []Arg{{Name: "name", Kind: KindOutput, Required: true, Help: "its name"}},
		run:  func(s Session, v Values) (any, error) { return nil, s.RemoveOutput(get[string](v, "name")) },
	},
	{
		Name: "wait", Help: lang.M("wait until a window, quiet or frames are there"), Deadline: waitDeadline, print: printWindow,
		Args: []Arg{
			{Name: "window", Kind: KindString, Flag: true, Help: "until a window with this app-id or title is on the screen"},
			{Name: "gone", Kind: KindBool, Flag: true, Help: "with --window: until there is none"},
			{Name: "idle", Kind: KindBool, Flag: true, Help: "until nothing is left to draw"},
			{Name: "frames", Kind: KindInt, Flag: true, Max: 1 << 20, Help: "until so many frames have been drawn"},
			{Name: "output", Kind: KindOutput, Flag: true, Help: "with --frames: on this output"},
			{Name: "timeout", Kind: KindDuration, Flag: true, Default: waitDeadline.String(), Help: "give up after this time"},
		},
		start: wait,
	},
	{
		Name: "stats", Reads: true, Help: lang.M("count clients, frames, wakeups and memory"), print: printStats,
		run: func(s Session, _ Values) (any, error) { return s.Stats(), nil },
	},
	{
		Name: "version", Reads: true, Help: lang.M("say which version the session is"), print: printName,
		run: func(s Session, _ Values) (any, error) { return Name{s.Version()}, nil },
	},
	{
		Name: "quit", Help: lang.M("end the session"),
		run: func(s Session, _ Values) (any, error) { s.Quit(); return nil, nil },
	},
}

// Name is the result of commands that answer with a word.
type Name struct {
	Name string `json:"name"`
}

// Picture is the result of a screenshot.
type Picture struct {
	Width  int32  `json:"width"`
	Height int32  `json:"height"`
	PNG    []byte `json:"png"` // base64 in JSON
}

func stateNames() []string {
	names := make([]string, len(WindowStates))
	for i, s := range WindowStates {
		names[i] = string(s)
	}
	return names
}

func transformNames() []string {
	var names []string
	for t := geom.Normal; t.Valid(); t++ {
		names = append(names, t.String())
	}
	return names
}

func onWindow(fn func(s Session, id uint32, v Values) error) func(Session, Values) (any, error) {
	return func(s Session, v Values) (any, error) {
		w, err := find(s, v)
		if err != nil {
			return nil, err
		}
		return nil, fn(s, w.ID, v)
	}
}

func startOnWindow(fn func(s Session, id uint32, v Values, done func(error)) func()) func(Session, Values, func(any, error)) func() {
	return func(s Session, v Values, done func(any, error)) func() {
		w, err := find(s, v)
		if err != nil {
			done(nil, err)
			return nil
		}
		return fn(s, w.ID, v, func(err error) { done(nil, err) })
	}
}

func action(v Values) (Action, error) {
	press, release := get[bool](v, "press"), get[bool](v, "release")
	switch {
	case press && release:
		return 0, Errorf(CodeBadArgs, "press and release exclude each other; without both it is pressed and released")
	case press:
		return Press, nil
	case release:
		return Release, nil
	}
	return Tap, nil
}

func click(s Session, v Values) (any, error) {
	a, err := action(v)
	if err != nil {
		return nil, err
	}
	if p, ok := v["at"].(geom.FPoint); ok {
		if err := s.PointerMove(p, false); err != nil {
			return nil, err
		}
	}
	name := get[string](v, "button")
	if name == "" {
		name = "left"
	}
	for range max(get[int32](v, "count"), 1) {
		if err := s.Button(buttons[name], a); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func screenshot(s Session, v Values, done func(any, error)) func() {
	t := Target{Output: get[string](v, "output"), Cursor: get[bool](v, "cursor")}
	if region := get[string](v, "region"); region != "" {
		var err error
		if t.Region, err = parseRegion(region); err == nil && (t.Output != "" || v["window"] != nil) {
			err = Errorf(CodeBadArgs, "screenshot: give a region, a window or an output, not two of them")
		}
		if err != nil {
			done(nil, err)
			return nil
		}
	}
	if v["window"] != nil {
		if t.Output != "" {
			done(nil, Errorf(CodeBadArgs, "screenshot: give a window or an output, not both"))
			return nil
		}
		w, err := find(s, v)
		if err != nil {
			done(nil, err)
			return nil
		}
		t.Window = w.ID
	}
	return s.Screenshot(t, func(p render.Pixels, err error) {
		if err != nil {
			done(nil, err)
			return
		}
		done(Later(func() (any, error) {
			b, err := EncodePNG(p)
			return Picture{p.W, p.H, b}, err
		}), nil)
	})
}

func addOutput(s Session, v Values) (any, error) {
	o := OutputSpec{Name: get[string](v, "name"), Size: get[geom.Size](v, "size"), Scale: geom.ScaleOne, Refresh: 60000}
	if f, ok := v["scale"].(float64); ok {
		if f < 0.5 || f > 8 {
			return nil, Errorf(CodeBadArgs, "scale is %v; want 0.5 to 8", f)
		}
		o.Scale = geom.Scale(f*120 + 0.5)
	}
	if f, ok := v["refresh"].(float64); ok {
		if f < 1 || f > 1000 {
			return nil, Errorf(CodeBadArgs, "refresh is %v; want 1 to 1000", f)
		}
		o.Refresh = int32(f*1000 + 0.5)
	}
	o.Transform = geom.Transform(max(slices.Index(transformNames(), get[string](v, "transform")), 0))
	if z := o.Size; z.W > 16384 || z.H > 16384 {
		return nil, Errorf(CodeBadArgs, "size is %v; want at most 16384x16384", z)
	}
	name, err := s.AddOutput(o)
	return Name{name}, err
}

func wait(s Session, v Values, done func(any, error)) func() {
	w := WaitFor{
		Window: get[string](v, "window"), Gone: get[bool](v, "gone"), Idle: get[bool](v, "idle"),
		Frames: int(get[int32](v, "frames")), Output: get[string](v, "output"),
	}
	n := 0
	for _, given := range []bool{w.Window != "", w.Idle, w.Frames > 0} {
		if given {
			n++
		}
	}
	switch {
	case n != 1:
		done(nil, Errorf(CodeBadArgs, "wait needs one of --window APP-ID, --idle, --frames N"))
		return nil
	case w.Gone && w.Window == "" || w.Output != "" && w.Frames == 0:
		done(nil, Errorf(CodeBadArgs, "wait: --gone goes with --window, --output with --frames"))
		return nil
	}
	return s.Wait(w, func(win *Window, err error) {
		if win == nil || err != nil {
			done(nil, err)
			return
		}
		done(win, nil)
	})
}
