package vmm

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFolders(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(base, "home")
	for _, dir := range []string{"home/docs/deep", "home/docs2", "home/state/rayos/vm", "outside"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(home, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"away": "../outside", "root": "/", "self": ".", "here": "docs/deep", "gone": "nowhere"} {
		if err := os.Symlink(to, filepath.Join(home, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		shares []Share
		want   []Folder
		detail string
	}{
		{nil, nil, ""},
		{[]Share{{"docs", "a", true}, {"docs2", "b", false}}, []Folder{{home + "/docs", "a", true}, {home + "/docs2", "b", false}}, ""},
		{[]Share{{"here", "a", false}}, []Folder{{home + "/docs/deep", "a", false}}, ""},
		{[]Share{{"docs", "a", false}, {"docs/deep", "b", false}}, []Folder{{home + "/docs", "a", false}, {home + "/docs/deep", "b", false}}, ""},
		{[]Share{{"docs", "a", false}, {"docs2", "a", false}}, nil, `"docs2" has the tag of another share`},
		{make([]Share, 17), nil, "17 for one machine: at most 16"},
		{[]Share{{"missing", "a", false}}, nil, `"missing" is not there`},
		{[]Share{{"gone", "a", false}}, nil, `"gone" is not there`},
		{[]Share{{"file", "a", false}}, nil, `"file" is no folder`},
		{[]Share{{"away", "a", false}}, nil, `"away" leads out of your home`},
		{[]Share{{"root", "a", false}}, nil, `"root" leads out of your home`},
		{[]Share{{"self", "a", false}}, nil, `"self" leads out of your home`},
		{[]Share{{"state", "a", false}}, nil, `"state" holds data of the machines themselves`},
		{[]Share{{"state/rayos/vm", "a", false}}, nil, `"state/rayos/vm" holds data of the machines themselves`},
		{[]Share{{"docs", "a", false}, {"here", "b", true}}, nil, `"here" is within another share, and only one of them is writable`},
		{[]Share{{"docs/deep", "a", false}, {"docs", "b", true}}, nil, `"docs" is within another share, and only one of them is writable`},
	} {
		got, v := Folders(tt.shares, home, filepath.Join(home, "state", "rayos"))
		detail := ""
		if v != nil {
			detail = v.Detail
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || detail != tt.detail {
			t.Errorf("%v: %q; want %q %s", tt.shares, detail, tt.detail, diff)
		}
	}
	if _, v := Folders([]Share{{"docs", "a", false}}, "", base); v == nil || v.Marker() != `RAYOS_POLICY_VIOLATION:shares:"" is no home` {
		t.Errorf("without a home: %v", v)
	}
}
