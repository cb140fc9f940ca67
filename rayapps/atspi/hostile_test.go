package atspi

import (
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// TestNonsenseIsRefused calls everything with indices, offsets and kinds that
// make no sense.
func TestNonsenseIsRefused(t *testing.T) {
	d := newDesk(t)
	d.join(t)
	c := d.client(t)
	field, button := c.find("entry", "Name"), c.find("push button", "Count")
	for _, i := range []int32{-1, 1, 1000, math.MaxInt32, math.MinInt32} {
		for _, call := range []struct {
			at   dbus.ObjectPath
			name string
			args []any
		}{
			{rootPath, ifAccessible + ".GetChildAtIndex", []any{i}},
			{button, ifAction + ".DoAction", []any{i}},
			{button, ifAction + ".GetName", []any{i}},
			{button, ifComponent + ".GetExtents", []any{uint32(i) + 5}},
			{field, ifText + ".GetText", []any{i * 7, int32(-2)}},
			{field, ifText + ".GetText", []any{int32(3), i &^ 3}},
			{field, ifText + ".GetTextAtOffset", []any{int32(0), uint32(i) | 8}},
			{field, ifText + ".GetStringAtOffset", []any{i | 4, uint32(0)}},
			{field, ifText + ".GetSelection", []any{i}},
			{field, ifText + ".GetCharacterAtOffset", []any{i | 4}},
		} {
			if err := c.conn.Object(d.name, call.at).Call(call.name, 0, call.args...).Err; err == nil && i != 1 {
				t.Errorf("%s%v was answered", call.name, call.args)
			}
		}
	}
	for _, call := range []struct {
		at   dbus.ObjectPath
		name string
		args []any
	}{
		{"/", ifAccessible + ".GetRole", nil},
		{nullPath, ifAccessible + ".GetRole", nil},
		{basePath + "/w1_99999", ifAccessible + ".GetRole", nil},
		{basePath + "/w18446744073709551616_1", ifAccessible + ".GetRole", nil},
		{dbus.ObjectPath(strings.Replace(string(button), "w1", "w01", 1)), ifAccessible + ".GetRole", nil},
		{dbus.ObjectPath(basePath + strings.Repeat("/w", 1000)), ifAccessible + ".GetRole", nil},
		{button, ifText + ".GetText", []any{int32(0), int32(-1)}},
		{button, ifCache + ".GetItems", nil},
		{button, "org.example.Nothing.Do", nil},
		{button, ifAccessible + ".Nothing", nil},
		{button, ifAction + ".DoAction", []any{"0"}},
		{button, ifAction + ".DoAction", nil},
		{button, ifProperties + ".Get", []any{ifAccessible, "Nothing"}},
		{button, ifProperties + ".Set", []any{ifAccessible, "Name", dbus.MakeVariant("x")}},
		{rootPath, ifProperties + ".Set", []any{ifApplication, "Id", dbus.MakeVariant("x")}},
		{field, ifEditable + ".SetTextContents", []any{strings.Repeat("x", maxText+1)}},
	} {
		if err := c.conn.Object(d.name, call.at).Call(call.name, 0, call.args...).Err; err == nil {
			t.Errorf("%s of %.60s was answered", call.name, call.at)
		}
	}
	var ok bool
	if c.call(field, ifEditable+".InsertText", []any{int32(math.MaxInt32), "x", int32(1)}, &ok); ok {
		t.Error("text is inserted behind its end")
	}
	var s string
	if c.call(field, ifText+".GetText", []any{int32(0), int32(-1)}, &s); s != "abc" {
		t.Errorf("after nonsense the text is %q", s)
	}
}

// TestAFloodCostsOneWalk has many calls at once while the owner is busy.
func TestAFloodCostsOneWalk(t *testing.T) {
	d := newDesk(t)
	d.join(t)
	busy := make(chan bool)
	d.post(func() { <-busy })
	conns := []*dbus.Conn{connect(t, d.address), connect(t, d.address)}
	var all sync.WaitGroup
	for i := range 4000 {
		done := make(chan *dbus.Call, 1)
		conns[i%len(conns)].Object(d.name, rootPath).Go(ifCache+".GetItems", 0, done)
		all.Go(func() { <-done })
	}
	close(busy)
	all.Wait()
	c := d.client(t)
	c.find("push button", "Count")
	d.run(func() {
		if n := d.bridge.Walks(); n != 1 {
			t.Errorf("%d walks", n)
		}
	})
}

// strange is a tree without an end.
type strange struct{ in *ui.Info }

func (s strange) Semantics() *ui.Info             { return s.in }
func (strange) Do(uint64, ui.Action, string) bool { return false }

func TestStrangeTreesFit(t *testing.T) {
	w := &Window{b: New(Options{}), number: 1}
	wide := &ui.Info{ID: 1, Name: "\xff\x00" + strings.Repeat("ä", maxName)}
	for i := range 2 * maxNodes {
		wide.Children = append(wide.Children, &ui.Info{ID: uint64(i), Name: fmt.Sprint(i)})
	}
	deep := &ui.Info{ID: 1}
	for i, at := 2, deep; i < 10*maxDepth; i++ {
		k := &ui.Info{ID: uint64(i), Bounds: geom.XYWH(math.MinInt32, 0, math.MaxInt32, math.MaxInt32)}
		at.Children = []*ui.Info{k}
		at = k
	}
	for _, in := range []*ui.Info{wide, deep} {
		g := grow(w, strange{in}.Semantics())
		if len(g.nodes) > maxNodes {
			t.Errorf("%d nodes", len(g.nodes))
		}
		if n := g.top.name; len(n) > maxName || !utf8.ValidString(n) || strings.Contains(n, "\x00") {
			t.Errorf("a name of %d bytes", len(n))
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("Grüße an alle. Und\nnoch eine", 3, 8, uint32(1))
	f.Add("\xff\x00a", 1, 0, uint32(2))
	f.Fuzz(func(t *testing.T, s string, caret, anchor int, by uint32) {
		in := &ui.Info{ID: 1, Role: ui.RoleText, Value: s, Caret: caret, Anchor: anchor}
		w := &Window{b: New(Options{}), number: 1}
		n := grow(w, in).top
		r := []rune(n.text)
		if !utf8.ValidString(n.text) || n.caret > len(r) || n.anchor > len(r) {
			t.Fatalf("%q: %+v", s, n)
		}
		for at := 0; at < len(r); {
			from, to := pieceAt(r, at, by%(byParagraph+1))
			if from != at || to <= from || to > len(r) {
				t.Fatalf("%q: the piece at %d is %d to %d", s, at, from, to)
			}
			at = to
		}
	})
}

func FuzzPath(f *testing.F) {
	f.Add(basePath + "/w1_1")
	f.Add(basePath + "/w1_18446744073709551615")
	w := &Window{b: New(Options{}), number: 1}
	s := &snapshot{trees: []*tree{grow(w, &ui.Info{ID: 1})}}
	f.Fuzz(func(t *testing.T, path string) {
		if n := s.find(dbus.ObjectPath(path)); n != nil && string(n.path) != path {
			t.Errorf("%q finds %s", path, n.path)
		}
	})
}
