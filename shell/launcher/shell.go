package launcher

import (
	"context"
	"iter"
	"slices"
	"strings"

	"rayos/rayapps/lang"
)

// CommandInfo is a command of the session's table.
type CommandInfo struct {
	Name  string // one or more words
	Usage string // with its arguments
	Help  string
	// Args says how the words behind the name were understood, an argument
	// each, or what is wrong with them. It may be nil.
	Args func(words []string) ([]string, error)
}

// understood adds to a proposal what its arguments mean, or why they mean
// nothing: then it can't be run.
func (c *CommandInfo) understood(p *Proposal, words []string) {
	if c.Args == nil {
		return
	}
	args, err := c.Args(words)
	if err != nil {
		p.Note, p.Wrong = clean(Sentence(err.Error())), true
		return
	}
	for _, a := range args[:min(len(args), maxChips-1)] {
		p.Chips = append(p.Chips, Chip{Text: clean(a)})
	}
}

// about reports whether each of the words is in what the command is for, in
// English or in the person's language.
func (c *CommandInfo) about(words []string) bool {
	for _, help := range []string{c.Help, lang.T(c.Help)} {
		help = strings.ToLower(help)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(help, strings.ToLower(w)) }) {
			return true
		}
	}
	return false
}

// shell proposes commands of the table behind a colon: those that begin as what
// is typed, or else those that are about it. It answers at once.
type shell struct{ world *World }

// Propose implements Proposer.
func (s shell) Propose(_ context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		text, ok := strings.CutPrefix(line, ":")
		if !ok {
			return
		}
		words := strings.Fields(text)
		typed := strings.Join(words, " ")
		some := false
		for i := range s.world.Commands {
			c := &s.world.Commands[i]
			begun, whole := strings.HasPrefix(c.Name, typed), typed == c.Name || strings.HasPrefix(typed, c.Name+" ")
			if !begun && !whole {
				continue
			}
			some = true
			p := c.offer()
			if whole {
				p.Line, p.Acts = "", []Act{{Run, lang.T("Run"), line, ""}}
				c.understood(&p, words[len(strings.Fields(c.Name)):])
			}
			if !yield(p, nil) {
				return
			}
		}
		for i := range s.world.Commands {
			if c := &s.world.Commands[i]; !some && c.about(words) && !yield(c.offer(), nil) {
				return
			}
		}
	}
}

// offer proposes the command, or to go on with it where it has arguments.
func (c *CommandInfo) offer() Proposal {
	p := Proposal{Key: "shell:" + c.Name, Kind: Command, Title: clean(c.Usage), Note: clean(lang.T(c.Help)), Chips: []Chip{{Text: ":" + c.Name}}}
	if c.Usage != c.Name {
		p.Line, p.Acts = ":"+c.Name+" ", []Act{{Fill, lang.T("Go on"), ":" + c.Name + " ", ""}}
	} else {
		p.Line, p.Acts = ":"+c.Name, []Act{{Run, lang.T("Run"), ":" + c.Name, ""}, {Fill, lang.T("Edit the line"), ":" + c.Name, ""}}
	}
	return p
}
