package launcher

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// Heights of the foot with a failure: the line, and why, on one line or two.
const (
	failH     = 56
	longFailH = failH + 16
	longWhy   = 72 // characters
)

// footHeight is how high the foot is.
func (p *Panel) footHeight() int32 {
	q := &p.Model.asked
	switch {
	case q.ID == 0 || q.Progress != Failed:
		return footH
	case utf8.RuneCountInString(q.why()) > longWhy:
		return longFailH
	}
	return failH
}

// why is the reason of a failure as it is shown: the detail stands beside the
// line already.
func (q *Asked) why() string {
	why := strings.TrimPrefix(q.Why, q.Detail+": ")
	if why == "" {
		return ""
	}
	return clean(Sentence(why))
}

// foot has what came of the last line, and the keys that do more.
func (p *Panel) foot() ui.Node {
	th := p.theme()
	keys := lang.T("Ctrl+K actions")
	switch m := p.Model; {
	case m.card != nil:
		keys = ""
	case m.acting:
		keys = lang.T("Esc back")
	case m.growing():
		keys = lang.T("Esc stop")
	case m.reply() != nil:
		keys = lang.T("Ctrl+C copy   Esc back")
	case m.asked.ID != 0 && m.asked.Progress == Starting && m.line == "" && p.Abort != nil:
		keys = lang.T("Esc cancel")
	case m.asked.Progress == Failed:
		keys = lang.T("Ctrl+L see log")
	case m.undo != "" && m.line == "":
		keys = lang.T("Ctrl+Z undo")
	}
	return ui.Sized{H: p.footHeight(), Child: ui.Padding{Insets: ui.Sides(edge, 0), Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Aligned{Y: ui.Centre, Child: p.answer()}},
		ui.Label{Text: keys, Size: theme.Caption, Color: th.Text3, Lines: 1},
	}}}}
}

func (p *Panel) answer() ui.Node {
	th, q := p.theme(), &p.Model.asked
	if q.ID == 0 {
		return ui.Label{Text: lang.T("? help"), Size: theme.Caption, Color: th.Text3}
	}
	ink, words := th.Text2, q.Line
	if q.Doing != "" {
		words = q.Line + ": " + q.Doing
	}
	switch q.Progress {
	case OK:
		ink = th.Good
		if q.Op == "" {
			words = fmt.Sprintf("%s %d ms", q.Line, q.Took.Round(time.Millisecond).Milliseconds())
			break
		}
		words = fmt.Sprintf("%s %s %d ms", q.Op, q.Detail, q.Took.Round(time.Millisecond).Milliseconds())
	case Failed:
		return p.failure()
	}
	return ui.Labelled{Name: q.Progress.String() + " " + words, Role: ui.RoleAlert, Child: ui.Row{Gap: theme.Space2, Children: ui.Nodes{
		ui.Label{Text: q.Progress.String(), Mono: true, Size: theme.Caption, Color: ink},
		ui.Expand{Child: ui.Label{Text: words, Mono: true, Size: theme.Caption, Color: th.Text2, Lines: 1}},
	}}}
}

// failure is the line that has failed, and below it why.
func (p *Panel) failure() ui.Node {
	th, q := p.theme(), &p.Model.asked
	line, why := q.Line, q.why()
	if q.Detail != "" {
		line += "   " + q.Detail
	}
	said := q.Progress.String() + " " + line
	if why != "" {
		said += ": " + why
	}
	return ui.Labelled{Name: said, Role: ui.RoleAlert, Child: ui.Column{Align: ui.Stretch, Gap: theme.Space1, Children: ui.Nodes{
		ui.Row{Gap: theme.Space2, Children: ui.Nodes{
			ui.Label{Text: q.Progress.String(), Mono: true, Size: theme.Caption, Color: th.Bad},
			ui.Expand{Child: ui.Label{Text: line, Mono: true, Size: theme.Caption, Color: th.Text2, Lines: 1}},
		}},
		ui.Label{Text: why, Size: theme.Caption, Color: th.Text1, Lines: 2},
	}}}
}
