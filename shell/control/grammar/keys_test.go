package grammar

import (
	"slices"
	"testing"
)

func TestParseKeys(t *testing.T) {
	tests := []struct {
		spec, want string
		codes      []uint32
	}{
		{"enter", "enter", []uint32{28}},
		{"Return", "enter", []uint32{28}},
		{"a", "a", []uint32{30}},
		{"A", "shift+a", []uint32{42, 30}},
		{"ctrl+C", "ctrl+c", []uint32{29, 46}},
		{"win-l", "meta+l", []uint32{125, 38}},
		{"CTRL-alt+Delete", "ctrl+alt+delete", []uint32{29, 56, 111}},
		{"alt+ctrl+del", "ctrl+alt+delete", []uint32{29, 56, 111}},
		{"meta", "meta", []uint32{125}},
		{"shift+tab", "shift+tab", []uint32{42, 15}},
		{"-", "-", []uint32{12}},
		{"+", "shift+=", []uint32{42, 13}},
		{"ctrl+-", "ctrl+-", []uint32{29, 12}},
		{"ctrl--", "ctrl+-", []uint32{29, 12}},
		{"ctrl++", "ctrl+shift+=", []uint32{29, 42, 13}},
		{"!", "shift+1", []uint32{42, 2}},
		{"ctrl+?", "ctrl+shift+/", []uint32{29, 42, 53}},
		{"f11", "f11", []uint32{87}},
		{"f12", "f12", []uint32{88}},
		{"pagedown", "pgdn", []uint32{109}},
		{"\\", "\\", []uint32{43}},
		{"`", "`", []uint32{41}},
		{"0", "0", []uint32{11}},
		{"/", "/", []uint32{53}},
	}
	for _, tt := range tests {
		k, err := ParseKeys(tt.spec)
		if err != nil || k.String() != tt.want || !slices.Equal(k.Codes(), tt.codes) {
			t.Errorf("ParseKeys(%q) = %v %v, %v; want %s %v", tt.spec, k, k.Codes(), err, tt.want, tt.codes)
		}
	}
	for _, bad := range []string{"", "++", "+a", "a+", "a+b", "ctrl+ctrl+a", "ctrl++a", "enter+a", "f13", "ä", "ctrl+", "--", "conference", " ", "a b", "\n", "ctrl+enter+", "+++", "ctrl+alt+shift+meta+ctrl+alt+shift+meta+ctrl+alt+shift+meta+ctrl+a"} {
		if k, err := ParseKeys(bad); err == nil {
			t.Errorf("ParseKeys(%q) = %v; want an error", bad, k)
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	for _, s := range []string{"enter", "ctrl+-", "A", "ctrl++", "meta", "alt-F4", "+", "shift+a", "windows+!", "é"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := ParseKeys(s)
		if err != nil {
			return
		}
		again, err := ParseKeys(k.String())
		if err != nil || again != k {
			t.Fatalf("ParseKeys(%q) = %+v, printed %q, which is %+v, %v", s, k, k, again, err)
		}
		if n := len(k.Codes()); n == 0 || n > 5 {
			t.Fatalf("ParseKeys(%q) presses %v", s, k.Codes())
		}
	})
}
