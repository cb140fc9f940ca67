package grammar

import (
	"fmt"
	"strings"

	"rayos/vmm/keys"
)

// Markdown returns docs/CONTROL.md, made from the tables.
func Markdown() string {
	var b strings.Builder
	b.WriteString(intro)
	b.WriteString("\n## The prompt\n\n" + promptRules)
	section(&b, "Linux", func(p *Phrase) bool { return p.Kind == Linux })
	section(&b, "Windows", func(p *Phrase) bool { return p.Kind == Windows })
	section(&b, "Machines by their id", func(p *Phrase) bool { return strings.Contains(p.Pattern, "<id>") })
	section(&b, "The session", func(p *Phrase) bool { return p.Kind == None && !strings.Contains(p.Pattern, "<id>") })
	keySection(&b)
	b.WriteString("\n## Events and acknowledgements\n\n" + eventRules)
	b.WriteString("| operation | payload | at most | ok says | err says, besides the common |\n|---|---|---|---|---|\n")
	for _, op := range ops {
		most := ""
		if op.Max > 0 {
			most = fmt.Sprint(op.Max)
		}
		fmt.Fprintf(&b, "| `%s`: %s | %s | %s | %s | %s |\n", op.Name, op.Help, code(string(op.Payload)), most, details(op.OK), details(op.Err))
	}
	b.WriteString("\nCommon: " + details(common) + ".\n")
	b.WriteString("\n## Markers\n\n" + markerRules)
	markerTable(&b, markers)
	b.WriteString("\nNames of `RAYOS_HOST_MARKER`:\n\n")
	markerTable(&b, hostMarkers)
	b.WriteString(guestRules + testList)
	return b.String()
}

const intro = `<!-- Made from the tables of shell/control/grammar by: go test ./shell/control/grammar -run TestDocIsFresh -update -->
# The control plane

One table says what a line at the prompt means, what it is called in events, and what can come of it. A command is carried out
by one runner, whoever asked: a person at the prompt, ` + "`rayctl prompt LINE`" + `, or an event of the host. It is acknowledged
only after its effect.
`

const promptRules = `Case doesn't matter. A row fits a whole line or not at all; of several that fit, the one with more words of its own counts.
` + "`a|b`" + ` is either word, ` + "`[a]`" + ` may be left away, ` + "`<slot>`" + ` takes what is said. What fits no row is no command.

- A row with **(which?)** names no machine. It means Linux; while a Windows machine is shown it is ambiguous, and the prompt asks.
- ` + "`<word>`" + ` is one word or a text between double quotes. To type more, name the machine: ` + "`linux type echo hello`" + `.
- ` + "`send <text> to …`" + ` presses keys if the text is one word that names some, and types it otherwise.
- ` + "`<run>`" + ` is the exact name of an application of the session; ` + "`<x> <y>`" + ` are numbers from 0 to 1.
- Of several machines of a kind, the kind means the one that policy names; without that the line is ambiguous.
- A line that begins with ` + "`:`" + ` is for the shell. One that begins with ` + "`@`, `RAYOS_`, `AI_END:` or `AI_LOCAL:`" + ` is refused: so
  the session speaks to itself, and no keyboard can.
- At most ` + "1024" + ` bytes of UTF-8 without control characters; typed text has at most 512.
`

const eventRules = `    RAYOS_HOST_EVENT_V0:<operation>[:<payload>]
    RAYOS_HOST_ACK:<operation>:ok|err:<detail>
    @ack <operation> ok|err <detail>

The tag of an event may stand anywhere in the line, carriage returns at its end are dropped, the payload is printable ASCII.
` + "`RAYOS_HOST_EVENT:`" + ` is read as well and never written. The machine is the main one of its kind.

### The host's channel

Events come by one way: a stream socket that the session inherits from whoever starts it.

    rayos-session --host-fd 3    # descriptor 3 is one end of a socketpair(AF_UNIX, SOCK_STREAM)

It has no name, so nobody can dial it; it is closed in every program that the session starts; and the descriptor of a socket can't
be opened again through ` + "`/proc`" + `. The control socket would not do, as any program of the person may dial it: it takes commands, which
are acknowledged to who has asked, and no events. What a keyboard, a program or a guest says is never an event: the prompt refuses
such lines, and nothing reads them elsewhere.

- Lines have at most 1024 bytes. 16 events may be under way; more are read when one is acknowledged.
- The session answers each event with its ` + "`RAYOS_HOST_ACK`" + `. What others ask for, and what happens by itself, it tells as ` + "`@ack`" + `, with
  underscores for spaces and at most 64 bytes of detail. Markers and ` + "`LINUX_PRESENTATION`" + ` come in between, in the order of the control log.
- A host that doesn't read for 30 seconds is let go. The session and its machines live on.

### One runner

Prompt lines, ` + "`rayctl`" + `, events, the buttons of a machine's window and policy's autoboot go through one runner:

- One action is under way for a machine, others wait in order, at most 16. Machines don't wait for each other.
- A start that only waits for the guest holds up nobody. A hide waits for nobody; hide, shutdown and kill take the place of a show, kill
  that of everything (` + "`superseded`" + `).
- A second show within two seconds is ` + "`debounced`" + `, one while the first is under way ` + "`launch_in_progress`" + `.
- Each command has a deadline: 15 seconds for what the session does at once, 2 minutes for typing and launching, 3 for life and death, 30 for
  builds. Then it is acknowledged as ` + "`timeout`" + `.
- Each is in the control log, with its acknowledgement: ` + "`rayctl events --follow`" + `, ` + "`rayos-session --control-log FILE`" + `. Of what is typed the
  log has the length.

### In the order of truth

An acknowledgement comes after its effect. A machine that is shown from cold tells, in this order:

| line | when |
|---|---|
| ` + "`…_NETWORK`, `@ack LINUX_DESKTOP ok starting`" + ` | QEMU runs |
| ` + "`RAYOS_LINUX_DESKTOP_PRESENTED`, `RAYOS_PRESENTATION:on`, `LINUX_PRESENTATION:PRESENTED`" + ` | its window is on the desktop, and the guest has a picture; QEMU's placeholder is none |
| ` + "`RAYOS_LINUX_DESKTOP_FIRST_FRAME`, `@ack FIRST_FRAME_PRESENTED ok initial_frame`" + ` | pixels of it have been composited |
| ` + "`SHOW_LINUX_DESKTOP:ok:presented`" + ` | as before: that is what show waits for |
| ` + "`RAYOS_LINUX_VM_READY`" + ` | the guest's agent answers; start and resume wait for that |
| ` + "`RAYOS_LINUX_DESKTOP_READY`" + ` | a Wayland client can connect inside |

A machine that answers while nobody sees it tells ` + "`LINUX_DESKTOP_HIDDEN_READY ok hidden`" + `, one that doesn't answer within 150 seconds
` + "`err timeout`" + `; it lives on. While a machine is hidden there is neither PRESENTED nor FIRST_FRAME.

### All operations

` + "`denied:<rule>`" + ` names the rule of policy, which a ` + "`RAYOS_POLICY_VIOLATION`" + ` tells as well.

`

const markerRules = `Lines that tell programs and tests what has happened, on the session's standard output and in ` + "`rayctl events`" + `. They are printable
ASCII; what others have named has underscores for the rest.

`

const guestRules = `
### What guests print

Lines of a guest's console that begin with ` + "`RAYOS_LINUX_`" + ` are told as ` + "`RAYOS_GUEST_LOG:<id>:<line>`" + `: 64 at once, then ten a second, at
most 200 bytes each; lines in which the session's own words stand are left out. They are the guest's word. Nothing is done
for them, with one exception that changes a file only: ` + "`RAYOS_LINUX_SURFACE_…`" + ` is read into ` + "`vm/linux/<id>/surfaces/registry.json`" + `, the
windows of a guest without a compositor, with their last pictures in ` + "`frames/`" + `.
`

const testList = `
## Tests

| what | test |
|---|---|
| show, type, press, click, hide, show with the same process, shutdown, by events | ` + "`go test ./shell/vms -run TestControlEndToEnd`" + ` |
| PRESENTED before FIRST_FRAME, pixels that are not blank, none while hidden | ` + "`go test ./shell/vms -run 'TestControlEndToEnd|TestWhatHappensIsToldInItsOrder'`" + ` |
| hidden at the session's start; the session killed, another finds the machine | ` + "`go test ./shell/vms -run TestLinuxMicro`" + ` |
| 20 shows at once, one machine | ` + "`go test ./shell/vms -run TestTwentyShows`" + ` |
| network marker in its forms | ` + "`go test ./shell/vms -run TestNetworkMarker`" + ` |
| Windows: ` + "`missing_WINDOWS_DISK_env`, `desktop_not_running`" + ` twice | ` + "`go test ./shell/vms -run TestWindowsPreflight`" + ` |
| Windows: typing into the firmware's shell | ` + "`go test ./shell/vms -run TestWindowsTypesIntoTheFirmwareShell`" + ` |
| registries of a guest's windows, and the three pictures' sums | ` + "`go test ./vmm/surfacelog -run TestSurface`" + ` |
| guest text is no event | ` + "`go test ./shell/vms -run TestGuestTextIsNoEvent`, `go test ./internal/rules -run TestOnlyTheHostsChannelGivesEvents`" + ` |
| the channel's limits | ` + "`go test ./shell/control/channel`, fuzz target `FuzzChannel`" + ` |
| policy denies | ` + "`go test ./shell/vms -run TestPolicyDenies`" + ` |
`

func section(b *strings.Builder, title string, in func(*Phrase) bool) {
	fmt.Fprintf(b, "\n### %s\n\n| say | to | operation |\n|---|---|---|\n", title)
	for i := range phrases {
		p := &phrases[i]
		if !in(p) {
			continue
		}
		name, help := "that of its kind", ""
		c := Command{Verb: p.Verb, Kind: p.Kind}
		if op := c.Op(); op != nil {
			name, help = "`"+op.Name+"`", op.Help
		} else {
			c.Kind = Linux
			help = c.Op().Help
		}
		if p.Unnamed {
			help += " **(which?)**"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", code(p.Pattern), help, name)
	}
}

func keySection(b *strings.Builder) {
	b.WriteString("\n### Keys\n\nModifiers and a key between `+` or `-`, as in `ctrl+alt-delete`; at most 64 bytes. A capital letter alone is the letter with shift, and a\ncharacter brings along the shift that it needs on a US keyboard.\n\n| names | evdev |\n|---|---|\n")
	for _, n := range keys.List() {
		held := ""
		if n.Held {
			held = " (held)"
		}
		fmt.Fprintf(b, "| %s%s | %d |\n", quoted(n.Names), held, n.Code)
	}
}

func markerTable(b *strings.Builder, rows []MarkerRow) {
	b.WriteString("| marker | says |\n|---|---|\n")
	for _, m := range rows {
		fmt.Fprintf(b, "| %s | %s |\n", code(m.Name+m.Form), m.Help)
	}
}

// code sets text as code within a table.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

func quoted(names []string) string {
	return "`" + strings.Join(names, "`, `") + "`"
}

func details(list []Detail) string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = "`" + string(d) + "`"
	}
	return strings.Join(out, " ")
}
