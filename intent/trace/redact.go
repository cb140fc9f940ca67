package trace

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"rayos/intent/plan"
	"rayos/intent/slots"
)

// Redactor says what of a line may be kept.
type Redactor struct {
	// All keeps the line and the titles of windows as they are.
	All bool
	// Keep are words that may stay, in lower case.
	Keep map[string]bool
}

// Tell is what is kept of a line that a model of this hash took for a plan, in a
// scene. Nothing of the arguments is changed.
func Tell(line string, p *plan.Plan, s *plan.Scene, m plan.Model, hash string, r Redactor) *Said {
	said := &Said{
		Intent: strings.Join(p.Intents, ","), Confidence: min(max(p.P, 0), 1), Asks: p.Loses(), Refused: p.Refused, Model: hash,
		Plan: slices.Clone(p.Steps), Redacted: !r.All,
	}
	titles := map[string]string{}
	if r.All {
		said.Line = line
		for _, w := range s.Windows {
			titles[w.ID] = w.Title
		}
	} else {
		said.Line = r.line(line, p, s, titles)
		for i := range said.Plan {
			said.Plan[i] = bare(said.Plan[i])
		}
	}
	said.Scene = keep(line, s, titles)
	if said.Scene == nil {
		return said
	}
	again, _ := plan.Make(said.Line, m, said.Scene.scene())
	said.Whole = said.same(&again)
	return said
}

// bare is a step without the person's words.
func bare(s plan.Step) plan.Step {
	s.Text = ""
	if s.Deed == plan.View {
		s.Word = "" // a host
	}
	return s
}

// same reports whether a plan is the one that is told.
func (s *Said) same(p *plan.Plan) bool {
	if p.Refused != s.Refused || len(p.Steps) != len(s.Plan) {
		return false
	}
	for i, step := range p.Steps {
		if s.Redacted {
			step = bare(step)
		}
		if step != s.Plan[i] {
			return false
		}
	}
	return true
}

// marks stand for what is left out, and are of its kind.
var marks = map[slots.Kind]string{slots.Quoted: `"x"`, slots.Path: "/x", slots.Host: "x:1", slots.File: "x.txt"}

// line is a line without what isn't to be kept. titles gets the marks of the
// windows that it names.
func (r Redactor) line(line string, p *plan.Plan, s *plan.Scene, titles map[string]string) string {
	type span struct {
		from, to int
		mark     string // as it is, if ""
	}
	var spans []span
	free := func(from, to int) bool {
		return !slices.ContainsFunc(spans, func(t span) bool { return from < t.to && t.from < to })
	}
	found, err := plan.Slots(line, s, p.Tainted())
	if err != nil {
		return ""
	}
	for i := range found {
		f := &found[i]
		switch mark := marks[f.Kind]; {
		case f.Kind == slots.Window:
			titles[f.Name] = "x" + strconv.Itoa(len(titles)+1)
			spans = append(spans, span{f.Start, f.End, titles[f.Name]})
		case mark != "":
			spans = append(spans, span{f.Start, f.End, mark})
		}
	}
	for i := range p.Steps {
		text := p.Steps[i].Text
		if at := strings.Index(line, text); text != "" && at >= 0 && free(at, at+len(text)) {
			spans = append(spans, span{at, at + len(text), "x"})
		}
	}
	for i := range found {
		if f := &found[i]; free(f.Start, f.End) {
			spans = append(spans, span{f.Start, f.End, ""})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, t := range spans {
		if t.from < at {
			continue
		}
		r.words(&b, line[at:t.from])
		if t.mark == "" {
			b.WriteString(line[t.from:t.to])
		} else {
			b.WriteString(t.mark)
		}
		at = t.to
	}
	r.words(&b, line[at:])
	return b.String()
}

// words writes a part of a line, with a mark for each word that isn't to be
// kept.
func (r Redactor) words(b *strings.Builder, part string) {
	for part != "" {
		n := strings.IndexFunc(part, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
		if n < 0 {
			n = len(part)
		}
		b.WriteString(part[:n])
		part = part[n:]
		end := strings.IndexFunc(part, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '\'' })
		if end < 0 {
			end = len(part)
		}
		switch word := part[:end]; {
		case word == "":
		case r.Keep[strings.ToLower(word)]:
			b.WriteString(word)
		default:
			b.WriteByte('x')
		}
		part = part[end:]
	}
}

// keep is what a plan needs of a scene, with these titles of windows; nil if that
// is too much.
func keep(line string, s *plan.Scene, titles map[string]string) *Scene {
	if len(s.Windows) > maxWindows || len(s.Machines) > maxMachines {
		return nil
	}
	k := &Scene{Machines: s.Machines, Workspaces: len(s.Workspaces), Workspace: s.Workspace, Apps: map[string]string{}}
	for _, w := range s.Windows {
		k.Windows = append(k.Windows, Window{ID: w.ID, App: w.App, Machine: w.Machine, Workspace: w.Workspace, Title: titles[w.ID]})
	}
	// An application that the line names with windows' titles or without.
	for _, titled := range []bool{false, true} {
		found, err := plan.Slots(line, s, titled)
		if err != nil {
			return nil
		}
		for i := range found {
			if f := &found[i]; f.Kind == slots.App {
				k.Apps[strings.ToLower(f.Text)] = f.Name
			}
		}
	}
	return k
}

// scene is what plan understands.
func (k *Scene) scene() *plan.Scene {
	s := &plan.Scene{Machines: k.Machines, Workspaces: make([]string, max(k.Workspaces, 0)), Workspace: k.Workspace}
	for _, w := range k.Windows {
		s.Windows = append(s.Windows, plan.Window{ID: w.ID, App: w.App, Machine: w.Machine, Workspace: w.Workspace, Title: w.Title})
	}
	var apps []plan.Thing
	for name, id := range k.Apps {
		apps = append(apps, plan.Thing{ID: id, Names: []string{name}})
	}
	s.Apps = plan.Names(apps)
	return s
}
