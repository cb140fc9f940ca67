package panel

import (
	"slices"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/seat/xkb"
)

// fields is a view of two fields, the second for a password.
func fields(text *string) ui.Node {
	return ui.Column{Children: ui.Nodes{
		ui.Key("text", ui.TextField{Name: "text", OnChange: func(s string) { *text = s }}),
		ui.Key("secret", ui.TextField{Name: "secret", Password: true}),
	}}
}

func TestTextIsComposed(t *testing.T) {
	text := ""
	b := newBench(t, func() ui.Node { return fields(&text) })
	var told []ui.IME
	b.panel.o.Text = func(_ *Panel, now ui.IME) { told = append(told, now) }
	b.panel.Place(geom.XYWH(0, 0, 400, 300), geom.XYWH(0, 0, 400, 300), geom.ScaleOne)
	b.turn(t)
	b.panel.Compose(0, 0, "early", ui.Preedit{}) // nobody types yet
	b.panel.base.KeyboardEnter(0, nil, xkb.Mods{})
	b.panel.Focus()
	b.turn(t)
	if len(told) == 0 || !told[len(told)-1].Enabled || !b.panel.base.Composed() {
		t.Fatalf("told %+v; want that text is typed", told)
	}
	b.panel.Compose(0, 0, "", ui.Preedit{Text: "nih", Start: 3, End: 3})
	if text != "" {
		t.Errorf("what isn't final counts: %q", text)
	}
	x := told[len(told)-1].Rect.X0
	b.panel.Compose(0, 0, "nihon", ui.Preedit{})
	b.panel.Compose(2, 0, "go", ui.Preedit{Text: "x", Start: -1, End: -1})
	if text != "nihgo" {
		t.Errorf("composed %q; want nihgo", text)
	}
	now := told[len(told)-1]
	if now.Text != "nihgo" || now.Caret != 5 || now.Rect.X0 <= x {
		t.Errorf("told %+v", now)
	}
	b.panel.root.FocusNext(false)
	b.turn(t)
	if b.panel.root.IME().Purpose != ui.ForPassword {
		t.Fatal("the focus isn't at the password")
	}
	if now := told[len(told)-1]; now.Enabled || b.panel.base.Composed() {
		t.Errorf("of a password was told %+v", now)
	}
	b.panel.Compose(0, 0, "no", ui.Preedit{})
	n := len(told)
	b.turn(t)
	b.turn(t)
	if len(told) != n {
		t.Errorf("no news, and told %+v", told[n:])
	}
	b.panel.root.FocusNext(true)
	b.turn(t)
	b.panel.base.KeyboardLeave(0)
	if i := slices.IndexFunc(told[n:], func(m ui.IME) bool { return m.Enabled }); i < 0 || told[len(told)-1].Enabled {
		t.Errorf("back and gone, told %+v", told[n:])
	}
}
