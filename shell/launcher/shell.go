package launcher

import (
	"context"
	"iter"
	"strings"
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

// shell proposes commands of the table behind a colon. It answers at once.
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
		for _, c := range s.world.Commands {
			begun, whole := strings.HasPrefix(c.Name, typed), typed == c.Name || strings.HasPrefix(typed, c.Name+" ")
			if !begun && !whole {
				continue
			}
			p := Proposal{Key: "shell:" + c.Name, Kind: Command, Title: clean(c.Usage), Note: clean(c.Help), Chips: []Chip{{Text: ":" + c.Name}}}
			switch {
			case whole:
				p.Acts = []Act{{Run, "Run", line, ""}}
				c.understood(&p, words[len(strings.Fields(c.Name)):])
			case c.Usage != c.Name:
				p.Line, p.Acts = ":"+c.Name+" ", []Act{{Fill, "Go on", ":" + c.Name + " ", ""}}
			default:
				p.Line, p.Acts = ":"+c.Name, []Act{{Run, "Run", ":" + c.Name, ""}, {Fill, "Edit the line", ":" + c.Name, ""}}
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}
