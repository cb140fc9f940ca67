package wm

import (
	"errors"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rayos/geom"
)

func TestZonesCoverTheAreaWithoutGaps(t *testing.T) {
	for _, u := range []geom.Rect{geom.XYWH(0, 40, 1281, 681), geom.XYWH(-5, -7, 3, 3), geom.XYWH(0, 0, 1920, 1080)} {
		for _, set := range [][]Zone{
			{ZoneMax},
			{ZoneLeft, ZoneRight},
			{ZoneTop, ZoneBottom},
			{ZoneTopLeft, ZoneTopRight, ZoneBottomLeft, ZoneBottomRight},
		} {
			var area int64
			for i, z := range set {
				r := z.Rect(u)
				area += int64(r.W()) * int64(r.H())
				for _, y := range set[i+1:] {
					if r.Overlaps(y.Rect(u)) {
						t.Errorf("%v and %v of %v overlap", z, y, u)
					}
				}
			}
			if want := int64(u.W()) * int64(u.H()); area != want {
				t.Errorf("zones %v of %v cover %d px; want %d", set, u, area, want)
			}
		}
	}
}

func TestEdgesValid(t *testing.T) {
	n := 0
	for e := range Edges(255) {
		if e.Valid() {
			n++
		}
	}
	if n != 8 {
		t.Errorf("%d valid handles; want 8", n)
	}
}

func TestInsetsUndoEachOther(t *testing.T) {
	in := DefaultConfig().Server.Floating
	r := geom.XYWH(100, 50, 640, 480)
	if got := in.inset(in.Outset(r)); got != r {
		t.Errorf("inset(Outset(%v)) = %v", r, got)
	}
}

func TestOldStatesStayAsTheyWere(t *testing.T) {
	old := desktop(t, 5)
	want := old.String()
	a, err := old.Apply(MoveBy{ID: 3, Delta: geom.Point{X: 7}})
	if err != nil {
		t.Fatal(err)
	}
	wantA := a.String()
	for _, op := range []Op{MoveBy{ID: 3, Delta: geom.Point{X: 50}}, Raise{ID: 1}, Unmap{ID: 2}, RemoveOutput{ID: 1}} {
		if _, err := old.Apply(op); err != nil {
			t.Fatalf("Apply(%s) = %v", FormatOp(op), err)
		}
		if _, err := a.Apply(op); err != nil {
			t.Fatalf("Apply(%s) = %v", FormatOp(op), err)
		}
	}
	if old.String() != want || a.String() != wantA {
		t.Error("a later Apply changed an earlier state")
	}
}

func TestOpsOnUnknownThingsFail(t *testing.T) {
	s := desktop(t, 1)
	tests := []struct {
		op   Op
		want error
	}{
		{Map{ID: 0}, ErrInvalid},
		{Map{ID: 1}, ErrExists},
		{Map{ID: 2, Output: 9}, ErrNoOutput},
		{Unmap{ID: 9}, ErrNoWindow},
		{Raise{ID: 9}, ErrNoWindow},
		{Focus{ID: 9}, ErrNoWindow},
		{Activate{ID: 9}, ErrNoWindow},
		{SetParent{ID: 1, Parent: 9}, ErrNoWindow},
		{SetParent{ID: 1, Parent: 1}, ErrLoop},
		{Snap{ID: 1, Zone: 99}, ErrInvalid},
		{Shade{ID: 1, To: 9}, ErrInvalid},
		{Fullscreen{ID: 1, Output: 9}, ErrNoOutput},
		{Workspace{N: -1}, ErrNoWorkspace},
		{Workspace{N: 4}, ErrNoWorkspace},
		{MoveToWorkspace{ID: 1, N: 4}, ErrNoWorkspace},
		{SetLayout{N: 0, Layout: 9}, ErrInvalid},
		{TileSwap{ID: 1, With: 9}, ErrNoWindow},
		{AddOutput{ID: 1}, ErrExists},
		{RemoveOutput{ID: 9}, ErrNoOutput},
		{ChangeOutput{ID: 9}, ErrNoOutput},
	}
	for _, tt := range tests {
		if _, err := s.Apply(tt.op); !errors.Is(err, tt.want) {
			t.Errorf("Apply(%s) = %v; want %v", FormatOp(tt.op), err, tt.want)
		}
	}
}

func TestOutputsAreLimited(t *testing.T) {
	s := New(DefaultConfig())
	for i := range maxOutputs {
		next, err := s.Apply(AddOutput{ID: OutputID(i + 1)})
		if err != nil {
			t.Fatal(err)
		}
		s = next
	}
	if _, err := s.Apply(AddOutput{ID: maxOutputs + 1}); !errors.Is(err, ErrTooMany) {
		t.Errorf("AddOutput beyond the limit = %v; want %v", err, ErrTooMany)
	}
}

// A family as deep as a hostile client likes costs time in proportion to it,
// not to its square.
func TestDeepFamilyIsArranged(t *testing.T) {
	s := desktop(t, 0)
	const n = 3000
	for i := range n {
		next, err := s.Apply(Map{ID: WindowID(i + 1), Parent: WindowID(i), Size: geom.Size{W: 9, H: 9}})
		if err != nil {
			t.Fatal(err)
		}
		s = next
	}
	if got := len(s.Arrange(nil)); got != n {
		t.Errorf("Arrange = %d windows; want %d", got, n)
	}
}

// The policy stays testable without a session as long as it knows nothing of
// one.
func TestImportsOnlyGeom(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"errors", "fmt", "reflect", "slices", "strconv", "strings", "rayos/geom"}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			if path, err := strconv.Unquote(imp.Path.Value); err != nil || !slices.Contains(allowed, path) {
				t.Errorf("%s imports %s; the policy has no clock, no files and no session", file, imp.Path.Value)
			}
		}
	}
}
