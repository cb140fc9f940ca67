package plan

import (
	"fmt"
	"strconv"
	"strings"

	"rayos/intent/slots"
)

// Deed is what a step does.
type Deed uint8

// Deeds. The comment says which arguments a step has.
const (
	Open          Deed = iota + 1 // App
	Close                         // Window
	Focus                         // Window
	Minimise                      // Window
	Maximise                      // Window
	Restore                       // Window
	Fullscreen                    // Window
	Snap                          // Window, Word: left, right, top, bottom, or a corner as top-left
	Send                          // Window, Workspace
	GoTo                          // Workspace
	AddSpace                      //
	RemoveSpace                   // Workspace
	Overview                      //
	ListWindows                   // Machine, if one is called windows
	ShowMachine                   // Machine
	HideMachine                   // Machine
	StartMachine                  // Machine
	StopMachine                   // Machine
	KillMachine                   // Machine
	Suspend                       // Machine
	Resume                        // Machine
	TypeInto                      // Machine, Text
	ListMachines                  //
	Volume                        // Number, or Word: up, down, mute, unmute
	Brightness                    // Number, or Word: up, down
	Player                        // Word: play, next, previous
	Screenshot                    //
	StopRecording                 //
	Notifications                 // Word: show, clear, quiet, loud
	Lock                          //
	Leave                         // Word: log-out, suspend, restart, power-off; asks first
	Settings                      // Word: a page, or ""
	Colours                       // Word: dark, light
	View                          // Word: host[:display]
	Processes                     //
	Log                           //
	Find                          // Text
	deedCount
)

// effect is what a deed does to what there is.
type effect uint8

const (
	looks   effect = iota // only what is seen is another
	changes               // something begins, ends, is told or set
	loses                 // something may be lost for good
)

// deeds is what is known of each.
var deeds = [deedCount]struct {
	name   string
	effect effect
}{
	Open: {"open", changes}, Close: {"close", changes}, Focus: {"focus", looks}, Minimise: {"minimise", looks}, Maximise: {"maximise", looks},
	Restore: {"restore", looks}, Fullscreen: {"fullscreen", looks}, Snap: {"snap", looks}, Send: {"send", looks}, GoTo: {"go to", looks},
	AddSpace: {"add workspace", changes}, RemoveSpace: {"remove workspace", changes}, Overview: {"overview", looks},
	ListWindows: {"list windows", looks}, ShowMachine: {"show machine", looks}, HideMachine: {"hide machine", looks},
	StartMachine: {"start machine", changes}, StopMachine: {"stop machine", loses}, KillMachine: {"kill machine", loses},
	Suspend: {"suspend", changes}, Resume: {"resume", changes}, TypeInto: {"type into", changes}, ListMachines: {"list machines", looks},
	Volume: {"volume", changes}, Brightness: {"brightness", changes}, Player: {"player", changes}, Screenshot: {"screenshot", changes},
	StopRecording: {"stop recording", changes}, Notifications: {"notifications", changes}, Lock: {"lock", changes}, Leave: {"leave", changes},
	Settings: {"settings", looks}, Colours: {"colours", changes}, View: {"view", changes}, Processes: {"processes", looks}, Log: {"log", looks},
	Find: {"find", looks},
}

func (d Deed) String() string {
	if d > 0 && d < deedCount {
		return deeds[d].name
	}
	return "nothing"
}

// MarshalText writes the deed's name.
func (d Deed) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads it.
func (d *Deed) UnmarshalText(text []byte) error {
	for i := Deed(1); i < deedCount; i++ {
		if deeds[i].name == string(text) {
			*d = i
			return nil
		}
	}
	return fmt.Errorf("there is no deed %.40q", text)
}

// intents make steps; nil is an intent that is never carried out. An intent that
// isn't here is left to whoever answers questions.
var intents = map[string]func(*builder) []Step{
	"app.open":            onApp,
	"window.close":        onWindow(Close),
	"window.focus":        onWindow(Focus),
	"window.minimize":     onWindow(Minimise),
	"window.maximize":     onWindow(Maximise),
	"window.restore":      onWindow(Restore),
	"window.fullscreen":   onWindow(Fullscreen),
	"window.snap":         snap,
	"window.to_workspace": toWorkspace,
	"window.list":         listWindows,
	"window.close_all":    closeAll,
	"workspace.switch":    onWorkspace(GoTo),
	"workspace.add":       plainly(Step{Deed: AddSpace}),
	"workspace.remove":    onWorkspace(RemoveSpace),
	"overview.show":       plainly(Step{Deed: Overview}),
	"vm.show":             onMachine(ShowMachine),
	"vm.hide":             onMachine(HideMachine),
	"vm.start":            onMachine(StartMachine),
	"vm.stop":             onMachine(StopMachine),
	"vm.kill":             onMachine(KillMachine),
	"vm.suspend":          onMachine(Suspend),
	"vm.resume":           onMachine(Resume),
	"vm.type":             typeInto,
	"vm.list":             plainly(Step{Deed: ListMachines}),
	"volume.up":           plainly(Step{Deed: Volume, Word: "up"}),
	"volume.down":         plainly(Step{Deed: Volume, Word: "down"}),
	"volume.mute":         plainly(Step{Deed: Volume, Word: "mute"}),
	"volume.unmute":       plainly(Step{Deed: Volume, Word: "unmute"}),
	"volume.set":          percent(Volume),
	"brightness.up":       plainly(Step{Deed: Brightness, Word: "up"}),
	"brightness.down":     plainly(Step{Deed: Brightness, Word: "down"}),
	"brightness.set":      percent(Brightness),
	"media.toggle":        plainly(Step{Deed: Player, Word: "play"}),
	"media.next":          plainly(Step{Deed: Player, Word: "next"}),
	"media.previous":      plainly(Step{Deed: Player, Word: "previous"}),
	"screenshot.take":     plainly(Step{Deed: Screenshot}),
	"record.stop":         plainly(Step{Deed: StopRecording}),
	"notify.show":         plainly(Step{Deed: Notifications, Word: "show"}),
	"notify.clear":        plainly(Step{Deed: Notifications, Word: "clear"}),
	"notify.quiet":        plainly(Step{Deed: Notifications, Word: "quiet"}),
	"notify.loud":         plainly(Step{Deed: Notifications, Word: "loud"}),
	"session.lock":        plainly(Step{Deed: Lock}),
	"session.sleep":       plainly(Step{Deed: Leave, Word: "suspend"}),
	"session.logout":      plainly(Step{Deed: Leave, Word: "log-out"}),
	"session.restart":     plainly(Step{Deed: Leave, Word: "restart"}),
	"session.shutdown":    plainly(Step{Deed: Leave, Word: "power-off"}),
	"settings.open":       plainly(Step{Deed: Settings}),
	"theme.dark":          plainly(Step{Deed: Colours, Word: "dark"}),
	"theme.light":         plainly(Step{Deed: Colours, Word: "light"}),
	"vnc.open":            view,
	"process.show":        plainly(Step{Deed: Processes}),
	"ask.memory":          plainly(Step{Deed: Processes}), // who needs it
	"log.show":            plainly(Step{Deed: Log}),
	"notes.find":          find,
	"file.find":           find,
	"notes.delete":        nil,
}

func plainly(s Step) func(*builder) []Step {
	return func(*builder) []Step { return []Step{s} }
}

func listWindows(b *builder) []Step {
	s := Step{Deed: ListWindows}
	if m := b.first(slots.Machine); m != nil {
		s.Machine = m.Name
	}
	return []Step{s}
}

func onApp(b *builder) []Step {
	s := b.first(slots.App)
	if s == nil {
		return nil
	}
	return []Step{{Deed: Open, App: s.Name}}
}

func onWindow(d Deed) func(*builder) []Step {
	return func(b *builder) []Step {
		id := b.window()
		if id == "" {
			return nil
		}
		return []Step{{Deed: d, Window: id, Tainted: b.titled()}}
	}
}

func snap(b *builder) []Step {
	id, side := b.window(), b.first(slots.Side)
	if id == "" || side == nil {
		return nil
	}
	return []Step{{Deed: Snap, Window: id, Word: side.Name, Tainted: b.titled()}}
}

func toWorkspace(b *builder) []Step {
	id, n := b.window(), b.workspace()
	if id == "" || n == 0 {
		return nil
	}
	return []Step{{Deed: Send, Window: id, Workspace: n, Tainted: b.titled()}}
}

func onWorkspace(d Deed) func(*builder) []Step {
	return func(b *builder) []Step {
		n := b.workspace()
		if n == 0 {
			return nil
		}
		return []Step{{Deed: d, Workspace: n}}
	}
}

func onMachine(d Deed) func(*builder) []Step {
	return func(b *builder) []Step {
		id := b.machine()
		if id == "" {
			return nil
		}
		return []Step{{Deed: d, Machine: id}}
	}
}

func typeInto(b *builder) []Step {
	id, text := b.machine(), b.text("type", "write", "enter", "send", "say")
	if id == "" || text == "" {
		return nil
	}
	return []Step{{Deed: TypeInto, Machine: id, Text: text}}
}

func percent(d Deed) func(*builder) []Step {
	return func(b *builder) []Step {
		n := b.percent()
		if n < 0 {
			return nil
		}
		return []Step{{Deed: d, Number: n}}
	}
}

func view(b *builder) []Step {
	s := b.first(slots.Host)
	if s == nil {
		return nil
	}
	return []Step{{Deed: View, Word: s.Name}}
}

func find(b *builder) []Step {
	text := b.text("about", "on", "named", "called", "for", "with", "find")
	if text == "" {
		return nil
	}
	return []Step{{Deed: Find, Text: text}}
}

// closeAll closes the windows of a workspace, of an application, or all that are
// shown. Machines' windows are left: hiding them is something else.
func closeAll(b *builder) []Step {
	n := 0
	if b.first(slots.Workspace) != nil {
		if n = b.workspace(); n == 0 {
			return nil // one that there isn't is not all
		}
	}
	app := b.first(slots.App)
	if app == nil && (b.first(slots.Window) != nil || b.first(slots.Machine) != nil) {
		return nil // all but that one, most likely
	}
	var steps []Step
	for _, id := range b.on(n) {
		if app == nil || b.scene.app(id) == app.Name {
			steps = append(steps, Step{Deed: Close, Window: id})
		}
	}
	return steps
}

// app is the application of a window.
func (s *Scene) app(window string) string {
	for i := range s.Windows {
		if s.Windows[i].ID == window {
			return s.Windows[i].App
		}
	}
	return ""
}

// String is a step in words: its deed and its arguments.
func (s *Step) String() string {
	words := []string{s.Deed.String()}
	for _, w := range [...]string{s.Window, s.Machine, s.App, s.Word} {
		if w != "" {
			words = append(words, w)
		}
	}
	if s.Workspace > 0 {
		words = append(words, "workspace", strconv.Itoa(s.Workspace))
	}
	if s.Number > 0 {
		words = append(words, strconv.Itoa(s.Number)+"%")
	}
	if s.Text != "" {
		words = append(words, strconv.Quote(s.Text))
	}
	return strings.Join(words, " ")
}
