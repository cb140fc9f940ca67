package grammar

import "strings"

// Completion is a way that a line can go on.
type Completion struct {
	Line string // the whole line; what was entered stays as it is
	// Needs is what the line lacks to be a command and only the person knows:
	// a slot as in Phrase; "" for a line that is one.
	Needs string
	Verb  Verb
	Kind  Kind
	// Command is what a line that needs nothing means.
	Command Command
}

// maxWays bounds the ways that one form can go on by what its slots take.
const maxWays = 16

// Complete returns how a line that a person is entering can go on, in the order
// of the table, each meaning once. It leaves out kinds of machines of which
// there are none, and lines that mean several things.
func Complete(line string, env Env) []Completion {
	if refusal(line) != "" || strings.HasPrefix(line, ":") {
		return nil
	}
	words := split(line)
	partial := len(words) > 0 && !strings.HasSuffix(line, " ")
	var list []Completion
	for i := range forms {
		f := &forms[i]
		if !env.has(f) {
			continue
		}
		for _, c := range f.complete(line, words, partial, &env) {
			if !c.settle(&env) || told(list, &c) {
				continue
			}
			list = append(list, c)
		}
	}
	return list
}

// has reports whether the form is about something that is there.
func (e *Env) has(f *form) bool {
	if f.phrase.Kind == None {
		return true
	}
	for _, m := range e.Machines {
		if m.Kind == f.phrase.Kind {
			return true
		}
	}
	return false
}

// settle finds out what a whole line means; false for one that means nothing
// or several things.
func (c *Completion) settle(env *Env) bool {
	if c.Needs != "" {
		return true
	}
	r := Parse(c.Line, *env)
	c.Command = r.Command
	c.Verb, c.Kind = r.Command.Verb, r.Command.Kind
	return r.Outcome == Matched
}

// told reports whether the list has what c says.
func told(list []Completion, c *Completion) bool {
	for i := range list {
		o := &list[i]
		if o.Line == c.Line || c.Needs == "" && o.Needs == "" && o.Command == c.Command ||
			c.Needs != "" && o.Needs == c.Needs && o.Verb == c.Verb && o.Kind == c.Kind {
			return true
		}
	}
	return false
}

// complete returns the ways in which the form can go on where the words end,
// the last of which may be only begun.
func (f *form) complete(line string, words []word, partial bool, env *Env) []Completion {
	whole := len(words)
	if partial {
		whole--
	}
	if whole > len(f.parts) || partial && whole == len(f.parts) {
		return nil
	}
	for i := range whole {
		if !f.fits(f.parts[i], line[words[i].from:words[i].to], env) {
			return nil
		}
	}
	ways := []string{line}
	rest := f.parts[whole:]
	if partial {
		ways = ways[:0]
		begun := line[words[whole].from:]
		for _, w := range choices(rest[0], env) {
			if len(w) >= len(begun) && strings.EqualFold(w[:len(begun)], begun) {
				ways = append(ways, line+w[len(begun):])
			}
		}
		rest = rest[1:]
	}
	for i, part := range rest {
		options := choices(part, env)
		if len(options) == 0 {
			if i == 0 && !partial && line != "" {
				return nil // the person is about to fill the slot
			}
			if part == "<args>" {
				break
			}
			return f.completions(ways, part)
		}
		var more []string
		for _, way := range ways {
			for _, w := range options {
				if way != "" && !strings.HasSuffix(way, " ") {
					w = " " + w
				}
				more = append(more, way+w)
			}
		}
		ways = more[:min(len(more), maxWays)]
	}
	return f.completions(ways, "")
}

func (f *form) completions(ways []string, needs string) []Completion {
	var list []Completion
	for _, way := range ways {
		if needs != "" && !strings.HasSuffix(way, " ") {
			way += " "
		}
		list = append(list, Completion{Line: way, Needs: needs, Verb: f.phrase.Verb, Kind: f.phrase.Kind})
	}
	return list
}

// fits reports whether a whole word can stand for a part.
func (f *form) fits(part, text string, env *Env) bool {
	if options := choices(part, env); len(options) > 0 {
		for _, w := range options {
			if strings.EqualFold(w, text) {
				return true
			}
		}
		return false
	}
	switch part {
	case "<text>", "<word>", "<args>":
		return false // the rest of the line is the person's
	}
	m := match{form: f}
	return m.setSlot(part, text, env) == nil
}

// choices are the words that can stand for a part, nil if only the person
// knows.
func choices(part string, env *Env) []string {
	switch part {
	case "<button>":
		return []string{"left", "right", "middle"}
	case "<id>":
		var ids []string
		for _, m := range env.Machines {
			ids = append(ids, m.ID)
		}
		return ids
	}
	if isSlot(part) {
		return nil
	}
	return []string{part}
}
