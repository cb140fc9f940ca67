package prompt

import (
	"fmt"
	"strings"
	"time"

	"rayos/geom"
	"rayos/shell/control/grammar"
	"rayos/shell/theme"
)

// Heights of the parts, logical.
const (
	inputH   = 56
	chipsH   = 36
	chipH    = 24
	askedH   = 28
	whyH     = 20 // more, for one that failed
	footH    = theme.Space2
	ruleH    = theme.Space2 // a line between groups
	edge     = 20           // from the sides
	textLeft = 48
)

// View is what the panel shows: bands from top to bottom. It is a value.
type View struct {
	Size  geom.Size // logical
	bands []band
}

// band is a part of the panel over all of its width. What of it is equal looks
// equal.
type band struct {
	y0, y1 int32
	what   any // comparable: input, meaning, rule, choice, Asked
}

// input is the line.
type input struct {
	text, ghost     string
	caret, from, to int // byte offsets
}

// meaning is what was understood.
type meaning struct {
	chips [maxChips]Chip
	guess bool   // they are of a line that isn't entered yet
	hint  string // what a key does
	wrong string // what is wrong, instead of chips
	bad   bool   // and the person has tried
}

const maxChips = 4

// Chip is a part of what was understood.
type Chip struct {
	Text  string
	Trust theme.Trust
	VM    bool // it names a machine
}

// choice is an offer.
type choice struct {
	Offer
	n      int
	picked bool
}

// rule is a line between groups.
type rule struct{}

// asked is a line that was run.
type asked struct {
	Asked
	newest bool
}

// View returns what the panel shows in at most so many logical pixels. What
// has no room is left away from the bottom.
func (m *Model) View(room geom.Size) View {
	v := View{Size: geom.Size{W: room.W}}
	fits := func(h int32) bool { return v.Size.H+h+footH <= room.H }
	add := func(h int32, what any) {
		v.bands = append(v.bands, band{v.Size.H, v.Size.H + h, what})
		v.Size.H += h
	}
	add(inputH, m.input())
	if strings.TrimSpace(m.line.Text()) != "" && fits(chipsH) {
		add(chipsH, m.meaning())
	}
	if offers := m.offers; len(offers) > 0 && fits(ruleH+theme.PromptRow) {
		add(ruleH, rule{})
		for i := range offers {
			if fits(theme.PromptRow) {
				picked := i == m.pick || i == 0 && m.pick < 0 && m.means.Outcome == grammar.Matched
				add(theme.PromptRow, choice{offers[i], i, picked})
			}
		}
	}
	for i := range m.asked {
		q := asked{m.asked[len(m.asked)-1-i], i == 0}
		h := int32(askedH)
		if q.Why != "" {
			h += whyH
		}
		if i == 0 {
			if !fits(ruleH + h) {
				break
			}
			add(ruleH, rule{})
		}
		if !fits(h) {
			break
		}
		add(h, q)
	}
	if n := len(v.bands); n > 1 {
		v.bands[n-1].y1 += footH
		v.Size.H += footH
	}
	return v
}

func (m *Model) input() input {
	in := input{text: m.line.Text(), caret: m.line.Caret()}
	in.from, in.to = m.line.Selection()
	if in.caret == len(in.text) && in.text != "" {
		in.ghost = m.ghost()
		if len(m.offers) > 0 && m.offers[0].Needs != "" && m.means.Outcome != grammar.Ambiguous {
			in.ghost += needs[m.offers[0].Needs]
		}
	}
	return in
}

func (m *Model) meaning() meaning {
	r := &m.means
	switch r.Outcome {
	case grammar.Matched:
		return meaning{chips: m.chips(&r.Command), hint: "↵ run"}
	case grammar.Ambiguous:
		return meaning{wrong: wrong(r), hint: "⇥ choose", bad: m.tried}
	case grammar.Refused:
		return meaning{wrong: wrong(r), bad: true}
	case grammar.NoMatch:
		if !m.tried && len(m.offers) > 0 {
			return meaning{chips: m.chips(&m.offers[0].command), guess: true, hint: "⇥ complete"}
		}
		if !m.tried && r.Why == "" {
			return meaning{wrong: "Not a command yet."}
		}
	}
	return meaning{wrong: wrong(r), bad: m.tried}
}

// chips are the parts of a command.
func (m *Model) chips(c *grammar.Command) (list [maxChips]Chip) {
	n := 0
	add := func(chip Chip) {
		if chip.Text != "" && n < maxChips {
			list[n] = chip
			n++
		}
	}
	add(Chip{Text: string(c.Verb)})
	if c.Kind != grammar.None {
		who := Chip{Text: kindName(c.Kind) + " desktop", VM: true, Trust: theme.Linux}
		if c.Kind == grammar.Windows {
			who.Trust = theme.Windows
		}
		if v, ok := m.world.Machines[c.VM]; ok {
			who.Text, who.Trust = v.Name, v.Trust
		}
		add(who)
	}
	switch c.Verb {
	case grammar.Press:
		add(Chip{Text: c.Keys.String()})
	case grammar.Pointer:
		add(Chip{Text: strings.TrimPrefix(c.Line(), c.VM+" mouse ")})
	}
	add(Chip{Text: c.App})
	add(Chip{Text: c.Button})
	if c.Text != "" {
		add(Chip{Text: "“" + c.Text + "”"})
	}
	return list
}

// Offer returns which offer lies at a logical height of the panel, -1 for none.
func (v *View) Offer(y float64) int {
	for _, b := range v.bands {
		if c, ok := b.what.(choice); ok && y >= float64(b.y0) && y < float64(b.y1) {
			return c.n
		}
	}
	return -1
}

// InLine reports whether a logical height of the panel is in the line.
func (v *View) InLine(y float64) bool { return y >= 0 && y < inputH }

// took writes how long something lasted.
func took(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
}
