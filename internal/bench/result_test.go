package bench

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
)

func fixture() *Result {
	r := newResult([]Compositor{{Name: "rayos", Version: "abc"}, {Name: "weston", Version: "10"}, {Name: "sway", Version: "1.7"}})
	r.add(Row{Key: "sync.p50", Name: "sync", Unit: "us", Bar: ratioBar(1)}, samples{"sync.p50": {"rayos": {11, 10, 12}, "weston": {10}, "sway": {22}}})
	r.add(Row{Key: "damage.1080p", Name: "small", Unit: "ms"}, samples{"damage.1080p": {"rayos": {0.1}, "weston": {0.2}}})
	r.add(Row{Key: "damage.4k", Name: "big", Unit: "ms"}, samples{"damage.4k": {"rayos": {0.105}, "weston": {0.4}}})
	r.add(Row{Key: "idle", Name: "idle", Unit: "1/s", Bar: limitBar(0)}, samples{"idle": {"rayos": {0}, "weston": {0}, "sway": {61}}})
	r.add(Row{Key: "pixels", Name: "pixels", Unit: "ms", Bar: ratioBar(1)}, samples{"pixels": {"rayos": {9}}})
	r.Notes = append(r.Notes, newNote("pixels", "weston", &UnfitError{"it has no wlr-screencopy"}), newNote("pixels", "sway", errors.New("boom")))
	r.derive()
	return r
}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := fixture().WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	want := strings.TrimPrefix(`
row                                unit  rayos abc  weston 10  sway 1.7  ratio  bar
sync                               us    11.0       10.0       22.0      1.10x  ≤1.0x  MISSED
small                              ms    0.100      0.200      -         0.50x
big                                ms    0.105      0.400      -         0.26x
16x16 damage, 4K divided by 1080p  x     1.05       2.00       -         0.52x  ≤1.10  met
idle                               1/s   0          0          61.0      -      ≤0     met
pixels                             ms    9.00       -          -         -      ≤1.0x
weston is not in "pixels": it has no wlr-screencopy
sway failed in "pixels": boom
`, "\n")
	if b.String() != want {
		t.Errorf("table:\n%s\nwant:\n%s", b.String(), want)
	}
}

func TestMarkdownHasOneWidth(t *testing.T) {
	var b strings.Builder
	if err := fixture().WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	table, notes, _ := strings.Cut(b.String(), "\n\n")
	lines := strings.Split(table, "\n")
	for _, l := range lines {
		if strings.Count(l, "|") != strings.Count(lines[0], "|") {
			t.Errorf("columns differ from the header's: %q", l)
		}
	}
	if want := "- weston is not in \"pixels\": it has no wlr-screencopy\n"; !strings.HasPrefix(notes, want) {
		t.Errorf("notes = %q; want prefix %q", notes, want)
	}
}

func TestJSON(t *testing.T) {
	text, err := json.Marshal(fixture())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Versions map[string]string
		Rows     []struct {
			Row, Unit    string
			Rayos, Ratio *float64
			Peers        map[string]float64
			Met          *bool
		}
		Notes []Note
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Versions["weston"] != "10" || len(got.Rows) != 6 || len(got.Notes) != 2 {
		t.Fatalf("json = %s", text)
	}
	sync := got.Rows[0]
	if sync.Row != "sync.p50" || sync.Unit != "us" || *sync.Rayos != 11 || *sync.Ratio != 1.1 || sync.Peers["sway"] != 22 || *sync.Met {
		t.Errorf("sync row = %+v", sync)
	}
	idle := got.Rows[4]
	if idle.Ratio != nil || idle.Met == nil || !*idle.Met {
		t.Errorf("idle row = %+v; want no ratio of zeros, bar met", idle)
	}
	if last := got.Rows[5]; last.Ratio != nil || last.Met != nil || len(last.Peers) != 0 {
		t.Errorf("row without peers = %+v; want null ratio and no verdict", last)
	}
}

func TestFailedSpeaksOfRayOSOnly(t *testing.T) {
	r := fixture()
	if err := r.Failed(); err != nil {
		t.Errorf("a failed peer failed the run: %v", err)
	}
	r.Notes = append(r.Notes, newNote("sync", RayOS, errors.New("gone")))
	if err := r.Failed(); err == nil || !strings.Contains(err.Error(), "sync: gone") {
		t.Errorf("Failed() = %v; want sync: gone", err)
	}
}

func TestBar(t *testing.T) {
	nan := math.NaN()
	for _, tc := range []struct {
		bar        Bar
		own, ratio float64
		met, known bool
	}{
		{Bar{}, 1, 1, false, false},
		{ratioBar(0.9), 5, 0.9, true, true},
		{ratioBar(0.9), 5, 0.91, false, true},
		{ratioBar(1), 5, nan, false, false},
		{ratioBar(1), 5, math.Inf(1), false, true},
		{limitBar(0), 0, nan, true, true},
		{limitBar(0), 0.1, 0.5, false, true},
		{limitBar(0), nan, nan, false, false},
	} {
		if met, known := tc.bar.Met(tc.own, tc.ratio); met != tc.met || known != tc.known {
			t.Errorf("%v.Met(%v, %v) = %v, %v; want %v, %v", tc.bar, tc.own, tc.ratio, met, known, tc.met, tc.known)
		}
	}
}

func TestFigure(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.00123: "0.0012", 0.1234: "0.123", 1.234: "1.23", 12.34: "12.3", 1234.5: "1234", math.Inf(1): "+Inf"} {
		if got := figure(v); got != want {
			t.Errorf("figure(%v) = %q; want %q", v, got, want)
		}
	}
}
