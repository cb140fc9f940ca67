package plan

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"rayos/intent/classify"
	"rayos/intent/slots"
)

// Thing is something that lines can be about: what it is known by, and what people
// call it.
type Thing struct {
	ID    string
	Names []string
}

// Window is an open window.
type Window struct {
	ID        string
	Title     string // untrusted
	App       string // the ID of its application, "" for none that is known
	Machine   string // the ID of the machine that it shows, "" for none
	Workspace int    // from 1
}

// Names returns the names of things, to be looked up. Of two that are alike the
// first thing has the name.
func Names(list []Thing) slots.Names {
	to := slots.Names{}
	for _, t := range list {
		for _, n := range t.Names {
			name(to, n, t.ID)
		}
	}
	return to
}

// Scene is what there is. Nothing of it is changed.
type Scene struct {
	// Windows are those that are open, the one that was used last first.
	Windows    []Window
	Apps       slots.Names // made by Names: there may be thousands
	Machines   []Thing
	Workspaces []string // their names
	Workspace  int      // that is shown, from 1
}

// Model tells what intents a line has, the likeliest first. *classify.Model is
// one.
type Model interface {
	Classify(line string) []classify.Score
	Accepts(ranked []classify.Score) bool
}

// Step is a deed with its arguments; those that it doesn't have are zero.
type Step struct {
	Deed      Deed   `json:"deed"`
	Window    string `json:"window,omitempty"`    // ID
	Machine   string `json:"machine,omitempty"`   // ID
	App       string `json:"app,omitempty"`       // ID
	Workspace int    `json:"workspace,omitempty"` // from 1
	Number    int    `json:"number,omitempty"`    // per cent
	Word      string `json:"word,omitempty"`      // a side, a page, a host
	Text      string `json:"text,omitempty"`      // to be typed or looked for
	// Tainted says that somebody else's words have chosen an argument: the title of
	// a window that the line names.
	Tainted bool `json:"tainted,omitempty"`
}

// asks reports whether the person agrees first: to a loss, and to any effect
// that somebody else has chosen the object of.
func (s *Step) asks() bool {
	e := deeds[s.Deed].effect
	return e == loses || s.Tainted && e == changes
}

// Plan is what a line means.
type Plan struct {
	Steps []Step
	// Intents are what the parts of the line were taken for, as the model calls it.
	Intents []string
	// P is how probable the least likely part of the line is.
	P float32
	// Refused says that the line means something that is never done from a line.
	Refused bool
}

// Loses reports whether something may be lost for good, much is done at once, or
// somebody else's words have chosen what is changed: the person is asked before
// that.
func (p *Plan) Loses() bool {
	closes := 0
	for i := range p.Steps {
		if p.Steps[i].asks() {
			return true
		}
		if p.Steps[i].Deed == Close {
			closes++
		}
	}
	return closes > 1
}

// Tainted reports whether somebody else's words have chosen an argument.
func (p *Plan) Tainted() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Tainted })
}

// MaxSteps bounds a plan.
const MaxSteps = 64

// maxParts is how many things a line can ask for, one after the other.
const maxParts = 4

// Make returns what a line means, and false where it means nothing that can be
// done, or not surely enough.
func Make(line string, m Model, s *Scene) (Plan, bool) {
	if len(line) > slots.MaxLine {
		return Plan{}, false
	}
	k := s.known()
	whole, ok := single(line, m, s, k)
	parts := split(line)
	if len(parts) < 2 || len(parts) > maxParts {
		return whole, ok
	}
	// Several wishes, if each of them is one.
	all := Plan{P: 1}
	for _, part := range parts {
		p, is := single(part, m, s, k)
		if !is || p.Refused {
			return whole, ok
		}
		all.Steps, all.P = append(all.Steps, p.Steps...), min(all.P, p.P)
		all.Intents = append(all.Intents, p.Intents...)
	}
	if len(all.Steps) > MaxSteps {
		return Plan{}, false
	}
	all.agree()
	return all, true
}

// agree settles what one part of a line says by what another does: beside "hide
// the linux one", "show me windows" is about a machine.
func (p *Plan) agree() {
	if !slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Deed != ListWindows && s.Machine != "" }) {
		return
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Deed == ListWindows && s.Machine != "" {
			s.Deed = ShowMachine
		}
	}
}

// split takes a line apart where it goes on with another wish. What is quoted
// stays whole.
func split(line string) []string {
	var parts []string
	from, quote := 0, rune(0)
	cut := func(at, skip int) {
		if p := strings.TrimSpace(line[from:at]); p != "" {
			parts = append(parts, p)
		}
		from = at + skip
	}
	for i, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '“':
			if quote = r; r == '“' {
				quote = '”'
			}
		case r == ';':
			cut(i, 1)
		default:
			for _, word := range [...]string{" and then ", " then ", " and "} {
				if i >= from && strings.HasPrefix(strings.ToLower(line[i:min(len(line), i+len(word))]), word) {
					cut(i, len(word))
					break
				}
			}
		}
	}
	cut(len(line), 0)
	return parts
}

// single is Make of one wish. Titles are looked at only if the line means nothing
// without them: no title can change what it means.
func single(line string, m Model, s *Scene, k slots.Known) (Plan, bool) {
	ranked := m.Classify(line)
	if len(ranked) == 0 || !m.Accepts(ranked) {
		return Plan{}, false
	}
	ranked = ranked[:min(len(ranked), 3)]
	if p, ok := meant(line, ranked, s, slots.Known{Machines: k.Machines, Apps: k.Apps}, false); ok {
		return p, true
	}
	return meant(line, ranked, s, k, true)
}

// meant is the likeliest intent that makes sense here: of a line about a machine
// that there isn't, the next one may.
func meant(line string, ranked []classify.Score, s *Scene, k slots.Known, titles bool) (Plan, bool) {
	found, err := slots.Extract(line, k)
	if err != nil {
		return Plan{}, false
	}
	b := builder{line: line, slots: found, scene: s, titles: titles}
	for _, r := range ranked {
		if r.P < ranked[0].P/4 {
			break
		}
		make, known := intents[r.Intent]
		if !known || titles && !strings.HasPrefix(r.Intent, "window.") {
			continue
		}
		if make == nil {
			return Plan{Intents: []string{r.Intent}, P: r.P, Refused: true}, true
		}
		if steps := make(&b); len(steps) > 0 && len(steps) <= MaxSteps {
			return Plan{Steps: steps, Intents: []string{r.Intent}, P: b.likely(r.P, steps)}, true
		}
	}
	return Plan{}, false
}

// Slots returns what a line names, with the titles of windows or without.
func Slots(line string, s *Scene, titles bool) ([]slots.Slot, error) {
	k := s.known()
	if !titles {
		k.Windows = nil
	}
	return slots.Extract(line, k)
}

// chanceNames is in how many lines of chat that the model lets through an
// application or a machine is named by chance, at most. Of 730 lines of chat that
// the model is made and judged with 118 are let through, and none of them names
// one of a desktop of four applications and two machines.
const chanceNames = 0.1

// likely is how probable a meaning of probability p is when the line also names,
// by a name that nobody else can take, what it is about: Bayes' rule, with lines
// that mean it naming it always.
func (b *builder) likely(p float32, steps []Step) float32 {
	for _, kind := range [...]slots.Kind{slots.App, slots.Machine} {
		s := b.first(kind)
		if s == nil {
			continue
		}
		for i := range steps {
			if step := &steps[i]; step.App == s.Name || step.Machine == s.Name || step.Window != "" && b.scene.app(step.Window) == s.Name {
				return p / (p + (1-p)*chanceNames)
			}
		}
	}
	return p
}

// known are the names of the scene. Those of machines and applications can't be
// taken by titles.
func (s *Scene) known() slots.Known {
	machines, windows := slots.Names{}, slots.Names{}
	for _, t := range s.Machines {
		for _, n := range t.Names {
			name(machines, n, t.ID)
			for _, more := range [...]string{" desktop", " machine", " vm", " one", " guest"} {
				name(machines, n+more, t.ID)
			}
		}
	}
	for i := len(s.Windows) - 1; i >= 0; i-- { // the newest has the name
		n := plain(s.Windows[i].Title)
		if _, taken := machines[n]; taken || n == "" {
			continue
		}
		if _, taken := s.Apps[n]; taken {
			continue
		}
		windows[n] = s.Windows[i].ID
	}
	return slots.Known{Windows: windows, Machines: machines, Apps: s.Apps}
}

func name(to slots.Names, name, id string) {
	if n := plain(name); n != "" {
		if _, taken := to[n]; !taken {
			to[n] = id
		}
	}
}

// plain is a name as lines have it: words in lower case.
func plain(s string) string {
	if len(s) > slots.MaxLine {
		return ""
	}
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	if len(words) > slots.MaxNameWords {
		return ""
	}
	return strings.Join(words, " ")
}

// builder makes steps of what a line names.
type builder struct {
	line  string
	slots []slots.Slot
	scene *Scene
	// titles is whether windows' titles were looked at.
	titles bool
}

// first returns the first slot of a kind.
func (b *builder) first(k slots.Kind) *slots.Slot {
	for i := range b.slots {
		if b.slots[i].Kind == k {
			return &b.slots[i]
		}
	}
	return nil
}

// window is the one that the line means: by its title, by its application, by its
// machine, else the one that was used last, if the line points or names none.
func (b *builder) window() string {
	if s := b.first(slots.Window); s != nil {
		return s.Name
	}
	by := func(fits func(*Window) bool) string {
		if i := slices.IndexFunc(b.scene.Windows, func(w Window) bool { return fits(&w) }); i >= 0 {
			return b.scene.Windows[i].ID
		}
		return ""
	}
	if s := b.first(slots.App); s != nil {
		return by(func(w *Window) bool { return w.App == s.Name })
	}
	if s := b.first(slots.Machine); s != nil {
		return by(func(w *Window) bool { return w.Machine == s.Name })
	}
	if len(b.scene.Windows) == 0 {
		return ""
	}
	if b.first(slots.Deictic) != nil || b.titles && strings.Contains(strings.ToLower(b.line), "window") {
		return b.scene.Windows[0].ID
	}
	return ""
}

// titled reports whether a title has chosen the window.
func (b *builder) titled() bool { return b.titles && b.first(slots.Window) != nil }

// machine is the one that the line names, or the only one.
func (b *builder) machine() string {
	if s := b.first(slots.Machine); s != nil {
		return s.Name
	}
	if len(b.scene.Machines) == 1 {
		return b.scene.Machines[0].ID
	}
	return ""
}

// workspace is a number from 1, 0 for none; new ones aren't made.
func (b *builder) workspace() int {
	s := b.first(slots.Workspace)
	if s == nil {
		return 0
	}
	n, here, count := int(s.Number), b.scene.Workspace, len(b.scene.Workspaces)
	switch s.Name {
	case "next":
		n = here + 1
	case "previous":
		n = here - 1
	case "this":
		n = here
	case "last":
		n = count
	case "other":
		if count != 2 {
			return 0
		}
		n = 3 - here
	}
	if n < 1 || n > count {
		return 0
	}
	return n
}

// percent is a number of per cent, -1 for none.
func (b *builder) percent() int {
	for _, k := range [...]slots.Kind{slots.Percent, slots.Number} {
		if s := b.first(k); s != nil && s.Number >= 0 && s.Number <= 100 {
			return int(s.Number)
		}
	}
	return -1
}

// quoted is what the line says between quotes, else what stands between two
// words of it.
func (b *builder) text(after ...string) string {
	if s := b.first(slots.Quoted); s != nil {
		return s.Text
	}
	rest := b.line
	low := strings.ToLower(b.line)
	for _, w := range after {
		if i := strings.Index(low, w+" "); i >= 0 {
			rest = b.line[i+len(w)+1:]
			break
		}
	}
	if len(rest) == len(b.line) {
		return ""
	}
	for _, w := range [...]string{" into ", " in ", " on ", " to "} {
		if i := strings.LastIndex(strings.ToLower(rest), w); i > 0 {
			rest = rest[:i]
			break
		}
	}
	return strings.TrimSpace(rest)
}

// on are the windows of a workspace, 0 for all.
func (b *builder) on(workspace int) []string {
	var ids []string
	for _, w := range b.scene.Windows {
		if (workspace == 0 || w.Workspace == workspace) && w.Machine == "" {
			ids = append(ids, w.ID)
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return ids
}
