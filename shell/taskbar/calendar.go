package taskbar

import (
	"time"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// clock shows time and date; a press shows the calendar.
func (b *Bar) clock() ui.Node {
	now := b.state.Now
	parts := ui.Nodes{ui.Label{Text: lang.Clock(now), Tabular: true, Bold: true, Lines: 1}}
	if b.width >= dateFrom {
		parts = append(parts, ui.Label{Text: lang.ShortDate(now), Tabular: true, Color: b.theme.Text2, Lines: 1})
	}
	return ui.Popover{
		Open: b.open[Calendar], Name: lang.T("Calendar"), Content: b.sheet(), OnClose: func() { b.Sheet(Calendar, false) },
		Child: ui.Pressable{
			Name: lang.F("{time}, {date}", "time", lang.Clock(now), "date", lang.Date(now)), Radius: theme.RadiusControl, Selected: b.open[Calendar],
			OnPress: func() { b.Sheet(Calendar, !b.open[Calendar]) },
			Child:   ui.Padding{Insets: ui.Sides(theme.Space2, 5), Child: ui.Row{Gap: theme.Space2, Align: ui.Baseline, Children: parts}},
		},
	}
}

// first returns the first day of the month.
func first(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location())
}

const dayWidth = 32

// sheet is the month, in weeks as the locale begins them.
func (b *Bar) sheet() ui.Node {
	if !b.open[Calendar] {
		return ui.Spacer{Size: 0}
	}
	turn := func(n int) func() { return func() { b.month = b.month.AddDate(0, n, 0) } }
	rows := ui.Nodes{
		ui.Row{Align: ui.Centre, Children: ui.Nodes{
			ui.Padding{Insets: ui.Sides(theme.Space2, 0), Child: ui.Heading(lang.Month(b.month))},
			ui.Spacer{},
			ui.IconButton(icon.ChevronLeft, lang.T("Previous month"), turn(-1)), ui.IconButton(icon.ChevronRight, lang.T("Next month"), turn(1)),
		}},
		ui.Spacer{Size: theme.Space1},
	}
	week := ui.Nodes{}
	begin := lang.Now().FirstWeekday()
	for d := range time.Weekday(7) {
		week = append(week, day(ui.Label{Text: lang.TinyWeekday((begin + d) % 7), Size: theme.Caption, Color: b.theme.Text3}))
	}
	rows = append(rows, ui.Row{Children: week})
	from := b.month.AddDate(0, 0, -int(b.month.Weekday()-begin+7)%7)
	for w := range 6 {
		week := ui.Nodes{}
		for d := range 7 {
			week = append(week, b.day(from.AddDate(0, 0, 7*w+d)))
		}
		rows = append(rows, ui.Row{Children: week})
	}
	return ui.Sized{W: 7 * dayWidth, Child: ui.Column{Align: ui.Stretch, Children: rows}}
}

func day(n ui.Node) ui.Node { return ui.Sized{W: dayWidth, H: 28, Child: ui.Centred(n)} }

func (b *Bar) day(t time.Time) ui.Node {
	l := ui.Label{Text: lang.Number(t.Day()), Tabular: true}
	y, m, d := b.state.Now.Date()
	switch ty, tm, td := t.Date(); {
	case ty == y && tm == m && td == d:
		l.Bold, l.Color = true, b.theme.OnAccent
		return day(ui.Surface{Fill: b.theme.Accent, Radius: 14, Child: ui.Sized{W: 28, H: 28, Child: ui.Centred(l)}})
	case tm != b.month.Month():
		l.Color = b.theme.Text3
	}
	return day(l)
}
