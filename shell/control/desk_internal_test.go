package control

import "testing"

func FuzzRegion(f *testing.F) {
	f.Add("10,20,300x200")
	f.Add("-1,-2,3x4")
	f.Add("9999999999,0,1x1")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := parseRegion(s)
		if err == nil && (r.Empty() || r.W() > 1<<20 || r.X0 < -1<<20 || r.X1 < r.X0) {
			t.Errorf("%q is %v", s, r)
		}
	})
}
