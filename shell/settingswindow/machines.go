package settingswindow

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/vmm"
)

// This file is the page of the machines. What they may do stands in a file that
// only the person writes; this window is the person's hand: no command does it.

var (
	clipboards = []vmm.Clipboard{vmm.ClipOff, vmm.ClipToGuest, vmm.ClipFromGuest, vmm.ClipBoth}
	clipNames  = []string{"Shared with nobody", "To the machine", "From the machine", "Both ways"}
)

func (s *Settings) machines(th *theme.Theme) ui.Nodes {
	if len(s.vms) == 0 {
		return ui.Nodes{ui.Label{Text: "There are no virtual machines. rayctl vm build linux-desktop makes one.", Color: th.Text2}}
	}
	var rows ui.Nodes
	for i := range s.vms {
		v := &s.vms[i]
		id, p := vmm.ID(v.ID), s.policy[v.ID]
		text := func(name string) string { t, _ := p[name].(string); return t }
		flag := func(name string) bool { on, _ := p[name].(bool); return on }
		toggle := func(rule vmm.Rule, title, help string, on bool) ui.Node {
			return ui.Key(v.ID+string(rule), line(th, title, help, "", ui.Switch{Name: title + " of " + v.Name, On: on, OnChange: func(on bool) {
				s.rule(id, rule, strconv.FormatBool(on))
			}}))
		}
		rows = append(rows,
			ui.Key(v.ID, ui.Padding{Insets: ui.Insets{Top: theme.Space2}, Child: ui.Label{Text: v.Name + ", " + v.State, Bold: true}}),
			ui.Key(v.ID+" network", line(th, "Network", "a card, from its next start on", "", ui.Switch{
				Name: "Network of " + v.Name, On: text("networking") == string(vmm.NetOn), OnChange: func(on bool) {
					to := vmm.NetOff
					if on {
						to = vmm.NetOn
					}
					s.rule(id, vmm.RuleNetworking, string(to))
				},
			})),
			ui.Key(v.ID+" clipboard", line(th, "Clipboard", "which way text and pictures go", "", ui.Sized{W: 190, Child: ui.Choice{
				Name: "Clipboard of " + v.Name, Options: clipNames, Selected: slices.Index(clipboards, vmm.Clipboard(text("clipboard"))),
				OnChange: func(i int) { s.rule(id, vmm.RuleClipboard, string(clipboards[i])) },
			}})),
			toggle(vmm.RuleAudio, "Loudspeaker", "it plays sound, from its next start on", flag("audio")),
			toggle(vmm.RuleAutoboot, "Start with the session", "it runs, hidden, when you have logged in", flag("autoboot")),
			ui.Key(v.ID+" rest", ui.Label{Text: strings.Join(rules("", p), "\n"), Mono: true, Size: theme.Caption, Color: th.Text3}),
		)
	}
	return append(rows, ui.Label{Text: "This is in a file that only you write; docs/GUESTS.md says what else it can say.", Size: theme.Caption, Color: th.Text2})
}

// rule changes what a machine may do, and reads what has come of it.
func (s *Settings) rule(id vmm.ID, rule vmm.Rule, value string) {
	if s.edit == nil {
		return
	}
	if s.fail(s.edit(id, rule, value)); s.said == "" {
		s.read()
	}
}

// shownAbove are rules that have a control of their own.
var shownAbove = []string{"networking", "networking_reason", "clipboard", "audio", "autoboot"}

// rules writes what else policy leaves a machine as lines.
func rules(name string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var list []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			if name != "" || !slices.Contains(shownAbove, k) {
				list = append(list, rules(strings.TrimPrefix(name+"."+k, "."), v[k])...)
			}
		}
		return list
	case []any:
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = strings.Join(rules("", v[i]), " ")
		}
		all := strings.Join(texts, ", ")
		if all == "" {
			all = "none"
		}
		return []string{name + ": " + all}
	case nil:
		return nil
	}
	if name == "" {
		return []string{fmt.Sprint(v)}
	}
	return []string{fmt.Sprintf("%s: %v", name, v)}
}
