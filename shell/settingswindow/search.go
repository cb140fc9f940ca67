package settingswindow

import (
	"strings"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/settings"
)

// This file finds settings by words, those of the person's language and English
// ones.

// more are words by which pages are found whose settings are no table.
var more = map[string][]string{
	displays: {lang.M("Size"), lang.M("Scale"), lang.M("Direction"), lang.M("Place")},
	machines: {lang.M("Network"), lang.M("Clipboard"), lang.M("Loudspeaker"), lang.M("Start with the session")},
}

// fits reports whether each word of a query begins or is in one of the texts, as
// they are or translated.
func fits(query string, texts ...string) bool {
	var all strings.Builder
	for _, t := range texts {
		all.WriteString(strings.ToLower(t + "\n" + lang.T(t) + "\n"))
	}
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(all.String(), word) {
			return false
		}
	}
	return true
}

// found is what the person looks for, below the names of its pages.
func (s *Settings) found(th *theme.Theme) (list ui.Nodes) {
	for _, p := range Pages {
		var rows ui.Nodes
		for i := range settings.Table {
			k := &settings.Table[i]
			if k.Page() == p.ID && fits(s.query, append([]string{p.Title, k.Name, k.Title, k.Help}, k.Words...)...) {
				rows = append(rows, ui.Key(k.Name, s.setting(th, k)))
			}
		}
		if words := more[p.ID]; words != nil && fits(s.query, append([]string{p.Title, p.Help}, words...)...) {
			rows = ui.Nodes{ui.Key(p.ID, s.line(th, lang.T(p.Title), lang.T(p.Help), "", ui.Button{
				Text: lang.T("Open"), Name: lang.F("Open {what}", "what", lang.T(p.Title)), OnPress: func() { s.show(p.ID) },
			}))}
		}
		if len(rows) > 0 {
			list = append(list, ui.Key("head "+p.ID, ui.Padding{Insets: ui.Insets{Top: theme.Space2}, Child: ui.Label{Text: lang.T(p.Title), Bold: true, Level: 3}}))
			list = append(list, rows...)
		}
	}
	if list == nil {
		list = ui.Nodes{ui.Label{Text: lang.F("No setting fits “{query}”.", "query", s.query), Color: th.Text2}}
	}
	return list
}
