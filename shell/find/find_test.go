package find

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func indexOf(names ...string) *Index {
	var x Index
	var items []Item
	for _, n := range names {
		name, keywords, _ := strings.Cut(n, "|")
		items = append(items, Item{Key: name, Name: name, Keywords: strings.Fields(keywords)})
	}
	x.Set(items)
	return &x
}

func names(found []Found) string {
	var s []string
	for _, f := range found {
		s = append(s, f.Item.Name)
	}
	return strings.Join(s, ", ")
}

func TestSearch(t *testing.T) {
	x := indexOf("Firefox|web browser internet", "Files|folders", "File Roller", "LibreOffice Writer|word", "Terminal|shell console foot", "Text Editor", "Qt Designer", "Éclair", "VLC media player", "GNU Image Manipulation Program|gimp")
	for _, c := range []struct{ query, want string }{
		{"fir", "Firefox"},
		{"FIRE", "Firefox"},
		{"fi", "Files, Firefox, File Roller"},
		{"files", "Files"},
		{"low", "LibreOffice Writer"},
		{"lw", "LibreOffice Writer"},
		{"te", "Terminal, Text Editor"},
		{"ed te", "Text Editor"},
		{"browser", "Firefox"},
		{"rowser", ""},
		{"eclair", "Éclair"},
		{"gimp", "GNU Image Manipulation Program"},
		{"word processor", ""},
		{"xyz", ""},
		{"qd", "Qt Designer"},
	} {
		got := names(x.Search(c.query, 10, nil, noon))
		if c.want == "" && got != "" || !strings.HasPrefix(got, strings.Split(c.want, ",")[0]) {
			t.Errorf("Search(%q) = %s; want %s first", c.query, got, c.want)
		}
	}
	if got := len(x.Search("", 4, nil, noon)); got != 4 {
		t.Errorf("an empty query finds %d of 4", got)
	}
	if got := names(x.Search("fi", 10, nil, noon)); got != "Files, Firefox, File Roller, LibreOffice Writer" {
		t.Errorf("fi: %s", got)
	}
}

// TestOtherNames: a thing is found by either of its names, as well by one as by
// the other.
func TestOtherNames(t *testing.T) {
	var x Index
	x.Set([]Item{{Key: "lock", Name: "Die Sitzung sperren", Also: "Lock the session"}, {Key: "block", Name: "Blockieren"}})
	for _, query := range []string{"lock the", "sitzung sper", "Lock the session"} {
		if got := x.Search(query, 4, nil, noon); len(got) == 0 || got[0].Item.Key != "lock" {
			t.Errorf("%q finds %+v", query, got)
		}
	}
}

func TestWhatIsChosenComesFirst(t *testing.T) {
	x := indexOf("Files", "Firefox", "Fish")
	var h History
	h.Choose("Fish", "fi", noon)
	if got := names(x.Search("fi", 3, &h, noon)); !strings.HasPrefix(got, "Fish") {
		t.Errorf("after a choice: %s", got)
	}
	if got := names(x.Search("", 3, &h, noon)); !strings.HasPrefix(got, "Fish") {
		t.Errorf("with nothing typed: %s", got)
	}
	if got := names(x.Search("fir", 3, &h, noon)); got != "Firefox" {
		t.Errorf("what doesn't fit isn't found: %s", got)
	}
	// Ten choices of long ago count for less than one of today.
	h = History{}
	for range 10 {
		h.Choose("Fish", "fi", noon.Add(-100*24*time.Hour))
	}
	h.Choose("Firefox", "fi", noon)
	if got := names(x.Search("fi", 3, &h, noon)); !strings.HasPrefix(got, "Firefox") {
		t.Errorf("after 100 days: %s", got)
	}
}

func TestHistoryIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "choices.json")
	h, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	h.Choose("foot", "te", noon)
	if err := h.Save(path)(); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", st.Mode(), err)
	}
	again, err := Load(path)
	if err != nil || again.bonus("foot", "te", noon) != h.bonus("foot", "te", noon) || h.bonus("foot", "te", noon) == 0 {
		t.Errorf("bonus %d, was %d; %v", again.bonus("foot", "te", noon), h.bonus("foot", "te", noon), err)
	}
	if err := os.WriteFile(path, []byte(`[{"key":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil {
		t.Error("a torn file was read")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	var h History
	for i := range 4000 {
		h.Choose(fmt.Sprint(i), "", noon.Add(time.Duration(i)*time.Minute))
	}
	if len(h.uses) > maxChoices {
		t.Errorf("%d choices remembered; at most %d", len(h.uses), maxChoices)
	}
	if h.bonus("3999", "", noon) == 0 {
		t.Error("the latest was forgotten")
	}
}

func crowd() *Index {
	var list []string
	for i := range 2000 {
		list = append(list, fmt.Sprintf("Application %d for things|keyword%d other", i, i%50))
	}
	return indexOf(list...)
}

func TestSearchAllocatesLittle(t *testing.T) {
	x := crowd()
	x.Search("app 19", 8, nil, noon)
	if n := testing.AllocsPerRun(10, func() { x.Search("app 19", 8, nil, noon) }); n > 8 {
		t.Errorf("%v allocations a search; the query's own letters are all that is needed", n)
	}
}

func BenchmarkSearch(b *testing.B) {
	x := crowd()
	b.ReportAllocs()
	for b.Loop() {
		x.Search("app 19", 8, nil, noon)
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("Text Editor", "te ed")
	f.Add("É\u0301ﬁ", "fi")
	f.Fuzz(func(t *testing.T, name, query string) {
		x := indexOf("Files", "Firefox")
		x.Set(append([]Item{{Key: "k", Name: name, Keywords: []string{name, query}}}, Item{Key: "files", Name: "Files"}))
		for _, found := range x.Search(query, 5, nil, noon) {
			if found.Item.Key == "" {
				t.Error("found nothing")
			}
		}
		// Whatever it is called, its name finds it, if there is a letter in it.
		if q := strings.TrimSpace(string(fold(name).letters)); q != "" && len(strings.Fields(q)) <= maxWords {
			ok := false
			for _, found := range x.Search(q, 5, nil, noon) {
				ok = ok || found.Item.Key == "k"
			}
			if !ok {
				t.Errorf("%q isn't found by its own name %q", name, q)
			}
		}
	})
}

func FuzzHistory(f *testing.F) {
	f.Add([]byte(`[{"key":"a","prefix":"f","amount":2,"at":"2026-11-23T12:00:00Z"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var h History
		if h.decode(text) == nil {
			h.bonus("a", "f", noon)
			h.Choose("a", "f", noon)
		}
	})
}

func TestRecentCountsUseAndAge(t *testing.T) {
	var h History
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	h.Choose("old", "o", now.Add(-100*24*time.Hour))
	h.Choose("once", "", now.Add(-time.Hour))
	h.Choose("often", "of", now.Add(-2*time.Hour))
	h.Choose("often", "of", now.Add(-2*time.Hour))
	if got, want := h.Recent(now), []string{"often", "once", "old"}; !slices.Equal(got, want) {
		t.Errorf("Recent = %q; want %q", got, want)
	}
}
