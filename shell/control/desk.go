package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/geom"
	"rayos/rayapps/lang"
)

// Desk is the parts of the shell that show windows as small live pictures. Its
// methods are called on the session's loop goroutine.
type Desk interface {
	// Switcher begins a walk through the windows in the order of last use, goes
	// on with it, or ends it. app limits one that begins to the windows of one
	// application.
	Switcher(do SwitcherAction, app bool) error
	// Overview spreads all windows of the workspace, or ends that.
	Overview(do OverviewAction) error
	// Launcher opens or closes the panel in which the session is told what to do.
	Launcher(do OverviewAction) error
	// Undo takes back what was done last by the launcher, if that can be.
	Undo() error
	// Tile puts the windows of the workspace beside each other, or lets them float.
	Tile(do OverviewAction) error
	// Taskbar opens what is above the taskbar, or closes it.
	Taskbar(sheet BarSheet, do OverviewAction) error
	// Capture opens the screenshot tool, or takes a picture at once, which goes
	// to the clipboard and to a file.
	Capture(what CaptureKind, atOnce bool) error
	// RecordStart begins to write what an output shows, the one where the person
	// works if output is empty, to a new file; done when the first frame is
	// there.
	RecordStart(file, output string, done func(error)) (cancel func())
	// RecordStop ends that; done when the file is complete.
	RecordStop(done func(Recording, error)) (cancel func())
}

// BarSheet is what opens above the taskbar.
type BarSheet string

// Sheets of the taskbar.
const (
	SheetCalendar BarSheet = "calendar"
	SheetQuick    BarSheet = "quick-settings"
	SheetTray     BarSheet = "tray"
)

// CaptureKind is what a picture is taken of.
type CaptureKind string

// What a picture can be taken of, and the end of the tool.
const (
	CaptureRegion  CaptureKind = "region"
	CaptureWindow  CaptureKind = "window"
	CaptureScreen  CaptureKind = "screen"
	CaptureFocused CaptureKind = "focused"
	CaptureCancel  CaptureKind = "cancel"
)

// Recording is what was recorded.
type Recording struct {
	File    string  `json:"file"`
	Frames  int     `json:"frames"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

func printRecording(w io.Writer, result json.RawMessage) error {
	var r Recording
	if err := json.Unmarshal(result, &r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %d frames, %.1f s, %d KiB\n", clean(r.File), r.Frames, r.Seconds, (r.Bytes+1023)/1024)
	return err
}

// recordDeadline is how long the last frame of a recording may take.
const recordDeadline = 30 * time.Second

// parseRegion reads X,Y,WxH: logical pixels of the layout.
func parseRegion(s string) (geom.Rect, error) {
	const far = 1 << 20
	var x, y, w, h int32
	if n, err := fmt.Sscanf(s, "%d,%d,%dx%d", &x, &y, &w, &h); err != nil || n != 4 || fmt.Sprintf("%d,%d,%dx%d", x, y, w, h) != s {
		return geom.Rect{}, Errorf(CodeBadArgs, "region is %.40q; want like 10,20,300x200", s)
	}
	if w <= 0 || h <= 0 || max(x, y, w, h) > far || min(x, y) < -far {
		return geom.Rect{}, Errorf(CodeBadArgs, "region %s is nowhere", s)
	}
	return geom.XYWH(x, y, w, h), nil
}

// SwitcherAction is a step of a walk through the windows.
type SwitcherAction string

// Steps of a walk.
const (
	SwitchNext   SwitcherAction = "next"
	SwitchBack   SwitcherAction = "previous"
	SwitchTake   SwitcherAction = "take"
	SwitchCancel SwitcherAction = "cancel"
)

// OverviewAction is what to do with the overview, and what else is on or off.
type OverviewAction string

// What can be done with the overview.
const (
	OverviewOn     OverviewAction = "on"
	OverviewOff    OverviewAction = "off"
	OverviewToggle OverviewAction = "toggle"
)

var onOff = Arg{
	Name: "state", Kind: KindChoice, Required: true, Help: "what to do",
	Choices: []string{string(OverviewOn), string(OverviewOff), string(OverviewToggle)},
}

var deskCommands = []*Command{
	{
		Name: "switcher", Help: lang.M("walk through the windows, as Alt+Tab does"),
		Args: []Arg{
			{
				Name: "step", Kind: KindChoice, Required: true, Help: "next and previous begin a walk, take and cancel end it",
				Choices: []string{string(SwitchNext), string(SwitchBack), string(SwitchTake), string(SwitchCancel)},
			},
			{Name: "app", Kind: KindBool, Flag: true, Help: "only windows of the application in front"},
		},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Switcher(SwitcherAction(get[string](v, "step")), get[bool](v, "app"))
		},
	},
	{
		Name: "overview", Help: lang.M("show all windows of the workspace beside each other, or not"),
		Args: []Arg{{
			Name: "state", Kind: KindChoice, Required: true, Help: "whether to show them",
			Choices: []string{string(OverviewOn), string(OverviewOff), string(OverviewToggle)},
		}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Overview(OverviewAction(get[string](v, "state")))
		},
	},
	{
		Name: "launcher", Help: lang.M("open the panel in which the session is told what to do, or close it"), Args: []Arg{onOff},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Launcher(OverviewAction(get[string](v, "state")))
		},
	},
	{
		Name: "undo", Help: lang.M("take back what was done last by the launcher"),
		run: func(s Session, _ Values) (any, error) { return nil, s.Desk().Undo() },
	},
	{
		Name: "tile", Help: lang.M("put the windows of the workspace beside each other, or let them float"), Args: []Arg{onOff},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Tile(OverviewAction(get[string](v, "state")))
		},
	},
	{
		Name: "taskbar", Help: lang.M("open what is above the taskbar, or close it"),
		Args: []Arg{{
			Name: "sheet", Kind: KindChoice, Required: true, Help: "tray is what has no place on the bar",
			Choices: []string{string(SheetCalendar), string(SheetQuick), string(SheetTray)},
		}, onOff},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Taskbar(BarSheet(get[string](v, "sheet")), OverviewAction(get[string](v, "state")))
		},
	},
	{
		Name: "capture", Help: lang.M("open the screenshot tool, or keep a picture at once"),
		Args: []Arg{
			{
				Name: "what", Kind: KindChoice, Required: true, Help: "what to choose; focused is the window in front, at once",
				Choices: []string{string(CaptureRegion), string(CaptureWindow), string(CaptureScreen), string(CaptureFocused), string(CaptureCancel)},
			},
			{Name: "at-once", Kind: KindBool, Flag: true, Help: "take the screen now, or a region when it was drawn"},
		},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Capture(CaptureKind(get[string](v, "what")), get[bool](v, "at-once"))
		},
	},
	{
		Name: "record start", Help: lang.M("record what an output shows, without loss, as an animated PNG"), Deadline: recordDeadline,
		Args: []Arg{
			{Name: "file", Kind: KindPath, Required: true, Help: "a new file"},
			{Name: "output", Kind: KindOutput, Flag: true, Default: "the one in use", Help: "what to record"},
		},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Desk().RecordStart(get[string](v, "file"), get[string](v, "output"), func(err error) { done(nil, err) })
		},
	},
	{
		Name: "record stop", Help: lang.M("end the recording"), Deadline: recordDeadline, print: printRecording,
		start: func(s Session, _ Values, done func(any, error)) func() {
			return s.Desk().RecordStop(func(r Recording, err error) { done(r, err) })
		},
	},
}
