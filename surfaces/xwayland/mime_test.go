package xwayland

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func pairs(list []typed) (out []string) {
	for _, t := range list {
		out = append(out, t.mime+" "+t.target)
	}
	return out
}

func TestFromTargets(t *testing.T) {
	for _, tt := range []struct {
		targets, want []string
	}{
		{[]string{"TARGETS", "TIMESTAMP", "UTF8_STRING", "STRING", "TEXT"}, []string{mimeUTF8 + " UTF8_STRING", mimePlain + " UTF8_STRING"}},
		{[]string{"STRING"}, []string{mimePlain + " STRING", mimeUTF8 + " STRING"}},
		{[]string{"image/png", "text/html", "SAVE_TARGETS"}, []string{"image/png image/png", "text/html text/html"}},
		{[]string{"image/png", "image/png"}, []string{"image/png image/png"}},
		{[]string{"text/plain", "UTF8_STRING"}, []string{"text/plain text/plain", mimeUTF8 + " UTF8_STRING"}},
		{nil, nil},
	} {
		if d := cmp.Diff(tt.want, pairs(fromTargets(tt.targets))); d != "" {
			t.Errorf("%v: %s", tt.targets, d)
		}
	}
}

func TestToTargets(t *testing.T) {
	got := pairs(toTargets([]string{mimePlain, mimeUTF8, "text/html", "nothing"}))
	want := []string{
		mimeUTF8 + " UTF8_STRING", mimeUTF8 + " STRING", mimeUTF8 + " TEXT",
		mimePlain + " " + mimePlain, mimeUTF8 + " " + mimeUTF8, "text/html text/html",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTypesAreBounded(t *testing.T) {
	many := []string{"a/" + strings.Repeat("x", maxText)}
	for i := range 1000 {
		many = append(many, fmt.Sprintf("type/%d", i))
	}
	if n := len(fromTargets(many)); n != maxTypes {
		t.Errorf("%d types from X11; want %d", n, maxTypes)
	}
	list := toTargets(many)
	if len(list) != maxTypes || list[0].mime != "type/0" {
		t.Errorf("%d types to X11 from %q; want %d, none of them too long", len(list), list[0].mime, maxTypes)
	}
}
