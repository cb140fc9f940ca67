package editor

import (
	"testing"

	"rayos/rayapps/editor/buffer"
)

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "\ta\tbcd\te": "    a   bcd e", "漢\tx": "漢  x", "e\u0301\tx": "e\u0301   x",
		"a\xffb": `a\xFFb`, "\x1b[0m\x7f": "^[[0m^?", "a\u202eb\ufeff": "a<202E>b<FEFF>", "\u200d👩": "\u200d👩",
	} {
		text := buffer.Bytes([]byte(in))
		r := show(text, segmentAt(text, 0), 4, "", -1)
		if r.text != want {
			t.Errorf("%q is shown as %q; want %q", in, r.text, want)
		}
		if at := r.toShown(int64(len(in))); at != len(r.text) {
			t.Errorf("the end of %q stands at %d of %d", in, at, len(r.text))
		}
	}
}
