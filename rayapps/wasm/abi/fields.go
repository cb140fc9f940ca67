package abi

import (
	"math"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

func (m *Configure) fields(c *codec) {
	number(c, &m.Size.W, 0, 1<<16)
	number(c, &m.Size.H, 0, 1<<16)
	number(c, &m.Scale, 1, 1<<16)
	word(c, &m.Scheme, uint64(theme.Schemes)-1)
	word(c, &m.Accent, math.MaxUint32)
	c.bool(&m.Still)
	c.bool(&m.RTL)
	c.bool(&m.Visible)
	c.bool(&m.Active)
	c.text(&m.Language, maxName)
	c.text(&m.Zone, maxName)
	number(c, &m.Offset, -86400, 86400)
}

func (m *Begin) fields(c *codec) {
	c.bool(&m.Again)
	c.bytes(&m.Saved, maxText)
	c.texts(&m.Open, maxNames, maxName)
}

func (m *Event) fields(c *codec) {
	switch e := m.Event.(type) {
	case *ui.Pointer:
		word(c, &e.Kind, uint64(ui.PointerCancel))
		word(c, &e.Button, uint64(ui.MiddleButton))
		c.float(&e.Pos.X)
		c.float(&e.Pos.Y)
		c.float(&e.Scroll.X)
		c.float(&e.Scroll.Y)
		word(c, &e.Mods, math.MaxUint8)
		c.bool(&e.Touch)
	case *ui.Keystroke:
		word(c, &e.Sym, math.MaxUint32)
		c.text(&e.Text, maxName)
		word(c, &e.Mods, math.MaxUint8)
		c.bool(&e.Release)
		c.bool(&e.Repeat)
	case *ui.Preedit:
		c.text(&e.Text, maxName)
		number(c, &e.Start, -1, maxName)
		number(c, &e.End, -1, maxName)
	case *ui.Commit:
		c.text(&e.Text, maxText)
	case *ui.Delete:
		number(c, &e.Before, 0, maxText)
		number(c, &e.After, 0, maxText)
	case *ui.Paste:
		c.text(&e.Text, maxText)
	}
}

func (m *Act) fields(c *codec) {
	word(c, &m.ID, math.MaxUint32)
	word(c, &m.Action, uint64(ui.DoDismiss))
	c.text(&m.Value, maxText)
}

func (m *Open) fields(c *codec) { c.texts(&m.Names, maxNames, maxName) }

func (*Drawn) fields(*codec) {}
func (*Close) fields(*codec) {}
func (*Save) fields(*codec)  {}
func (*Stop) fields(*codec)  {}

func (m *Hello) fields(c *codec) {
	c.uint(&m.Version, math.MaxUint32)
	c.text(&m.Title, maxName)
	for _, s := range [...]*geom.Size{&m.Size, &m.MinSize} {
		number(c, &s.W, 0, 1<<14)
		number(c, &s.H, 0, 1<<14)
	}
}

func (m *Present) fields(c *codec) {
	c.bytes(&m.List, MaxToHost)
	word(c, &m.Shape, uint64(ui.CursorWait))
	c.bool(&m.Input.Enabled)
	rect(c, &m.Input.Rect)
	c.text(&m.Input.Text, maxName)
	number(c, &m.Input.Caret, 0, maxName)
	number(c, &m.Input.Anchor, 0, maxName)
	word(c, &m.Input.Purpose, uint64(ui.ForTerminal))
	c.bool(&m.Input.Multiline)
	c.bool(&m.Same)
	infos(c, &m.Info, 0)
}

func (m *Title) fields(c *codec) { c.text(&m.Text, maxName) }

func (m *Saved) fields(c *codec) {
	c.bool(&m.Has)
	c.bytes(&m.Data, maxText)
}

func (m *Copy) fields(c *codec) { c.text(&m.Text, maxText) }

func (*Request) fields(*codec) {}
func (*Kept) fields(*codec)    {}
func (*End) fields(*codec)     {}

func rect(c *codec, r *geom.Rect) {
	for _, v := range [...]*int32{&r.X0, &r.Y0, &r.X1, &r.Y1} {
		number(c, v, -1<<20, 1<<20)
	}
}

func infos(c *codec, list *[]*ui.Info, depth int) {
	n := uint64(len(*list))
	if c.writing {
		n = min(n, uint64(maxInfos-c.infos)) // there is no more of a person's interest
		if depth > maxDepth {
			n = 0
		}
	}
	c.uint(&n, maxInfos)
	if c.infos += int(n); c.infos > maxInfos || depth > maxDepth && n > 0 {
		c.fail()
		return
	}
	if !c.writing {
		*list = nil
	}
	for i := range int(n) {
		if c.bad {
			return
		}
		if !c.writing {
			*list = append(*list, new(ui.Info))
		}
		info(c, (*list)[i], depth)
	}
}

func info(c *codec, i *ui.Info, depth int) {
	word(c, &i.ID, math.MaxUint32)
	word(c, &i.Role, uint64(ui.RoleComboBox))
	c.text(&i.Name, maxName)
	c.text(&i.Description, maxName)
	c.text(&i.Value, maxText)
	for _, v := range [...]*float64{&i.Range.Min, &i.Range.Max, &i.Range.Now, &i.Range.Step} {
		c.float(v)
	}
	word(c, &i.Traits, math.MaxUint32)
	n := uint64(len(i.Actions))
	c.uint(&n, uint64(ui.DoDismiss)+1)
	for k := range int(n) {
		if !c.writing {
			i.Actions = append(i.Actions, 0)
		}
		word(c, &i.Actions[k], uint64(ui.DoDismiss))
	}
	rect(c, &i.Bounds)
	for _, v := range [...]*int{&i.Index, &i.Count, &i.Level, &i.Caret, &i.Anchor} {
		number(c, v, 0, math.MaxInt32)
	}
	infos(c, &i.Children, depth+1)
}
