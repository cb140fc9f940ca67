package settingswindow

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/vmm"
)

// This file is the page of the machines. What they may do stands in a file that
// only the person writes; this window is the person's hand: no command does it.

var (
	clipboards = []vmm.Clipboard{vmm.ClipOff, vmm.ClipToGuest, vmm.ClipFromGuest, vmm.ClipBoth}
	clipNames  = []string{lang.M("Shared with nobody"), lang.M("To the machine"), lang.M("From the machine"), lang.M("Both ways")}
)

func (s *Settings) machines(th *theme.Theme) ui.Nodes {
	if len(s.vms) == 0 {
		return ui.Nodes{ui.Label{Text: lang.T("There are no virtual machines. rayctl vm build linux-desktop makes one."), Color: th.Text2}}
	}
	ways := make([]string, len(clipNames))
	for i, n := range clipNames {
		ways[i] = lang.T(n)
	}
	var rows ui.Nodes
	for i := range s.vms {
		v := &s.vms[i]
		id, p := vmm.ID(v.ID), s.policy[v.ID]
		text := func(name string) string { t, _ := p[name].(string); return t }
		flag := func(name string) bool { on, _ := p[name].(bool); return on }
		toggle := func(rule vmm.Rule, title, help string, on bool) ui.Node {
			return ui.Key(v.ID+string(rule), s.line(th, title, help, "", ui.Switch{Name: of(title, v), On: on, OnChange: func(on bool) {
				s.rule(id, rule, strconv.FormatBool(on))
			}}))
		}
		rows = append(rows,
			ui.Key(v.ID, ui.Padding{Insets: ui.Insets{Top: theme.Space2}, Child: ui.Label{Text: lang.F("{machine}, {state}", "machine", v.Name, "state", v.InWords()), Bold: true}}),
			ui.Key(v.ID+" network", s.line(th, lang.T("Network"), lang.T("a card, from its next start on"), "", ui.Switch{
				Name: of(lang.T("Network"), v), On: text("networking") == string(vmm.NetOn), OnChange: func(on bool) {
					to := vmm.NetOff
					if on {
						to = vmm.NetOn
					}
					s.rule(id, vmm.RuleNetworking, string(to))
				},
			})),
			ui.Key(v.ID+" clipboard", s.line(th, lang.T("Clipboard"), lang.T("which way text and pictures go"), "", ui.Sized{W: choiceWidth, Child: ui.Choice{
				Name: of(lang.T("Clipboard"), v), Options: ways, Selected: slices.Index(clipboards, vmm.Clipboard(text("clipboard"))),
				OnChange: func(i int) { s.rule(id, vmm.RuleClipboard, string(clipboards[i])) },
			}})),
			toggle(vmm.RuleAudio, lang.T("Loudspeaker"), lang.T("it plays sound, from its next start on"), flag("audio")),
			toggle(vmm.RuleAutoboot, lang.T("Start with the session"), lang.T("it runs, hidden, when you have logged in"), flag("autoboot")),
			s.amount(th, v, vmm.RuleCPUs, lang.T("Processors"), lang.T("at most, from its next start on"), p["cpus"], []int{1, 2, 4, 8}, func(n int) string { return lang.Number(n) }),
			s.amount(th, v, vmm.RuleMemory, lang.T("Memory"), lang.T("at most, from its next start on"), p["mem_mib"], []int{512, 1024, 2048, 4096, 8192}, mebibytes),
			s.amount(th, v, vmm.RuleCPUPercent, lang.T("Processor time"), lang.T("the part of its processors that it may use"), p["cpu_percent"], []int{25, 50, 75, 100}, func(n int) string {
				return lang.F("{percent} %", "percent", lang.Number(n))
			}),
			ui.Key(v.ID+" rest", ui.Label{Text: strings.Join(rules("", p), "\n"), Mono: true, Size: theme.Caption, Color: th.Text3}),
		)
	}
	return append(rows, ui.Label{Text: lang.T("This is in a file that only you write; docs/GUESTS.md says what else it can say."), Size: theme.Caption, Color: th.Text2})
}

// amount is a limit: some usual ones, and what it is.
func (s *Settings) amount(th *theme.Theme, v *control.VM, rule vmm.Rule, title, help string, now any, usual []int, words func(int) string) ui.Node {
	is, _ := now.(float64)
	list := slices.Clone(usual)
	if n := int(is); n > 0 && !slices.Contains(list, n) {
		list = append(list, n)
		slices.Sort(list)
	}
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = words(n)
	}
	return ui.Key(v.ID+string(rule), s.line(th, title, help, "", ui.Sized{W: choiceWidth, Child: ui.Choice{
		Name: of(title, v), Options: names, Selected: slices.Index(list, int(is)),
		OnChange: func(i int) { s.rule(vmm.ID(v.ID), rule, strconv.Itoa(list[i])) },
	}}))
}

// mebibytes is an amount of memory in words.
func mebibytes(n int) string {
	if n >= 1024 && n%1024 == 0 {
		return lang.F("{n} GiB", "n", lang.Number(n/1024))
	}
	return lang.F("{n} MiB", "n", lang.Number(n))
}

func of(what string, v *control.VM) string {
	return lang.F("{what} of {thing}", "what", what, "thing", v.Name)
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
var shownAbove = []string{"networking", "networking_reason", "clipboard", "audio", "autoboot", "cpus", "mem_mib", "cpu_percent"}

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
