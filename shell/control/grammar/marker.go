package grammar

import (
	"fmt"
	"strings"
)

// MarkerRow is a row of the table of markers: lines that tell programs and
// tests what has happened.
type MarkerRow struct {
	Name string // up to its first field
	Form string // what follows
	Help string
}

// markers is the table, by who tells.
var markers = []MarkerRow{
	{"RAYOS_READY", "", "the session serves clients"},
	{"RAYOS_POLICY_VIOLATION", ":<rule>:<detail>", "policy forbids something; nothing was done"},
	{"RAYOS_PRESENTATION", ":on|off vm=<id> kind=<linux|windows>", "a machine's window came or went"},
	{"RAYOS_LINUX_DESKTOP_PRESENTED", ":ok:<W>x<H>", "the guest's picture is on the desktop"},
	{"RAYOS_LINUX_DESKTOP_FIRST_FRAME", ":ok:<W>x<H>", "it has been composited"},
	{"RAYOS_WINDOWS_DESKTOP_PRESENTED", ":ok:<W>x<H>", "the guest's picture is on the desktop"},
	{"RAYOS_WINDOWS_DESKTOP_FIRST_FRAME", ":ok:<W>x<H>", "it has been composited"},
	{"RAYOS_LINUX_DESKTOP_READY", "", "a program can open windows in the guest"},
	{"RAYOS_WINDOWS_DESKTOP_READY", "", "a program can open windows in the guest"},
	{"RAYOS_LINUX_VM_READY", "", "the Linux guest answers"},
	{"RAYOS_WINDOWS_READY", "", "the Windows guest's agent has answered a ping"},
	{"RAYOS_WINDOWS_VM_READY", "", "the Windows guest answers"},
	{"RAYOS_VNC", ":ready:<address>|gone", "VNC viewers can come to this address; nobody can for now"},
	{"DEV_SCANOUT", ": enabled|publish surface|toggle presented|toggle hidden|auto-hide", "the moving test picture was started, has pixels, came, went, went by itself"},
	{"RAYOS_SHELL", ":taskbar:restarted|gone", "a panel of the shell has failed"},
	{"RAYOS_SHELL", ":launcher:opened|closed", "the panel in which the session is told what to do came or went"},
	{"RAYOS_SHELL", ":switcher:shown|taken|cancelled", "the window switcher came, went to a window, went back"},
	{"RAYOS_SHELL", ":overview:on|off", "the overview of all windows came or went"},
	{"RAYOS_SHELL", ":calendar|quick-settings|tray:opened|closed", "what is above the taskbar came or went"},
	{"RAYOS_SHELL", ":preview:shown", "the taskbar shows pictures of a task's windows"},
	{"RAYOS_SHELL", ":screenshot:open|cancelled|copied|failed|saved:<file>", "the screenshot tool came, or what became of a picture"},
	{"RAYOS_SHELL", ":recording:started|saved|failed:<file>", "an output is recorded, or what became of it"},
	{"RAYOS_SHELL", ":lock:on|off|refused|unable|restarted|gone", "the session was locked, was unlocked, refused a password, can't be locked; the view of the lock has failed, and comes back"},
	{"RAYOS_SHELL", ":leave:opened|closed|logout|sleep|restart|poweroff|failed", "the dialog that ends the session came or went; what was decided is done, or couldn't be"},
	{"RAYOS_SHELL", ":settings:<name>", "a setting has another value"},
	{"RAYOS_SHELL", ":notifications:on|taken", "programs find the session's notifications, or those of another program"},
	{"RAYOS_UI_NOTIFICATION", ":shown|kept|closed|drawer|quiet:<id, with reason=<n> of a closed one, or opened|closed or on|off>", "a notification came up, went to the history, went; the drawer or \"do not disturb\" changed"},
	{"RAYOS_UI_OSD", ":volume|brightness|layout|workspace|caps:<percent or name>", "the on-screen display says this"},
	{"RAYOS_UI_RENDERER_INIT", ":ok", "there is something to draw with"},
	{"RAYOS_UI_WINDOW_MANAGER_INIT", ":ok", "windows have places"},
	{"RAYOS_UI_COMPOSITOR_INIT", ":ok", "clients may connect"},
	{"RAYOS_UI_SHELL_INIT", ":ok", "the session has panels of its own"},
	{"RAYOS_UI_COMPOSITE", ":ok", "the first frame is on a screen"},
	{"RAYOS_UI_WINDOW_CREATED", ":<id> app=<app-id> owner=<trust>", "a window is on the desktop for the first time"},
	{"RAYOS_UI_WINDOW_FOCUSED", ":<id>|none", "this window has the focus"},
	{"RAYOS_UI_WINDOW_DESTROYED", ":<id>", "a window is gone"},
	{"RAYOS_UI_LINUX_DESKTOP_CREATED", ":<id>", "a machine has a window on the desktop for the first time; `SHOWN`, `HIDDEN`, `CLOSED` follow"},
	{"RAYOS_UI_LINUX_DESKTOP_SHOWN", ":<id>", "it is on the desktop"},
	{"RAYOS_UI_LINUX_DESKTOP_HIDDEN", ":<id>", "it is off the desktop"},
	{"RAYOS_UI_LINUX_DESKTOP_CLOSED", ":<id>", "it is gone"},
	{"RAYOS_UI_WINDOWS_DESKTOP_CREATED", ":<id>", "the same of a Windows machine"},
	{"RAYOS_UI_WINDOWS_DESKTOP_SHOWN", ":<id>", "it is on the desktop"},
	{"RAYOS_UI_WINDOWS_DESKTOP_HIDDEN", ":<id>", "it is off the desktop"},
	{"RAYOS_UI_WINDOWS_DESKTOP_CLOSED", ":<id>", "it is gone"},
	{"RAYOS_WINDOW", ":MAXIMIZED|FULLSCREEN|TILED|RESTORED:<id>", "a window has another shape"},
	{"RAYOS_WINDOW", ":SNAPPED:<id>:<zone>", "it fills a part of the screen"},
	{"RAYOS_WINDOW", ":MINIMIZED|UNMINIMIZED|SHADED|UNSHADED:<id>", "it is out of the way, or no longer"},
	{"RAYOS_WINDOW", ":WORKSPACE:<id>:<n>", "it is on another workspace, counted from 0"},
	{"RAYOS_GUI_APP_READY", ":<name> window=<id>", "the first picture of a program's window is on the screen; its name is the last part of its id"},
	{"RAYOS_GUI_APP_STARTED", ":<id> pid=<pid>", "an app of the registry has been started: one of the session, or an installed one"},
	{"RAYOS_GUI_APP_CONFINED", ":<id>:full|partial|none:<by what, or what is missing>", "how far an installed app is confined; none is not run"},
	{"RAYOS_GUI_APP_ENDED", ":<id>:closed|stopped|crashed", "an installed app has ended"},
	{"RAYOS_GUI_APP_RESTART", ":<id>:<seconds>", "it has crashed and is started again after so long"},
	{"RAYOS_GUI_APP_DEAD", ":<id>", "it has crashed too often and is left alone"},
	{"RAYOS_GUI_APP_ACTIVATED", ":<id>", "an app with one instance was started again: its window is shown"},
	{"RAYOS_GUI_PERMISSION", ":asked|granted|denied|used:<id>:<permission>", "a permission of an installed app"},
	{"RAYOS_GUI_FILEIO", ":REQUEST|GRANT|DENY:<id>:<detail>", "an app asks for a file that the person chooses, and gets it or not"},
	{"RAYOS_VOLUME_STAGED", ":<file>:<bytes>", "a file of a volume lay ready at the start, and its hash is right"},
	{"RAYOS_VOLUME_REFUSED", ":<why>", "a volume that lay ready isn't used"},
	{"RAYOS_S1_ADAPTER", ":<n>:usable|unusable:<name and reason>", "an adapter that System 1 has found as it started; or `none` and why"},
	{"RAYOS_S1_RT", ":present|absent:<adapter or why not>", "whether rays are traced by the adapter's ray queries, or by our own kernel"},
	{"RAYOS_S1_DISPATCH", ":<backend>:<items>:<us>", "the adapter has computed as many items as a trial, with the CPU's results, in that time"},
	{"RAYOS_SYSTEM1_REFLEX_INIT", ":ok", "System 1 takes tasks"},
	{"RAYOS_GUEST_LOG", ":<id>:<line>", "a guest has printed this; it is the guest's word, and nothing is done for it"},
	{"RAYOS_HOST_MARKER", ":<name>:<status>:<detail>", "what the session finds out by itself, by name below"},
}

// hostMarkers are the names that RAYOS_HOST_MARKER has.
var hostMarkers = []MarkerRow{
	{"LINUX_DESKTOP_NETWORK", ":on|off:explicit|default_off|auto_provisioning", "whether the machine gets a network card, and why"},
	{"WINDOWS_DESKTOP_NETWORK", ":on|off:explicit|default_off|auto_provisioning", "whether the machine gets a network card, and why"},
	{"LINUX_DESKTOP_ACCEL", ":kvm|tcg:<reason>", "whether the guest runs on the processor or on an emulated one, and why"},
	{"WINDOWS_DESKTOP_ACCEL", ":kvm|tcg:<reason>", "whether the guest runs on the processor or on an emulated one, and why"},
	{"WINDOWS_DESKTOP_CONFINED", ":on|partial|off:<by what, or why not>", "how far the machine's processes are confined"},
	{"WINDOWS_DESKTOP_CPU_CAP", ":none|cgroup|priority:<percent> <detail>", "what holds the machine to its share of the processors"},
	{"LINUX_DESKTOP_CONFINED", ":on|partial|off:<by what, or why not>", "how far the machine's processes are confined"},
	{"LINUX_DESKTOP_CPU_CAP", ":none|cgroup|priority:<percent> <detail>", "what holds the machine to its share of the processors"},
	{"LINUX_DESKTOP_HIDDEN", ":running|stopped:<id or reason>", "the machine was started with the session, unseen"},
	{"WINDOWS_DESKTOP_HIDDEN", ":running|stopped:<id or reason>", "the machine was started with the session, unseen"},
	{"LINUX_DESKTOP_PRESENTED", ":ok:<W>x<H>", "the guest's picture is on the desktop"},
	{"WINDOWS_DESKTOP_PRESENTED", ":ok:<W>x<H>", "the guest's picture is on the desktop"},
	{"LINUX_DESKTOP", ":failed:<why>", "the machine crashed too often and is left alone"},
	{"WINDOWS_DESKTOP", ":failed:<why>", "the machine crashed too often and is left alone"},
	{"LINUX_DESKTOP_SHUTDOWN", ":ok|err:<stage>_<detail>", "a stage of a shutdown: agent, acpi, deadline, quit"},
	{"WINDOWS_DESKTOP_SHUTDOWN", ":ok|err:<stage>_<detail>", "a stage of a shutdown: agent, acpi, deadline, quit"},
	{"LINUX_DESKTOP_GUEST_AGENT", ":ok:<system>", "qemu-guest-agent has answered a ping in the Linux guest"},
	{"VM_REGISTRY", ":recovered:<why>", "the registry was damaged; its backup is used"},
	{"VM_DISABLED", ":registry|policy:<why>", "no machine may run"},
	{"VM_BUILD", ":progress|ok|err:<detail>", "a machine is being made, was made, or could not be"},
}

// Markers returns the tables: markers, and the names of RAYOS_HOST_MARKER.
func Markers() (all, host []MarkerRow) { return markers, hostMarkers }

// Field is a part of a marker behind its name.
type Field struct {
	key, value string
	pair       bool
}

// Value is a field behind a colon.
func Value(v string) Field { return Field{value: v} }

// Pair is a field behind a space: key=value.
func Pair(key, value string) Field { return Field{key, value, true} }

// Marker is the one place where markers are put together. What a field has of
// other than printable ASCII becomes underscores, and so do colons in values
// that aren't the last, and spaces in pairs: a name that a guest or a person
// gave can't look like another field. A name that isn't in the table is an
// error.
func Marker(name string, fields ...Field) (string, error) {
	if !knownMarker(name) {
		return "", fmt.Errorf("there is no marker %.60q", name)
	}
	var b strings.Builder
	b.WriteString(name)
	pairs := false
	for i, f := range fields {
		v := Printable(f.value, maxDetail)
		switch {
		case f.pair:
			if !isKey(f.key) || v == "" {
				return "", fmt.Errorf("marker %s: %.40q is no pair", name, f.key+"="+v)
			}
			pairs = true
			b.WriteString(" " + f.key + "=" + strings.ReplaceAll(v, " ", "_"))
		case pairs:
			return "", fmt.Errorf("marker %s: a value behind pairs", name)
		default:
			last := i == len(fields)-1
			if !last {
				v = strings.ReplaceAll(v, ":", "_")
			}
			if !last && fields[i+1].pair {
				v = strings.ReplaceAll(v, " ", "_")
			}
			b.WriteString(":" + v)
		}
	}
	return b.String(), nil
}

// HostMarker is Marker for what RAYOS_HOST_MARKER tells.
func HostMarker(name, status, detail string) (string, error) {
	line, err := Marker("RAYOS_HOST_MARKER", Value(name), Value(status), Value(detail))
	if err != nil {
		return "", err
	}
	return line, CheckMarker(line)
}

// CheckMarker reports whether a line is a marker of the table, and one line of
// printable ASCII.
func CheckMarker(line string) error {
	if len(line) > 4*maxDetail || !printableASCII(line) {
		return fmt.Errorf("marker %.60q: want one line of printable ASCII", line)
	}
	name, rest, _ := strings.Cut(line, ":")
	name, _, _ = strings.Cut(name, " ")
	if !knownMarker(name) {
		return fmt.Errorf("there is no marker %.60q", name)
	}
	if name == "RAYOS_HOST_MARKER" {
		fields := strings.SplitN(rest, ":", 3)
		if len(fields) != 3 || !inTable(hostMarkers, fields[0]) || fields[1] == "" {
			return fmt.Errorf("marker %.80q: want a known name, status and detail", line)
		}
	}
	return nil
}

func knownMarker(name string) bool { return inTable(markers, name) }

func inTable(rows []MarkerRow, name string) bool {
	for i := range rows {
		if rows[i].Name == name {
			return true
		}
	}
	return false
}

func isKey(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '_' {
			return false
		}
	}
	return s != ""
}
