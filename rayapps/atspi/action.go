package atspi

import (
	"strconv"

	"rayos/rayapps/ui"
)

// actionNames are those that other toolkits use.
var actionNames = map[ui.Action]string{
	ui.DoActivate: "click", ui.DoIncrease: "increase", ui.DoDecrease: "decrease", ui.DoExpand: "expand",
	ui.DoCollapse: "collapse", ui.DoSelect: "select", ui.DoDismiss: "dismiss",
}

// words are name, description and key of an action, "(sss)".
type words struct{ Name, Description, Key string }

var action = surface{
	methods: map[string]method{
		"GetDescription": {"i", "s", func(c *call) ([]any, error) {
			_, err := c.action()
			return []any{""}, err
		}},
		"GetName":          {"i", "s", actionName},
		"GetLocalizedName": {"i", "s", actionName},
		"GetKeyBinding": {"i", "s", func(c *call) ([]any, error) {
			_, err := c.action()
			return []any{""}, err
		}},
		"GetActions": {"", "a(sss)", func(c *call) ([]any, error) {
			all := make([]words, len(c.at.actions))
			for i, a := range c.at.actions {
				all[i].Name = actionNames[a]
			}
			return []any{all}, nil
		}},
		"DoAction": {"i", "b", func(c *call) ([]any, error) {
			a, err := c.action()
			if err != nil {
				return nil, err
			}
			return c.act(a, "")
		}},
	},
	props: map[string]property{
		"NActions": {sig: "i", get: func(c *call) any { return int32(len(c.at.actions)) }},
	},
}

// action returns the one whose index is the first argument.
func (c *call) action() (ui.Action, error) {
	i := c.int(0)
	if i < 0 || i >= len(c.at.actions) {
		return 0, invalid("action %d of %d", i, len(c.at.actions))
	}
	return c.at.actions[i], nil
}

func actionName(c *call) ([]any, error) {
	a, err := c.action()
	return []any{actionNames[a]}, err
}

var valued = surface{props: map[string]property{
	"MinimumValue":     {sig: "d", get: func(c *call) any { return c.at.value.Min }},
	"MaximumValue":     {sig: "d", get: func(c *call) any { return c.at.value.Max }},
	"MinimumIncrement": {sig: "d", get: func(c *call) any { return c.at.value.Step }},
	"Text":             {sig: "s", get: func(c *call) any { return c.at.words }},
	"CurrentValue": {
		sig: "d",
		get: func(c *call) any { return c.at.value.Now },
		set: func(c *call, v any) error {
			done, err := c.act(ui.DoSetValue, strconv.FormatFloat(v.(float64), 'g', -1, 64))
			if err == nil && !done[0].(bool) {
				return fail("Failed", "the value stays")
			}
			return err
		},
	},
}}

var selection = surface{
	methods: map[string]method{
		"GetSelectedChild": {"i", "(so)", func(c *call) ([]any, error) {
			n, err := pick(c.at.selected(), c.int(0))
			return []any{c.ref(n)}, err
		}},
		"SelectChild": {"i", "b", func(c *call) ([]any, error) {
			n, err := pick(c.at.kids, c.int(0))
			if err != nil {
				return nil, err
			}
			return c.actOn(n, ui.DoSelect, "")
		}},
		"IsChildSelected": {"i", "b", func(c *call) ([]any, error) {
			n, err := pick(c.at.kids, c.int(0))
			return []any{n != nil && n.states&stateSelected != 0}, err
		}},
		// One is always selected, and one at most.
		"DeselectSelectedChild": {"i", "b", refuse},
		"DeselectChild":         {"i", "b", refuse},
		"SelectAll":             {"", "b", refuse},
		"ClearSelection":        {"", "b", refuse},
	},
	props: map[string]property{
		"NSelectedChildren": {sig: "i", get: func(c *call) any { return int32(len(c.at.selected())) }},
	},
}

func (n *node) selected() []*node {
	var to []*node
	for _, k := range n.kids {
		if k.states&stateSelected != 0 {
			to = append(to, k)
		}
	}
	return to
}
