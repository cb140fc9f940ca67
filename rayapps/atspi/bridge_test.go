package atspi

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"rayos/rayapps/ui"
)

func TestClientsReadAndAct(t *testing.T) {
	d := newDesk(t)
	d.join(t, "object:text-changed")
	c := d.client(t)

	var kids []ref
	c.call(rootPath, ifAccessible+".GetChildren", nil, &kids)
	if len(kids) != 1 || kids[0].Bus != d.name || c.get(kids[0].Path, ifAccessible, "Name") != "Panel" {
		t.Fatalf("windows: %v", kids)
	}
	button := c.find("push button", "Count")
	var r rect
	c.call(button, ifComponent+".GetExtents", []any{ofScreen}, &r)
	if r.X != 108 || r.Y != 58 || r.W == 0 {
		t.Errorf("on the screen the button is at %v", r)
	}
	c.call(button, ifComponent+".GetExtents", []any{ofWindow}, &r)
	if r.X != 8 || r.Y != 8 {
		t.Errorf("in the window the button is at %v", r)
	}
	var under ref
	c.call(kids[0].Path, ifComponent+".GetAccessibleAtPoint", []any{int32(112), int32(62), ofScreen}, &under)
	if under.Path != button {
		t.Errorf("under a point of the button is %v", under)
	}
	var ok bool
	if c.call(button, ifAction+".DoAction", []any{int32(0)}, &ok); !ok {
		t.Error("the button refuses")
	}
	d.run(func() {
		if d.presses != 1 {
			t.Errorf("the button was pressed %d times", d.presses)
		}
	})

	field := c.find("entry", "Name")
	var s string
	if c.call(field, ifText+".GetText", []any{int32(1), int32(-1)}, &s); s != "bc" {
		t.Errorf("text from 1 on: %q", s)
	}
	if c.call(field, ifEditable+".InsertText", []any{int32(1), "äx", int32(2)}, &ok); !ok {
		t.Error("nothing is inserted")
	}
	if c.call(field, ifText+".GetText", []any{int32(0), int32(-1)}, &s); s != "aäbc" {
		t.Errorf("after two bytes at 1: %q", s)
	}
	if c.call(field, ifEditable+".DeleteText", []any{int32(0), int32(2)}, &ok); !ok {
		t.Error("nothing is deleted")
	}
	if e := c.hear(field, "TextChanged", "insert"); e.Body[1] != int32(1) || e.Body[2] != int32(1) || e.Body[3].(dbus.Variant).Value() != "ä" {
		t.Errorf("insertion: %v", e.Body)
	}
	c.call(field, ifEditable+".SetTextContents", []any{"new"}, &ok)
	if v := c.get(field, ifText, "CharacterCount"); v != int32(3) {
		t.Errorf("characters: %v", v)
	}

	slider := c.find("slider", "Volume")
	if err := c.conn.Object(d.name, slider).SetProperty(ifValue+".CurrentValue", dbus.MakeVariant(70.0)); err != nil {
		t.Error(err)
	}
	if v := c.get(slider, ifValue, "CurrentValue"); v != 70.0 {
		t.Errorf("volume: %v", v)
	}
	list := c.find("list box", "Rows")
	if c.call(list, ifSelection+".SelectChild", []any{int32(2)}, &ok); !ok {
		t.Error("a row refuses")
	}
	var row ref
	c.call(list, ifSelection+".GetSelectedChild", []any{int32(0)}, &row)
	if got := c.get(row.Path, ifAccessible, "Name"); got != "Three" {
		t.Errorf("the selected row is %v", got)
	}
	var attributes map[string]string
	c.call(row.Path, ifAccessible+".GetAttributes", nil, &attributes)
	if attributes["posinset"] != "3" || attributes["setsize"] != "4" {
		t.Errorf("the third row says %v", attributes)
	}
}

func TestClientsHearWhatChanges(t *testing.T) {
	d := newDesk(t)
	d.join(t)
	c := d.client(t)
	box := c.find("check box", "Check")
	field := c.find("entry", "Name")
	var ok bool
	c.call(box, ifAction+".DoAction", []any{int32(0)}, &ok)
	if s := c.hear(box, "StateChanged", "checked"); s.Body[1] != int32(1) {
		t.Errorf("checked: %v", s.Body)
	}
	if c.call(field, ifComponent+".GrabFocus", nil, &ok); !ok {
		t.Error("the field refuses the focus")
	}
	if s := c.hear(field, "StateChanged", "focused"); s.Body[1] != int32(1) {
		t.Errorf("focused: %v", s.Body)
	}
	var second *Window
	d.run(func() {
		r := ui.New(ui.Options{View: func() ui.Node { return ui.Label{Text: "Hello"} }})
		second = d.bridge.Open(r, "Toast")
	})
	added := c.hear(rootPath, "ChildrenChanged", "add")
	if added.Body[1] != int32(1) {
		t.Errorf("a second window: %v", added.Body)
	}
	d.run(second.Close)
	if s := c.hear(rootPath, "ChildrenChanged", "remove"); s.Body[1] != int32(1) {
		t.Errorf("the second window closes: %v", s.Body)
	}
}

func TestNobodyListensNothingIsDone(t *testing.T) {
	d := newDesk(t)
	d.join(t)
	d.run(func() {
		if n := testing.AllocsPerRun(100, d.win.Changed); n != 0 {
			t.Errorf("a change that nobody hears costs %v allocations", n)
		}
		if n := d.bridge.Walks(); n != 0 {
			t.Errorf("%d walks for nobody", n)
		}
	})
	c := d.client(t)
	c.find("push button", "Count")
	d.run(func() {
		if n := d.bridge.Walks(); n != 1 {
			t.Errorf("%d walks for one look; want 1", n)
		}
	})
}
