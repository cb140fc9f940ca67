package answers

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/launcher"
)

// answers proposes answers. It implements launcher.Proposer.
type answers struct{ f Facts }

// New returns a proposer that answers at once.
func New(f Facts) launcher.Proposer { return &answers{f} }

// normal is a line as questions are written.
func normal(line string) string {
	if len(line) > 200 {
		return "" // no question of ours
	}
	s := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(line, "’", "'"))), " ")
	return strings.TrimRight(s, " ?!.؟")
}

// find returns the question that a line asks, nil for none.
func find(line string) *question {
	for i := range questions {
		if among(line, &questions[i]) {
			return &questions[i]
		}
	}
	return nil
}

// among reports whether a line asks a question, perhaps behind words that
// questions begin with.
func among(line string, q *question) bool {
	s := normal(line)
	for s != "" {
		if slices.Contains(q.asks, s) || slices.Contains(strings.Split(lang.T(q.said), "|"), s) {
			return true
		}
		rest := s
		for _, b := range begins {
			if r, ok := strings.CutPrefix(s, b); ok {
				rest = r
				break
			}
		}
		if rest == s {
			return false
		}
		s = rest
	}
	return false
}

// Propose implements launcher.Proposer.
func (a *answers) Propose(_ context.Context, line string) iter.Seq2[launcher.Proposal, error] {
	return func(yield func(launcher.Proposal, error) bool) {
		q := find(line)
		if q == nil {
			return
		}
		reply := q.reply
		if reply == nil {
			reply = (*answers).help
		}
		p, ok := reply(a)
		if !ok {
			return
		}
		p.Key = "local:" + q.name
		p.Title, p.Note = launcher.Name(p.Title), launcher.Name(p.Note)
		copied := launcher.Act{Verb: launcher.Copy, Name: lang.T("Copy the answer"), Of: p.Title}
		p.Kind, p.Acts = launcher.Answer, []launcher.Act{copied}
		if p.Text != "" {
			copied.Of = launcher.Plain(p.Text)
			p.Kind, p.Acts = launcher.Reply, []launcher.Act{{Verb: launcher.Read, Name: lang.T("Read")}, copied}
		}
		yield(p, nil)
	}
}

func (a *answers) time() (launcher.Proposal, bool) {
	if a.f.Now == nil {
		return launcher.Proposal{}, false
	}
	now := a.f.Now()
	return launcher.Proposal{Title: lang.F("{time}, {date}", "time", lang.Clock(now), "date", lang.Date(now)), Note: now.UTC().Format("UTC: 2006-01-02 15:04:05")}, true
}

func (a *answers) weekday() (launcher.Proposal, bool) {
	if a.f.Now == nil {
		return launcher.Proposal{}, false
	}
	now := a.f.Now()
	_, week := now.ISOWeek()
	return launcher.Proposal{Title: about(lang.T("Weekday"), lang.Weekday(now.Weekday())), Note: lang.F("{date}, week {week}", "date", lang.Written(now), "week", lang.Number(week))}, true
}

func (a *answers) uptime() (launcher.Proposal, bool) {
	if a.f.Uptime == nil {
		return launcher.Proposal{}, false
	}
	p := launcher.Proposal{Title: about(lang.T("Uptime"), span(a.f.Uptime()))}
	if a.f.Now != nil {
		since := a.f.Now().Add(-a.f.Uptime())
		p.Note = lang.F("since {time}, {date}", "time", lang.Clock(since), "date", lang.ShortDate(since))
	}
	return p, true
}

// span is a duration for people: its two largest units.
func span(d time.Duration) string {
	d = max(d, 0)
	days, hours, minutes, seconds := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60, int(d.Seconds())%60
	switch {
	case days > 0:
		return lang.F("{days} d {hours} h", "days", lang.Number(days), "hours", lang.Number(hours))
	case hours > 0:
		return lang.F("{hours} h {minutes} min", "hours", lang.Number(hours), "minutes", lang.Number(minutes))
	case minutes > 0:
		return lang.F("{minutes} min {seconds} s", "minutes", lang.Number(minutes), "seconds", lang.Number(seconds))
	}
	return lang.F("{seconds} s", "seconds", lang.Number(seconds))
}

// size is bytes for people.
func size(n uint64) string {
	v, unit := float64(n), 0
	units := [...]string{"B", "KiB", "MiB", "GiB", "TiB"}
	for v >= 1024 && unit < len(units)-1 {
		v, unit = v/1024, unit+1
	}
	if unit == 0 || v >= 100 {
		return lang.Decimal(v, 0) + " " + units[unit]
	}
	return lang.Decimal(v, 1) + " " + units[unit]
}

func (a *answers) memory() (launcher.Proposal, bool) {
	if a.f.Memory == nil {
		return launcher.Proposal{}, false
	}
	m, err := a.f.Memory()
	if err != nil {
		return launcher.Proposal{Title: about(lang.T("Memory"), lang.T("not known")), Note: launcher.Sentence(err.Error())}, true
	}
	used := m.Total - min(m.Available, m.Total)
	return launcher.Proposal{
		Title: about(lang.T("Memory"), lang.F("{used} of {total} in use", "used", size(used), "total", size(m.Total))), Note: lang.F("{amount} available", "amount", size(m.Available)),
		Text: lang.F("- **{used}** of the computer's memory is in use,\n- **{available}** is available,\n- `heap_used` of the session: **{heap}**.", "used", size(used), "available", size(m.Available), "heap", size(m.Heap)),
	}, true
}

// about is what is said of something.
func about(what, said string) string { return what + ": " + said }

// either is said, or where there is nothing, none.
func either(n int, none, said string) string {
	if n == 0 {
		return none
	}
	return said
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
			b.WriteString("- " + lang.N("and {n} more", "and {n} more", len(all)-i) + "\n")
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
	p := launcher.Proposal{Title: about(lang.C("list", "Windows"), either(len(all), lang.T("none is open"), lang.N("{n} is open", "{n} are open", len(all))))}
	p.Text = list(all, func(w Window) (string, string) { return w.Title, w.App })
	for _, w := range all[:min(len(all), maxListed)] {
		p.Sources = append(p.Sources, launcher.Source{
			Title: launcher.Name(w.Title), Note: launcher.Name(w.App), Act: launcher.Act{Verb: launcher.Show, Name: lang.T("Go to the window"), Of: w.ID},
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
		return launcher.Proposal{Title: about(lang.T("Machines"), lang.C("machines", "none")), Note: launcher.Sentence(lang.T(err.Error()))}, true
	}
	running := 0
	for _, m := range all {
		if m.Running {
			running++
		}
	}
	p := launcher.Proposal{Title: about(lang.T("Machines"), either(len(all), lang.C("machines", "none"), lang.N("{n} machine", "{n} machines", len(all)))), Text: list(all, func(m Machine) (string, string) { return m.Name, m.State })}
	if running > 0 {
		p.Note = lang.N("{n} is running", "{n} are running", running)
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
		words = append(words, either(len(outputs), lang.T("no screen"), lang.N("{n} screen", "{n} screens", len(outputs))))
		text += list(outputs, func(o Output) (string, string) {
			return o.Name, lang.F("{width} × {height} at {scale}, {rate} Hz",
				"width", lang.Number(int(o.W)), "height", lang.Number(int(o.H)), "scale", lang.Decimal(o.Scale, -1), "rate", lang.Decimal(math.Round(float64(o.HertzM)/10)/100, -1))
		})
	}
	if a.f.Devices != nil {
		devices = a.f.Devices()
		words = append(words, either(len(devices), lang.T("no input device"), lang.N("{n} input device", "{n} input devices", len(devices))))
		text += list(devices, func(d Device) (string, string) { return d.Name, d.Kind })
	}
	return launcher.Proposal{Title: about(lang.T("Devices"), strings.Join(words, lang.C("between parts of a list", ", "))), Text: text}, true
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
	first := strings.Replace(words[0], ": ", " ", 1)
	if lang.Now().Language == "en" {
		first = strings.ToLower(first[:1]) + first[1:]
	}
	return launcher.Proposal{Title: about(lang.T("Status"), first), Note: strings.Join(words[1:min(len(words), 2)], ""), Text: strings.Join(lines, "\n")}, true
}

func (a *answers) version() (launcher.Proposal, bool) {
	if a.f.Version == nil {
		return launcher.Proposal{}, false
	}
	return launcher.Proposal{Title: "RayOS " + a.f.Version()}, true
}

// hello says what there is to say at once.
func (a *answers) hello() (launcher.Proposal, bool) {
	p, ok := a.status()
	if !ok {
		return p, false
	}
	p.Title, p.Note = lang.T("Hello"), p.Title
	return p, true
}

func (a *answers) help() (launcher.Proposal, bool) {
	if a.f.Version == nil {
		return launcher.Proposal{}, false
	}
	var b strings.Builder
	for i := range questions {
		said, _, _ := strings.Cut(lang.T(questions[i].said), "|")
		if p, ok := questions[i].known(a); ok {
			b.WriteString("- " + lang.F("{what}: {said}", "what", "**"+said+"**", "said", escaped(p)) + "\n")
		}
	}
	return launcher.Proposal{Title: about(lang.T("Help"), lang.T("? lists what can be said, : lists commands")), Text: b.String()}, true
}

// known is what the answer to a question is now, but for those that only repeat
// others.
func (q *question) known(a *answers) (string, bool) {
	switch q.name {
	case "hello", "help", "status":
		return "", false
	}
	p, ok := q.reply(a)
	return p.Title, ok
}

func (a *answers) system1() (launcher.Proposal, bool) {
	if a.f.System1 == nil {
		return launcher.Proposal{}, false
	}
	s := a.f.System1()
	state := lang.T("it rests until there is much to compute")
	if s.Running {
		state = lang.F("it computes by {backend}", "backend", s.Backend)
	}
	return launcher.Proposal{
		Title: about(lang.T("System 1"), state),
		Note:  lang.F("{done} tasks done, {waiting} wait", "done", lang.Number(int(s.Done)), "waiting", lang.Number(s.Waiting)),
	}, true
}

func (a *answers) system2() (launcher.Proposal, bool) {
	if a.f.System2 == nil {
		return launcher.Proposal{}, false
	}
	s := a.f.System2()
	state := lang.T("it understands sentences")
	if !s.Ready {
		state = lang.T("it wakes with the first sentence")
	}
	return launcher.Proposal{
		Title: about(lang.T("System 2"), state),
		Note:  lang.F("{lines} lines, {begun} steps begun, {dropped} left", "lines", lang.Number(int(s.Lines)), "begun", lang.Number(int(s.Begun)), "dropped", lang.Number(int(s.Dropped))),
	}, true
}

func (a *answers) volume() (launcher.Proposal, bool) {
	if a.f.Volume == nil {
		return launcher.Proposal{}, false
	}
	v := a.f.Volume()
	p := launcher.Proposal{}
	switch {
	case !v.There:
		p.Title = about(lang.C("memory", "Volume"), lang.T("this session keeps none"))
	case v.Folders == 0:
		p.Title, p.Note = about(lang.C("memory", "Volume"), lang.T("no folder is named")), lang.T("Settings, Privacy, Folders to know")
	default:
		p.Title = about(lang.C("memory", "Volume"), lang.N("{n} folder is known", "{n} folders are known", v.Folders))
		if v.Documents >= 0 {
			p.Note = lang.N("{n} document", "{n} documents", v.Documents)
		}
	}
	return p, true
}
