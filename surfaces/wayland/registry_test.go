package wayland

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// globalRow is a line of testdata/globals.txt.
type globalRow struct {
	version uint32
	why     string // it is not announced, "" when it is
}

func globalTable(t *testing.T) map[string]globalRow {
	t.Helper()
	text, err := os.ReadFile("testdata/globals.txt")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]globalRow{}
	for line := range strings.Lines(string(text)) {
		f := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if f[0] == "" || f[0] == "#" {
			continue
		}
		if len(f) < 2 {
			t.Fatalf("%q has no version", line)
		}
		v, err := strconv.ParseUint(f[1], 10, 32)
		if err != nil || rows[f[0]].version != 0 {
			t.Fatalf("bad row %q", line)
		}
		row := globalRow{version: uint32(v)}
		if len(f) == 3 {
			row.why = f[2]
		}
		rows[f[0]] = row
	}
	return rows
}

func TestGlobals(t *testing.T) {
	f := newFixture(t)
	rows := globalTable(t)
	for _, g := range f.connectBare().globals {
		row, has := rows[g.Interface]
		switch {
		case !has:
			t.Errorf("%s %d is announced, and not in globals.txt", g.Interface, g.Version)
		case row.why != "":
			t.Errorf("%s is announced: take the reason why not out of globals.txt (%s)", g.Interface, row.why)
		case row.version != g.Version:
			t.Errorf("%s has version %d; want %d", g.Interface, g.Version, row.version)
		}
		delete(rows, g.Interface)
	}
	for name, row := range rows {
		if row.why == "" {
			t.Errorf("%s %d is not announced", name, row.version)
		}
	}
}

func TestBindErrors(t *testing.T) {
	for _, tc := range []struct {
		name string
		bind func(c *testClient)
	}{
		{"unknown name", func(c *testClient) { c.reg.Bind(99, new(client.WlShm), &protocol.WlShmInterface, 1) }},
		{"wrong interface", func(c *testClient) { c.reg.Bind(1, new(client.WlShm), &protocol.WlShmInterface, 1) }},
		{"version 0", func(c *testClient) {
			c.reg.Bind(1, new(client.WlCompositor), &protocol.WlCompositorInterface, 0)
		}},
		{"version too high", func(c *testClient) {
			c.reg.Bind(1, new(client.WlCompositor), &protocol.WlCompositorInterface, 7)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			tc.bind(c)
			c.wantError("wl_registry", uint32(protocol.WlDisplayErrorInvalidObject))
		})
	}
}

func TestGlobalsComeAndGo(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	var removed []uint32
	c.reg.OnGlobalRemove = func(name uint32) { removed = append(removed, name) }
	o := f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	c.ok()
	if g := c.globals[len(c.globals)-1]; g.Interface != "wl_output" {
		t.Fatalf("the last global is %v; want the new output", g)
	}
	o.Remove()
	o.Remove()
	// A bind that crosses the removal is no error; the object stays silent.
	res := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	c.expect("")
	if len(removed) != 1 {
		t.Fatalf("removed %v; want one", removed)
	}
	res.Release()
	if late := f.connectBare(); len(late.globals) != len(c.globals)-1 {
		t.Errorf("a new client sees %d globals; want %d", len(late.globals), len(c.globals)-1)
	}
	// A second registry of the same client hears of it too.
	reg := c.d.GetRegistry()
	n := 0
	reg.OnGlobal = func(uint32, string, uint32) { n++ }
	c.ok()
	if want := len(c.globals) - 1; n != want {
		t.Errorf("the second registry has %d globals; want %d", n, want)
	}
}

// TestRemovedGlobalsDoNotAddUp: screens come and go for years.
func TestRemovedGlobalsDoNotAddUp(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	before := len(f.srv.globals)
	var last *Output
	for range 3 * maxRemoved {
		last = f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
		last.Data = f
		last.Remove()
	}
	if n := len(f.srv.globals); n != before+maxRemoved {
		t.Errorf("%d globals; want %d", n, before+maxRemoved)
	}
	if last.Data != nil {
		t.Error("an output that is gone holds what the session knew of it")
	}
	c.turn()
	c.reg.Bind(last.global.name, new(client.WlOutput), &protocol.WlOutputInterface, 4)
	c.ok()
}
