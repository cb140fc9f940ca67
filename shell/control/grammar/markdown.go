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

Events are read from the host's own channel and nowhere else; what a guest, a program or a keyboard says is never one. The tag may stand
anywhere in the line, carriage returns at its end are dropped, the payload is printable ASCII. ` + "`RAYOS_HOST_EVENT:`" + ` is read as well and
never written. ` + "`@ack`" + ` is what the prompt is told, with underscores for spaces and at most 64 bytes of detail.

The machine is the main one of its kind. One action is under way for a machine, others wait in order; a hide overtakes a show. Asking twice
to show a machine within two seconds is ` + "`debounced`" + `.

`

const markerRules = `Lines that tell programs and tests what has happened, on the session's standard output and in ` + "`rayctl events`" + `. They are printable
ASCII; what others have named has underscores for the rest.

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
