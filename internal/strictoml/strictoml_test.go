package strictoml

import (
	"errors"
	"strings"
	"testing"
)

type file struct {
	Name  string
	Count int
	Inner struct{ Deep bool }
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"name = \"a\"\ncount = 3\n[inner]\ndeep = true\n", ""},
		{"name = \"a\"\nother = 3\n", "2:1: other: unknown key"},
		{"[inner]\nshallow = 3\n", "2:1: inner.shallow: unknown key"},
		{"name = 3\n", "1:8: name: "},
		{"\ncount = \"x\"\n", "2:9: count: "},
		{"name = \n", "1:8: syntax: "},
		{"name = \"a\"\nname = \"b\"\n", "2:1: "},
		{strings.Repeat("#", 101), "size: larger than 100 bytes"},
	} {
		var f file
		err := Decode([]byte(c.text), 100, &f)
		var e *Error
		switch {
		case c.want == "" && err != nil, c.want != "" && (!errors.As(err, &e) || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("Decode(%.30q) = %v; want %s", c.text, err, c.want)
		}
	}
}

func TestPosition(t *testing.T) {
	data := []byte("a = 1\n[b]\n  c = 2\nd = { e = 3 }\n[b.f]\n")
	for key, want := range map[string][2]int{"a": {1, 1}, "b.c": {3, 3}, "b": {2, 2}, "b.d.e": {4, 1}, "b.f": {5, 2}, "g": {0, 0}} {
		if line, column := Position(data, key); line != want[0] || column != want[1] {
			t.Errorf("Position(%s) = %d:%d; want %v", key, line, column, want)
		}
	}
}
