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
