package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cgoRooms may need a C compiler. All the rest builds without one, into a
// static binary that boots as init and cross-compiles.
var cgoRooms = []string{"gpu/display/window", "gpu/gl", "gpu/compute", "gpu/input/libinput", "internal/wlcs/module", "shell/auth/helper"}

func TestOnlyEdgesNeedCgo(t *testing.T) {
	for _, p := range tree(t) {
		edge := slices.ContainsFunc(cgoRooms, func(folder string) bool { return under(p.room(), folder) })
		if len(p.CgoFiles) > 0 && !edge {
			t.Errorf("%s uses cgo in %v; only %v may", p.room(), p.CgoFiles, cgoRooms)
		}
	}
	for _, p := range list(t, "-deps", "./geom", "./internal/loop", "./surfaces/...", "./wm/...", "./gpu/raster", "./gpu/display/headless", "./gpu/display/nested", "./shell/control/...") {
		if !p.Standard && len(p.CgoFiles) > 0 {
			t.Errorf("%s needs cgo, and a room that has to do without depends on it", p.ImportPath)
		}
	}
}

// outside lists the modules of others and the rooms that may import them. A
// dependency is a decision: a new one gets its row and its reason.
var outside = []struct {
	path  string
	rooms []string // nil is every room
	why   string
}{
	{"golang.org/x/sys", nil, "system calls"},
	{"golang.org/x/text", []string{"shell/find", "intent/classify", "volume/lexical"}, "names and lines are compared without accents by Unicode's own tables"},
	{"golang.org/x/image", []string{"internal/vector", "rayapps/text", "rayapps/browser/thumb", "rayapps/images", "shell/iconload", "internal/bench"}, "text and shapes have one home, so pixels are the same on every machine; icons and pictures of others are as they are, and what is measured doesn't change with our text"},
	{"github.com/srwiley", []string{"shell/iconload"}, "drawings that programs install as icons"},
	{"github.com/go-text/typesetting", []string{"rayapps/text"}, "shaping, bidirectional text and segmentation; what comes of it are our own types"},
	{"github.com/godbus/dbus", []string{"vmm/qemu", "internal/bus", "shell/sessionbus", "shell/notify", "shell/progress", "shell/tray", "shell/mpris", "shell/backlight", "shell/logind", "shell/a11y", "rayapps/atspi", "shell/portal", "rayapps/portal", "rayapps/vnc/keyring"}, "QEMU's display and the desktop's services speak D-Bus; QEMU's pictures are read by our own code"},
	{"github.com/modelcontextprotocol/go-sdk", []string{"shell/mcp"}, "the protocol changes by the year, and its own people keep this; it is in a process of its own"},
	{"github.com/tetratelabs/wazero", []string{"rayapps/wasm/host"}, "WebAssembly to machine code"},
	{"github.com/klauspost/compress", []string{"rayapps/rfb/rfbserver"}, "zlib at twice the standard library's speed"},
	{"github.com/pelletier/go-toml", []string{"internal/strictoml"}, "files that a person writes, with line and column of what is wrong"},
	{"github.com/jezek/xgb", []string{"surfaces/xwayland", "internal/bench"}, "X11 stays where it blocks nobody: on the goroutine of the X11 window manager, and in what draws for a peer of ours"},
	{"github.com/vulkan-go/vulkan", []string{"gpu/compute"}, "needs cgo and a GPU's library; nothing is loaded before somebody asks for a GPU"},
	{"github.com/go-gl", []string{"gpu/display/window", "gpu/gl"}, "needs cgo and a GPU's library"},
}

func TestOutsideModulesStayInTheirRooms(t *testing.T) {
	for _, p := range tree(t) {
		for _, imp := range p.Imports {
			first, _, _ := strings.Cut(imp, "/")
			if !strings.Contains(first, ".") {
				continue
			}
			known := false
			for _, o := range outside {
				if !under(imp, o.path) {
					continue
				}
				known = true
				allowed := o.rooms == nil || slices.ContainsFunc(o.rooms, func(folder string) bool { return under(p.room(), folder) })
				if !allowed {
					t.Errorf("%s imports %s, which belongs into %v: %s", p.room(), imp, o.rooms, o.why)
				}
			}
			if !known {
				t.Errorf("%s imports %s, which nobody has decided on", p.room(), imp)
			}
		}
	}
}

// TestLinkedModulesAreCredited: their licences ask that copies in binary form
// carry the notice.
func TestLinkedModulesAreCredited(t *testing.T) {
	notices, err := os.ReadFile(filepath.Join(root, "docs", "NOTICES.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range list(t, "-deps", "./cmd/...") {
		if p.Standard || p.ours() || p.Module == nil || seen[p.Module.Path] {
			continue
		}
		seen[p.Module.Path] = true
		// Hosts and versions are not part of a name.
		name := strings.TrimPrefix(p.Module.Path, "github.com/")
		if parts := strings.Split(name, "/"); len(parts) > 2 && name != p.Module.Path {
			name = parts[0] + "/" + parts[1]
		}
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).Match(notices) {
			t.Errorf("binaries contain %s, and docs/NOTICES.md does not mention it", p.Module.Path)
		}
	}
}
