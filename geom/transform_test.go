package geom

import "testing"

const transforms = 8

// picture returns the image of an asymmetric w×h picture after t, worked out
// from the words of the protocol: a flip around the vertical axis, then turns
// counter-clockwise.
func picture(t Transform, img [][]int) [][]int {
	if t&Flipped != 0 {
		out := make([][]int, len(img))
		for y, row := range img {
			for x := range row {
				out[y] = append(out[y], row[len(row)-1-x])
			}
		}
		img = out
	}
	for range t & 3 {
		h, w := len(img), len(img[0])
		out := make([][]int, w)
		for y := range w {
			for x := range h {
				out[y] = append(out[y], img[x][w-1-y])
			}
		}
		img = out
	}
	return img
}

func TestTransformMeansFlipThenTurnCounterClockwise(t *testing.T) {
	img := [][]int{{0, 1, 2}, {3, 4, 5}}
	size := Size{3, 2}
	for tr := range Transform(transforms) {
		want := picture(tr, img)
		if got := tr.ApplySize(size); got != (Size{int32(len(want[0])), int32(len(want))}) {
			t.Errorf("%v.ApplySize(%v) = %v", tr, size, got)
		}
		for y := range int32(2) {
			for x := range int32(3) {
				r := tr.ApplyRect(Rect{x, y, x + 1, y + 1}, size)
				if r.Size() != (Size{1, 1}) || want[r.Y0][r.X0] != img[y][x] {
					t.Errorf("%v.ApplyRect of pixel %d,%d = %v; the picture is %v", tr, x, y, r, want)
				}
				f := tr.ApplyFRect(Rect{x, y, x + 1, y + 1}.F(), 3, 2)
				if f != r.F() {
					t.Errorf("%v.ApplyFRect = %v; want %v", tr, f, r)
				}
			}
		}
	}
}

func TestTransformGroup(t *testing.T) {
	size, r := Size{30, 20}, Rect{3, 4, 9, 16}
	for a := range Transform(transforms) {
		if got := a.Then(a.Invert()); got != Normal {
			t.Errorf("%v then its inverse = %v; want normal", a, got)
		}
		if got := a.Invert().Then(a); got != Normal {
			t.Errorf("inverse of %v then it = %v; want normal", a, got)
		}
		back := a.Invert().ApplyRect(a.ApplyRect(r, size), a.ApplySize(size))
		if back != r {
			t.Errorf("%v and back: %v; want %v", a, back, r)
		}
		if a.Then(Normal) != a || Normal.Then(a) != a {
			t.Errorf("normal is not neutral for %v", a)
		}
		for b := range Transform(transforms) {
			ab := a.Then(b)
			if !ab.Valid() {
				t.Fatalf("%v.Then(%v) = %d", a, b, ab)
			}
			want := b.ApplyRect(a.ApplyRect(r, size), a.ApplySize(size))
			if got := ab.ApplyRect(r, size); got != want {
				t.Errorf("%v.Then(%v) = %v: maps to %v; want %v", a, b, ab, got, want)
			}
			if got, want := ab.ApplySize(size), b.ApplySize(a.ApplySize(size)); got != want {
				t.Errorf("%v.Then(%v).ApplySize = %v; want %v", a, b, got, want)
			}
			if got, want := ab.Invert(), b.Invert().Then(a.Invert()); got != want {
				t.Errorf("inverse of %v then %v = %v; want %v", a, b, got, want)
			}
			for c := range Transform(transforms) {
				if a.Then(b).Then(c) != a.Then(b.Then(c)) {
					t.Errorf("Then is not associative for %v, %v, %v", a, b, c)
				}
			}
		}
	}
}

func TestTransformNames(t *testing.T) {
	for tr, want := range map[Transform]string{
		Normal: "normal", Rotate90: "90", Flipped: "flipped", Flipped270: "flipped-270", 8: "invalid",
	} {
		if got := tr.String(); got != want {
			t.Errorf("Transform(%d) = %q; want %q", uint8(tr), got, want)
		}
	}
}

func TestTransformSaturates(t *testing.T) {
	huge := Rect{-1 << 31, -1 << 31, 1<<31 - 1, 1<<31 - 1}
	for tr := range Transform(transforms) {
		if got := tr.ApplyRect(huge, Size{100, 50}); got.Empty() {
			t.Errorf("%v of a huge rectangle = %v; wrapped", tr, got)
		}
	}
}
