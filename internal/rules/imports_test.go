package rules

import (
	"slices"
	"strings"
	"testing"
)

// room says what of the tree the code in a folder may import. The entry with
// the longest folder holds.
type room struct {
	folder  string
	imports []string // folders, each with what lies in it; "=x" is x alone
	why     string
}

// rooms, from the ground up.
var rooms = []room{
	{"geom", nil, "everyone computes with it; it can't know anybody"},
	{"assets", nil, "data and nothing else"},
	{"internal/loop", nil, "a loop runs what it is given and knows none of it"},
	{"gpu/render", []string{"geom"}, "the contract between scene and renderers knows neither"},
	{"internal/vector", []string{"geom", "gpu/render"}, "shapes become pixels without a session"},
	{"internal/atomicfile", nil, "a file is bytes, whoever writes it"},
	{"internal/atomicfile/crash", []string{"internal/atomicfile"}, "a folder that fails, whoever writes to it"},
	{"internal/bustest", nil, "tests of any room may need a bus"},
	{"internal/cache", nil, "it keeps what it is given"},
	{"internal/ownpages", nil, "the process is whichever it is"},
	{"internal/oneline", nil, "one line of text is safe to show, whoever wrote it"},
	{"internal/digest", nil, "a hash of bytes knows no subject"},
	{"internal/desktopentry", nil, "a .desktop file is text, on a host and in a guest"},
	{"internal/golden", []string{"gpu/render"}, "every room's tests may use it, so it may use next to nothing"},
	{"internal/procstat", nil, "a line of the kernel's about any process"},
	{"internal/pulse", nil, "packets and answers, whatever is asked of a sound server"},
	{"internal/mimetype", nil, "what a file is, whoever opens it"},
	{"internal/trash", nil, "a folder by a standard, whoever throws away"},
	{"internal/userdirs", nil, "a file of folders, whoever shows them"},
	{"internal/strictoml", nil, "a file is keys and values, whatever they mean"},
	{"internal/rules", nil, "it looks at the tree from outside"},
	{"internal/ci", nil, "it runs commands"},
	{"internal/bench", []string{"internal/bench", "=gpu/compute", "=gpu/compute/bvh", "=intent/conductor", "=rayapps/rfb", "geom"}, "it sees RayOS as it sees other compositors: through the socket, and all VNC servers by one viewer; a GPU and a queue of tasks have no socket"},
	{"internal/bench/volume", []string{"internal/bench/volume", "volume"}, "an index has no socket: it is measured from inside, beside another's program"},
	{"internal/proctest", []string{"=shell/control"}, "it sees a session as its user does: processes, sockets and pixels"},
	{"internal/vulkantest", nil, "it knows where a driver is, not who computes with it"},
	{"internal/chaos", nil, "it has nothing but tests: a whole session under attack"},
	{
		"internal/wlcs/desk",
		[]string{"=geom", "gpu", "=internal/loop", "=shell/session", "surfaces"},
		"a session in the process of its tester; what the suite is like is not its matter",
	},
	{"internal/wlcs/module", []string{"=geom", "=internal/wlcs/desk"}, "the C side of the desk"},
	{"internal/wlcs", nil, "it runs commands"},
	{"internal/foreign", nil, "it has nothing but tests: another client library on the session"},

	{"gpu/raster", []string{"geom", "gpu/render"}, "a renderer knows pixels; a display is another matter"},
	{"gpu/gl", []string{"geom", "gpu/render", "gpu/raster"}, "a renderer knows pixels; the other one draws when the GPU is lost"},
	{"gpu/compute/bvh", nil, "boxes and rays, whatever they stand for"},
	{"gpu/compute/dot", nil, "numbers in, the same bits out"},
	{"gpu/compute/shader", nil, "code for GPUs, and what it says of itself"},
	{"gpu/compute", []string{"gpu/compute"}, "numbers in, the same numbers out: what they mean, others know"},
	{"gpu/internal/rendertest", []string{"geom", "gpu/render"}, "it holds renderers to the contract and knows none"},
	{"gpu/display", []string{"geom", "internal/loop", "gpu/render", "gpu/display"}, "a display shows what it is given, whoever drew it"},
	{
		"gpu/display/window",
		[]string{"geom", "internal/loop", "gpu/render", "gpu/display", "gpu/gl"},
		"a GPU draws into a window through surfaces of the window system",
	},
	{
		"gpu/display/choose",
		[]string{"geom", "internal/loop", "gpu/render", "gpu/display", "gpu/raster", "gpu/gl"},
		"which renderer fits depends on where the windows are",
	},
	{
		"gpu/display/nested",
		[]string{"geom", "internal/loop", "gpu/render", "gpu/display", "surfaces/wire", "surfaces/protocol"},
		"a window on a host is a Wayland client: the protocol's ground, and no compositor",
	},

	{"surfaces/wire", []string{"geom"}, "the wire format knows no protocol"},
	{"surfaces/protocol", []string{"geom", "surfaces/wire", "surfaces/protocol"}, "clients use it too: it can't bring a compositor along"},
	{"surfaces/scene", []string{"geom", "gpu/render"}, "three kinds of nodes; protocol and policy stay above"},
	{"surfaces/seat", []string{"geom", "surfaces/seat"}, "focus and grabs are the same for every source of input: no protocol objects"},
	{"surfaces/seat/xkb", nil, "keymaps are text"},
	{"surfaces/places", []string{"geom", "internal/atomicfile"}, "numbers in a file, for whatever has windows"},
	{"surfaces", []string{"geom", "gpu/render", "gpu/display", "internal/loop", "internal/procstat", "surfaces"}, "surfaces carry out; what a window may do is decided in wm and shell"},

	{"volume", []string{"internal/atomicfile", "internal/oneline", "volume"}, "files become documents that are found: who asks, and what becomes of them, is another"},
	{"volume/lexical", nil, "texts are words, whoever looks for them"},
	{"volume/lsa", []string{"volume/lexical"}, "a model of words that somebody else counted"},
	{"volume/legacy", nil, "older files hold texts, whoever takes them"},
	{"volume/fuse", nil, "rankings are numbers, whatever ranked"},
	{"volume/embed", nil, "texts become vectors on a server, whatever they are about"},
	{"volume/ingest", nil, "files become pieces of text: who keeps them is another"},
	{"volume/eval", nil, "it judges rankings, whoever made them"},
	{"intent/llm", []string{"internal/oneline"}, "a server is asked by HTTP; what it says, others judge"},
	{"intent/plan", []string{"intent/classify", "intent/slots"}, "what a line would have done, whoever does it"},
	{"intent/trace", []string{"intent/classify", "intent/plan", "intent/slots", "intent/conductor/journal", "internal/atomicfile"}, "what came of lines, whoever carried them out"},
	{"intent/classify", nil, "lines and labels: which intents there are is data"},
	{"volume/vec", nil, "numbers in, numbers out"},
	{"volume/file", []string{"internal/atomicfile"}, "sections and records are bytes: what they mean is their owner's"},
	{"volume/hnsw", []string{"volume/vec"}, "vectors and ids, whatever they stand for and wherever they are kept"},
	{"intent/data", []string{"intent/classify", "intent/data"}, "what people say, and a model of it"},
	{"intent/slots", nil, "what a line names: the caller knows the names"},
	{"intent/envelope", []string{"intent/slots"}, "what is known of a line, before anything is done"},

	{"vmm/agent", nil, "host and guest speak by it: the guest's binary brings nothing else along"},
	{
		"vmm/agent/guest",
		[]string{"internal/desktopentry", "vmm/agent", "surfaces/wire", "surfaces/protocol"},
		"it runs inside a guest, where there is nothing of ours: it is a client of whatever compositor is there",
	},
	{
		"vmm/host",
		[]string{"geom", "internal/atomicfile", "internal/procstat", "internal/pulse", "vmm", "surfaces/wire", "surfaces/protocol"},
		"it runs a machine and is a client of whatever compositor there is",
	},
	{"vmm/keys", nil, "what keys are called: tables, for whoever presses or reads them"},
	{"vmm/sound", []string{"internal/pulse"}, "samples go to a sound server, whichever machine they are of"},
	{"vmm/surfacelog", nil, "what a guest says of its windows is text"},
	{"vmm/image", nil, "images are made of packages, before any machine runs"},
	{"vmm/confine", nil, "what a process may do, whichever it is"},
	{"vmm/kvm", []string{"internal/atomicfile"}, "it tries the kernel's virtual machines and knows no engine"},
	{"vmm/qemu", []string{"geom", "internal/bus", "vmm"}, "an engine runs a machine: whoever shows it is another"},
	{"vmm", []string{"internal/atomicfile", "internal/strictoml"}, "what machines there are and what they may do: files and tables, no screen"},
	{"intent/conductor/journal", []string{"internal/atomicfile"}, "records are bytes, whatever they tell"},
	{"intent/conductor/dream", []string{"internal/atomicfile", "=intent/conductor", "intent/conductor/journal"}, "what is tried and measured is others' matter"},
	{"intent/conductor", []string{"internal/atomicfile", "intent/conductor/journal"}, "work is queued and run, whatever it does"},
	{"wm", []string{"geom"}, "policy is a pure function: a test or a proof needs no screen and no client"},

	{
		"rayapps/text",
		[]string{"geom", "gpu/render", "internal/cache", "internal/digest", "internal/vector", "assets"},
		"lines of glyphs without widgets or a session: applications link it",
	},
	{"rayapps/atspi", []string{"geom", "rayapps/ui"}, "it tells what trees mean, whoever shows them"},
	{"rayapps/lang", nil, "words and dates, whoever shows them"},
	{"rayapps/rfb/anontls", nil, "a connection becomes another, whatever is said on it"},
	{"rayapps/rfb", []string{"geom", "rayapps/rfb/anontls"}, "a protocol becomes pixels in memory: who shows them is another"},
	{"rayapps/vnc/keyring", nil, "secrets by the name of whoever asks: what they are for is another's"},
	{"rayapps/vnc", []string{"geom", "gpu/render", "internal/atomicfile", "internal/bus", "rayapps/vnc/keyring", "=rayapps", "rayapps/lang", "rayapps/paint", "rayapps/rfb", "rayapps/ui"}, "an app as others write them, over a protocol as others use it"},
	{"rayapps/editor", []string{"geom", "gpu/render", "=rayapps", "rayapps/editor", "rayapps/lang", "rayapps/picker", "rayapps/text", "rayapps/ui"}, "an app as others write them"},
	{"rayapps/editor/buffer", []string{"internal/atomicfile"}, "bytes in lines: who shows them is another"},
	{"rayapps/images", []string{"geom", "gpu/render", "internal/trash", "=rayapps", "rayapps/lang", "rayapps/paint", "rayapps/picker", "rayapps/ui"}, "an app as others write them"},
	{"rayapps/picker", []string{"=rayapps", "rayapps/lang"}, "it asks, whoever answers"},
	{"rayapps/vncserver", []string{"geom", "internal/atomicfile", "rayapps/rfb", "surfaces/wire", "surfaces/protocol", "surfaces/seat/xkb", "=vmm/confine"}, "a client of whatever compositor there is: the protocol's ground, keymaps, what it may do, and nothing of the session"},
	{"rayapps/rfb/rfbserver", []string{"geom", "rayapps/rfb"}, "pixels in memory become a protocol: whose they are is another"},
	{
		"rayapps/browser",
		[]string{"geom", "gpu/render", "internal/atomicfile", "internal/mimetype", "internal/trash", "internal/userdirs", "=rayapps", "rayapps/browser", "rayapps/lang", "rayapps/paint", "rayapps/ui"},
		"a window of its own process on the person's files; which programs there are somebody else tells it",
	},
	{"rayapps/browser/folder", nil, "names and what they look like, whoever shows them"},
	{"rayapps/browser/deed", []string{"rayapps/browser/folder", "internal/trash"}, "files are moved, whoever asks"},
	{"rayapps/browser/thumb", []string{"internal/atomicfile"}, "pictures become small, whoever shows them"},
	{"rayapps/counter", []string{"geom", "=rayapps", "rayapps/lang", "rayapps/ui"}, "an app sees the SDK and the toolkit"},
	{"rayapps/examples/clockface", []string{"geom", "gpu/render", "rayapps/ui", "rayapps/paint", "=rayapps/wasm", "rayapps/examples/clockface"}, "a module as others write it"},
	{"rayapps/examples", []string{"geom", "=rayapps", "rayapps/ui", "rayapps/paint"}, "apps as others write them"},
	{"rayapps/wasm/abi", []string{"geom", "rayapps/ui"}, "messages between a module and its host: the toolkit's values and nothing else"},
	{
		"rayapps/wasm/host",
		[]string{"geom", "=rayapps", "rayapps/lang", "rayapps/paint", "rayapps/ui", "rayapps/wasm/abi"},
		"an app whose window somebody else draws",
	},
	{"rayapps/wasm", []string{"geom", "gpu/render", "rayapps/lang", "rayapps/text", "rayapps/ui", "rayapps/wasm/abi"}, "what is linked into modules: no window, no system calls"},
	{"rayapps/manifest", []string{"internal/strictoml", "rayapps/lang"}, "what an app says of itself is a file and tables"},
	{"rayapps/sandbox", []string{"=vmm/confine"}, "a process and what it may do, whichever app it is"},
	{"rayapps/bundle", []string{"internal/atomicfile", "rayapps/manifest"}, "files in an archive, signed: where they go is another"},
	{"rayapps/registry", []string{"internal/atomicfile", "rayapps/bundle", "rayapps/manifest"}, "what is installed is files, whoever runs it"},
	{"rayapps/applink", []string{"rayapps/ui"}, "messages between an app and its session"},
	{"rayapps/scaffold", []string{"rayapps/manifest"}, "a folder of files, which the SDK's user goes on with"},
	{"rayapps/compose", []string{"surfaces/seat/xkb"}, "sequences of keys are text, whoever presses them"},
	{"rayapps/portal", []string{"gpu/render"}, "settings of the desktop are values, whoever draws by them"},
	{
		"rayapps",
		[]string{
			"geom", "gpu/render", "internal/atomicfile", "internal/bus", "internal/loop", "internal/ownpages", "rayapps/applink", "rayapps/atspi", "rayapps/compose", "rayapps/lang", "rayapps/paint", "rayapps/portal", "rayapps/text",
			"rayapps/ui", "surfaces/wire", "surfaces/protocol", "surfaces/seat/xkb",
		},
		"a client of whatever compositor there is: the protocol's ground, keymaps, and nothing of the session",
	},
	{"rayapps/ui/theme", []string{"gpu/render"}, "tokens"},
	{"rayapps/ui/icon", []string{"geom", "gpu/render", "rayapps/paint"}, "paths and nothing else"},
	{
		"rayapps/ui",
		[]string{"geom", "gpu/render", "rayapps/lang", "rayapps/text", "rayapps/paint", "rayapps/ui"},
		"widgets are data and a display list: the shell, the SDK and tests show them, each on a surface of its own",
	},
	{
		"rayapps/paint",
		[]string{"geom", "gpu/render", "gpu/raster", "internal/cache", "internal/digest", "internal/vector", "rayapps/text"},
		"pictures without widgets or a session: applications link it",
	},

	{"shell/theme", []string{"gpu/render", "=rayapps/ui/theme", "rayapps/lang"}, "the tokens of applications, and those of frames and trust"},
	{"shell/calc", nil, "arithmetic needs no desktop"},
	{"shell/apps", []string{"internal/desktopentry"}, "what is installed is files, and how it starts is values"},
	{"shell/find", []string{"internal/atomicfile"}, "what fits a line best is a matter of words and times"},
	{"shell/files", []string{"internal/userdirs", "shell/find"}, "names in folders, whoever looks for them"},
	{"shell/answers", []string{"=shell/launcher", "rayapps/lang"}, "figures come from whoever knows them"},
	{"shell/iconload", []string{"gpu/render", "rayapps/paint"}, "files become pictures, whoever shows them"},
	{"internal/apptest", []string{"rayapps"}, "it shows apps to their tests"},
	{"internal/bus", nil, "where the session bus is, and numbers of messages, for whoever speaks D-Bus"},
	{"internal/tail", nil, "the last lines of a log, of whatever they are"},
	{"shell/sessionbus", []string{"internal/bus"}, "where the session's message bus is"},
	{"shell/syslog", []string{"internal/tail"}, "lines that were logged, by whomever"},
	{"shell/settings", []string{"internal/atomicfile", "rayapps/lang"}, "keys, values and a file: who applies them is another"},
	{
		"shell/settingswindow",
		[]string{"geom", "gpu/render", "=rayapps", "rayapps/lang", "rayapps/ui", "=shell/control", "shell/settings", "=vmm"},
		"a window of its own process: the session is behind a socket",
	},
	{"shell/mcp", []string{"=shell/control"}, "a process of its own: the session is behind a socket"},
	{"shell/welcome", []string{"geom", "=rayapps", "rayapps/lang", "rayapps/ui", "=shell/control"}, "a window of its own process: the session is behind a socket"},
	{
		"shell/logwindow",
		[]string{"geom", "gpu/render", "internal/atomicfile", "=rayapps", "rayapps/lang", "rayapps/ui", "=shell/control", "shell/syslog"},
		"a window of its own process: the session is behind a socket",
	},
	{"shell/filepicker", []string{"geom", "=rayapps", "rayapps/lang", "rayapps/ui", "rayapps/browser/folder"}, "a window of its own process: files in, a path out"},
	{
		"shell/explorer",
		[]string{"geom", "gpu/render", "internal/procstat", "=rayapps", "rayapps/lang", "rayapps/ui", "=shell/control"},
		"a window of its own process: the session is behind a socket",
	},
	{"shell/progress", []string{"shell/sessionbus"}, "what programs say of their work is a list, whoever draws it"},
	{"shell/tray", []string{"gpu/render", "shell/sessionbus"}, "what programs put into the tray is a list and a D-Bus name, whoever draws it"},
	{"shell/notify", []string{"=shell/sessionbus", "shell/theme"}, "messages of programs are a list and a D-Bus name, whoever draws them"},
	{
		"shell/notify/view",
		[]string{"geom", "gpu/render", "rayapps/paint", "rayapps/text", "rayapps/ui", "=shell/notify", "shell/theme", "rayapps/lang"},
		"a view of the model: no bus, no scene",
	},
	{"shell/portal", []string{"gpu/render", "=shell/sessionbus"}, "how programs are to look is four values and a D-Bus name, whoever sets them"},
	{"shell/mpris", []string{"gpu/render", "=shell/sessionbus"}, "what players say is a list; keys and pictures are others' matter"},
	{"shell/sound", []string{"internal/pulse"}, "a volume is a number and a protocol"},
	{"shell/backlight", nil, "a light is a number in a file and a D-Bus name"},
	{"shell/power", nil, "a battery is a number that the kernel tells"},
	{"shell/network", nil, "a network is a kind that the kernel tells"},
	{"shell/osd", []string{"geom", "rayapps/ui", "rayapps/lang"}, "a view of a state: no session, no scene"},
	{"shell/mind", []string{"intent", "rayapps/lang", "=shell/apps", "shell/control/grammar", "shell/launcher"}, "it says by the launcher's acts what a line means, and carries nothing out"},
	{"shell/a11y", nil, "keys and the pointer for screen readers, whatever is shown"},
	{"shell/auth", []string{"=shell/auth"}, "a password, a process and a word"},
	{"shell/dialog", []string{"geom", "rayapps/ui", "rayapps/lang"}, "a view of a state: no session, no logind"},
	{"shell/logind", []string{"=shell/sessionbus", "rayapps/lang"}, "words on a bus: what they mean for a session, others know"},
	{"shell/lockscreen", []string{"geom", "rayapps/text", "rayapps/ui", "rayapps/lang"}, "a view of a state: no session, no PAM"},
	{"shell/cursor", []string{"geom", "gpu/render", "internal/vector", "shell/theme"}, "drawn by code, without a session"},
	{"shell/wallpaper", []string{"geom", "gpu/render", "internal/vector", "shell/theme"}, "drawn by code, without a session"},
	{"shell/line", []string{"geom", "gpu/render", "internal/vector", "rayapps/text"}, "a line of text becomes pixels: whose it is is another matter"},
	{"shell/decor", []string{"geom", "gpu/render", "internal/vector", "rayapps/text", "shell/line", "shell/theme"}, "a frame is a value and pixels: no client, no scene"},
	{
		"shell/panel",
		[]string{"geom", "gpu/render", "internal/loop", "rayapps", "surfaces/scene", "surfaces/seat"},
		"a view on a desktop: what it shows and what it is for, others know",
	},
	{"shell/taskbar", []string{"geom", "gpu/render", "rayapps/lang", "rayapps/ui", "=rayapps/paint", "shell/theme"}, "a view of a state: no session, no scene"},
	{
		"shell/preview",
		[]string{"geom", "gpu/render", "rayapps/paint", "rayapps/ui", "shell/theme", "rayapps/lang"},
		"cards that leave room for pictures: whose they are and who shows them, others know",
	},
	{"shell/preview/previewtest", []string{"geom", "gpu/render", "internal/golden", "rayapps/paint", "rayapps/text", "rayapps/ui", "shell/preview"}, "it draws what a session shows in the slots of a view, for the view's tests"},
	{"shell/overview", []string{"geom", "rayapps/ui", "shell/preview", "shell/theme", "rayapps/lang"}, "a view of a state: no session, no scene"},
	{"shell/record", []string{"geom", "gpu/render"}, "pixels become a file: whose they are is another matter"},
	{"shell/screenshot", []string{"geom", "gpu/render", "rayapps/ui", "rayapps/lang"}, "what to choose on a screen, and where files belong: no session, no scene"},
	{"shell/switcher", []string{"geom", "rayapps/ui", "shell/preview", "rayapps/lang"}, "a view of a state: no session, no scene"},
	{"shell/overlay", []string{"geom", "gpu/render", "internal/vector", "rayapps/text", "shell/line", "shell/theme"}, "a picture of numbers: who measures is another"},
	{"shell/devscanout", []string{"geom", "surfaces/wire", "surfaces/protocol"}, "it comes to the session as guests do: as a client"},
	{
		"shell/launcher",
		[]string{"internal/oneline", "geom", "gpu/render", "internal/atomicfile", "rayapps/paint", "rayapps/text", "rayapps/ui", "shell/apps", "shell/calc", "shell/control/grammar", "shell/find", "shell/theme", "rayapps/lang"},
		"what is proposed is a model and a view: the session carries it out",
	},
	{"shell/builtin/own", []string{"rayapps/manifest", "rayapps/registry"}, "manifests of apps, whoever runs them"},
	{"shell/openwith", []string{"internal/atomicfile", "internal/mimetype", "rayapps/browser", "shell/apps"}, "programs for files, as the window of files asks for them"},
	{"shell/builtin", []string{"rayapps", "shell"}, "a table of apps, which reach a session by its socket"},
	{"shell/control/grammar", []string{"vmm/keys"}, "lines and what they mean: tables, no session"},
	{"shell/control/runner", []string{"internal/tail", "shell/control/grammar"}, "commands are carried out one after the other, whatever they do"},
	{"shell/control/channel", []string{"shell/control/grammar", "shell/control/runner"}, "lines in and lines out: what they do is the runner's"},
	{
		"shell/control/cli",
		[]string{"shell/control", "rayapps/bundle", "rayapps/manifest", "rayapps/registry", "rayapps/scaffold", "=shell/builtin/own", "=intent/classify", "=intent/data", "=intent/trace", "=internal/atomicfile"},
		"a session behind a socket, and files of apps and models: no window",
	},
	{"shell/control", []string{"geom", "gpu/render", "shell/control", "shell/settings", "shell/syslog", "rayapps/lang"}, "one command table for prompt, socket and conductor; the session implements it"},
	{
		"shell/vms",
		[]string{"geom", "=surfaces", "shell/control", "=vmm", "=vmm/host", "=vmm/sound", "vmm/image"},
		"it speaks with rayos-vm and posts to the loop; what a window is the session knows",
	},
	{
		"shell/session",
		[]string{"geom", "gpu", "intent/conductor", "=intent/data", "=intent/envelope", "=intent/llm", "=intent/plan", "=intent/trace", "internal/atomicfile", "internal/bus", "internal/loop", "internal/mimetype", "internal/ownpages", "internal/procstat", "internal/pulse", "rayapps", "surfaces", "wm", "shell", "=vmm", "=volume", "=volume/embed", "=volume/hnsw", "=volume/ingest", "=volume/legacy"},
		"the only room that knows everyone",
	},

	{"cmd/wlgen", nil, "what generates the tree can't need it"},
	{"cmd/raybench", []string{"internal/bench"}, "a main names one package"},
	{"cmd/rayos-agent", []string{"vmm/agent/guest"}, "a main names one package"},
	{"cmd/rayctl", []string{"shell/control/cli"}, "a main names one package"},
	{"cmd/rayos-vm", []string{"=vmm/host"}, "a main names one package"},
	{"cmd/rayos-wasm", []string{"rayapps/wasm/host"}, "a main names one package"},
	{"cmd/rayos-vnc", []string{"=rayapps/vncserver"}, "a main names one package"},
	{"cmd/rayos-mcp", []string{"=shell/mcp"}, "a main names one package"},
	{"cmd/rayos-sandbox", []string{"=rayapps/sandbox"}, "a main names one package"},
	{"cmd/rayos-apps", []string{"shell/builtin"}, "a main names one package"},
	{"cmd/rayos-auth", []string{"shell/auth/helper"}, "a main names one package"},
	{"cmd/rayos-session", []string{"=shell/session"}, "a main names one package"},
	{"golden", nil, "scenes are tests"},
}

func roomOf(name string) *room {
	var best *room
	for i := range rooms {
		if r := &rooms[i]; under(name, r.folder) && (best == nil || len(r.folder) > len(best.folder)) {
			best = r
		}
	}
	return best
}

func (r *room) allows(name string) bool {
	return slices.ContainsFunc(r.imports, func(folder string) bool {
		if alone, ok := strings.CutPrefix(folder, "="); ok {
			return name == alone
		}
		return under(name, folder)
	})
}

func TestRoomsImportOnlyWhatIsBelow(t *testing.T) {
	used := map[*room]bool{}
	for _, p := range tree(t) {
		r := roomOf(p.room())
		if r == nil {
			t.Errorf("%s has no place in the plan: give it a row here and in docs/ARCHITECTURE.md", p.room())
			continue
		}
		used[r] = true
		for _, imp := range p.Imports {
			name, ours := strings.CutPrefix(imp, module)
			if ours && !r.allows(name) {
				t.Errorf("%s imports %s, but %s may import only %v: %s", p.room(), name, r.folder, r.imports, r.why)
			}
		}
	}
	for i := range rooms {
		if r := &rooms[i]; !used[r] {
			t.Errorf("there is no %s any more: remove its row", r.folder)
		}
	}
}

// helpers are for tests. A program that links one carries flags and failure
// paths that it should not have.
var helpers = []string{"internal/apptest", "internal/atomicfile/crash", "internal/bustest", "internal/golden", "internal/proctest", "internal/vulkantest", "shell/control/controltest", "gpu/display/internal/displaytest", "gpu/internal/rendertest", "shell/preview/previewtest"}

func TestProgramsLinkNoTestHelpers(t *testing.T) {
	for _, p := range tree(t) {
		for _, imp := range p.Imports {
			name := strings.TrimPrefix(imp, module)
			if slices.Contains(helpers, name) && !slices.Contains(helpers, p.room()) {
				t.Errorf("%s imports %s outside its tests", p.room(), name)
			}
			if imp == "testing" && !slices.Contains(helpers, p.room()) {
				t.Errorf("%s imports testing outside its tests", p.room())
			}
		}
	}
}

// TestPolicyTestsNeedNoSession: even the tests of the policy need nothing but what it needs, or
// the policy would need it soon.
func TestPolicyTestsNeedNoSession(t *testing.T) {
	for _, p := range tree(t) {
		if !under(p.room(), "wm") {
			continue
		}
		for _, imp := range append(p.TestImports, p.XTestImports...) {
			if name, ours := strings.CutPrefix(imp, module); ours && name != "wm" && name != "geom" && name != "internal/golden" {
				t.Errorf("the tests of %s import %s; want nothing but geom", p.room(), name)
			}
		}
	}
}

// TestDisplaysAndRenderersAreTestedAlone: a renderer or display whose tests
// need a session can't be used without one.
func TestDisplaysAndRenderersAreTestedAlone(t *testing.T) {
	for _, p := range tree(t) {
		if !under(p.room(), "gpu") {
			continue
		}
		for _, imp := range append(p.TestImports, p.XTestImports...) {
			if name, ours := strings.CutPrefix(imp, module); ours && (under(name, "shell") || under(name, "wm")) {
				t.Errorf("the tests of %s import %s", p.room(), name)
			}
		}
	}
}
