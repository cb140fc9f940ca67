package answers

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"rayos/shell/launcher"
)

// answers proposes answers. It implements launcher.Proposer.
type answers struct{ f Facts }

// New returns a proposer that answers at once.
func New(f Facts) launcher.Proposer { return &answers{f} }

// question is what is asked in several words, and who answers: ok is false where
// nothing is known.
type question struct {
	name  string
	asks  []string
	reply func(*answers) (p launcher.Proposal, ok bool)
}

var questions = []question{
	{"time", []string{"time", "clock", "time is it", "current time", "date", "today", "today's date", "date is it", "time and date"}, (*answers).time},
	{"weekday", []string{"weekday", "day", "day is it", "day of the week", "day of the week is it", "day is today"}, (*answers).weekday},
	{"uptime", []string{"uptime", "how old are you", "how long have you been running", "how long are you running"}, (*answers).uptime},
	{"memory", []string{"memory", "mem", "ram", "memory usage", "free memory", "how much memory is free", "how much memory is used"}, (*answers).memory},
	{"windows", []string{"windows", "open windows", "windows are open", "which windows are open"}, (*answers).windows},
	{"machines", []string{"machines", "vms", "virtual machines", "machines are running", "which machines are running", "state of the machines"}, (*answers).machines},
	{"devices", []string{"devices", "devices do we have", "devices do i have", "devices are there", "screens", "outputs", "displays are there"}, (*answers).devices},
	{"status", []string{"status", "state", "how are you", "session status"}, (*answers).status},
	{"version", []string{"version", "who are you", "what are you", "rayos"}, (*answers).version},
}

// begins are words that a question may begin with.
var begins = []string{"what's ", "what is ", "what are ", "what ", "show me ", "tell me ", "the ", "our ", "my ", "your "}

// normal is a line as questions are written.
func normal(line string) string {
	if len(line) > 200 {
		return "" // no question of ours
	}
	s := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(line, "’", "'"))), " ")
	return strings.TrimRight(s, " ?!.")
}

// find returns the question that a line asks, nil for none.
func find(line string) *question {
	s := normal(line)
	for s != "" {
		for i := range questions {
			for _, ask := range questions[i].asks {
				if ask == s {
					return &questions[i]
				}
			}
		}
		rest := s
		for _, b := range begins {
			if r, ok := strings.CutPrefix(s, b); ok {
				rest = r
				break
			}
		}
		if rest == s {
			return nil
		}
		s = rest
	}
	return nil
}

// Propose implements launcher.Proposer.
func (a *answers) Propose(_ context.Context, line string) iter.Seq2[launcher.Proposal, error] {
	return func(yield func(launcher.Proposal, error) bool) {
		q := find(line)
		if q == nil {
			return
		}
		p, ok := q.reply(a)
		if !ok {
			return
		}
		p.Key = "local:" + q.name
		p.Title, p.Note = launcher.Name(p.Title), launcher.Name(p.Note)
		copied := launcher.Act{Verb: launcher.Copy, Name: "Copy the answer", Of: p.Title}
		p.Kind, p.Acts = launcher.Answer, []launcher.Act{copied}
		if p.Text != "" {
			copied.Of = launcher.Plain(p.Text)
			p.Kind, p.Acts = launcher.Reply, []launcher.Act{{Verb: launcher.Read, Name: "Read"}, copied}
		}
		yield(p, nil)
	}
}

func (a *answers) time() (launcher.Proposal, bool) {
	if a.f.Now == nil {
		return launcher.Proposal{}, false
	}
	now := a.f.Now()
	return launcher.Proposal{Title: now.Format("15:04, Monday 2 January 2006"), Note: now.UTC().Format("UTC: 2006-01-02 Mon 15:04:05")}, true
}

func (a *answers) weekday() (launcher.Proposal, bool) {
	if a.f.Now == nil {
		return launcher.Proposal{}, false
	}
	now := a.f.Now()
	_, week := now.ISOWeek()
	return launcher.Proposal{Title: "Weekday: " + now.Format("Monday"), Note: fmt.Sprintf("%s, week %d", now.Format("2 January 2006"), week)}, true
}

func (a *answers) uptime() (launcher.Proposal, bool) {
	if a.f.Uptime == nil {
		return launcher.Proposal{}, false
	}
	p := launcher.Proposal{Title: "Uptime: " + span(a.f.Uptime())}
	if a.f.Now != nil {
		p.Note = "since " + a.f.Now().Add(-a.f.Uptime()).Format("15:04, 2 January")
	}
	return p, true
}

// span is a duration for people: its two largest units.
func span(d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes, seconds := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case days > 0:
		return fmt.Sprintf("%d d %d h", days, hours)
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%d min %d s", minutes, seconds)
	}
	return fmt.Sprintf("%d s", seconds)
}

// size is bytes for people.
func size(n uint64) string {
	v, unit := float64(n), 0
	units := [...]string{"B", "KiB", "MiB", "GiB", "TiB"}
	for v >= 1024 && unit < len(units)-1 {
		v, unit = v/1024, unit+1
	}
	if unit == 0 || v >= 100 {
		return fmt.Sprintf("%.0f %s", v, units[unit])
	}
	return fmt.Sprintf("%.1f %s", v, units[unit])
}

func (a *answers) memory() (launcher.Proposal, bool) {
	if a.f.Memory == nil {
		return launcher.Proposal{}, false
	}
	m, err := a.f.Memory()
	if err != nil {
		return launcher.Proposal{Title: "Memory: not known", Note: launcher.Sentence(err.Error())}, true
	}
	used := m.Total - min(m.Available, m.Total)
	return launcher.Proposal{
		Title: fmt.Sprintf("Memory: %s of %s in use", size(used), size(m.Total)), Note: size(m.Available) + " available",
		Text: fmt.Sprintf("- **%s** of the computer's memory is in use,\n- **%s** is available,\n- `heap_used` of the session: **%s**.", size(used), size(m.Available), size(m.Heap)),
	}, true
}

// count is a number of things; none is said as one says it of none.
func count(n int, none, one, more string) string {
	switch n {
	case 0:
		return none
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// escaped is a name that somebody else gave, without meaning as prose.
func escaped(s string) string {
	return strings.NewReplacer("*", "∗", "`", "'", "[", "(", "]", ")").Replace(launcher.Name(s))
}

// maxListed bounds what an answer lists.
const maxListed = 40

// list is names with what is said of them, as prose.
func list[T any](all []T, line func(T) (name, note string)) string {
	var b strings.Builder
	for i, v := range all {
		if i == maxListed {
			fmt.Fprintf(&b, "- and %d more\n", len(all)-i)
			break
		}
		name, note := line(v)
		fmt.Fprintf(&b, "- **%s**", escaped(name))
		if note = escaped(note); note != "" {
			b.WriteString(", " + note)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (a *answers) windows() (launcher.Proposal, bool) {
	if a.f.Windows == nil {
		return launcher.Proposal{}, false
	}
	all := a.f.Windows()
	p := launcher.Proposal{Title: "Windows: " + count(len(all), "none is open", "is open", "are open")}
	p.Text = list(all, func(w Window) (string, string) { return w.Title, w.App })
	for _, w := range all[:min(len(all), maxListed)] {
		p.Sources = append(p.Sources, launcher.Source{
			Title: launcher.Name(w.Title), Note: launcher.Name(w.App), Act: launcher.Act{Verb: launcher.Show, Name: "Go to the window", Of: w.ID},
		})
	}
	return p, true
}

func (a *answers) machines() (launcher.Proposal, bool) {
	if a.f.Machines == nil {
		return launcher.Proposal{}, false
	}
	all, err := a.f.Machines()
	if err != nil {
		return launcher.Proposal{Title: "Machines: none", Note: launcher.Sentence(err.Error())}, true
	}
	states := map[string]int{}
	for _, m := range all {
		state, _, _ := strings.Cut(m.State, ",")
		states[state]++
	}
	p := launcher.Proposal{Title: "Machines: " + count(len(all), "none", "machine", "machines"), Text: list(all, func(m Machine) (string, string) { return m.Name, m.State })}
	if n := states["running"]; n > 0 {
		p.Note = count(n, "none is running", "is running", "are running")
	}
	return p, true
}

func (a *answers) devices() (launcher.Proposal, bool) {
	if a.f.Outputs == nil && a.f.Devices == nil {
		return launcher.Proposal{}, false
	}
	var outputs []Output
	var devices []Device
	var words []string
	text := ""
	if a.f.Outputs != nil {
		outputs = a.f.Outputs()
		words = append(words, count(len(outputs), "no screen", "screen", "screens"))
		text += list(outputs, func(o Output) (string, string) {
			return o.Name, fmt.Sprintf("%d × %d at %g, %.4g Hz", o.W, o.H, o.Scale, float64(o.HertzM)/1000)
		})
	}
	if a.f.Devices != nil {
		devices = a.f.Devices()
		words = append(words, count(len(devices), "no input device", "input device", "input devices"))
		text += list(devices, func(d Device) (string, string) { return d.Name, d.Kind })
	}
	return launcher.Proposal{Title: "Devices: " + strings.Join(words, ", "), Text: text}, true
}

// status gathers what the others say.
func (a *answers) status() (launcher.Proposal, bool) {
	var words, lines []string
	for _, of := range []func() (launcher.Proposal, bool){a.uptime, a.windows, a.machines, a.memory, a.devices} {
		if p, ok := of(); ok {
			name, value, _ := strings.Cut(p.Title, ": ")
			lines = append(lines, "- "+name+": **"+escaped(value)+"**")
			words = append(words, p.Title)
		}
	}
	if len(lines) == 0 {
		return launcher.Proposal{}, false
	}
	return launcher.Proposal{Title: "Status: " + strings.ToLower(words[0][:1]) + strings.Replace(words[0][1:], ": ", " ", 1), Note: strings.Join(words[1:min(len(words), 2)], ""), Text: strings.Join(lines, "\n")}, true
}

func (a *answers) version() (launcher.Proposal, bool) {
	if a.f.Version == nil {
		return launcher.Proposal{}, false
	}
	return launcher.Proposal{Title: "RayOS " + a.f.Version()}, true
}
