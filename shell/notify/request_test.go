package notify

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/godbus/dbus/v5"
	"github.com/google/go-cmp/cmp"
)

func TestBody(t *testing.T) {
	for body, want := range map[string][]Span{
		"":                                      nil,
		"plain":                                 {{Text: "plain"}},
		"a < b & c > d":                         {{Text: "a < b & c > d"}},
		"<b>x</b> y":                            {{Text: "x", Style: Bold}, {Text: " y"}},
		"<B><i>x</B>y</i>":                      {{Text: "x", Style: Bold | Italic}, {Text: "y", Style: Italic}},
		"&lt;b&gt;&amp;&quot;&apos;":            {{Text: `<b>&"'`}},
		"<a href=\"https://e/?a&amp;b\">l</a>m": {{Text: "l", Link: "https://e/?a&b"}, {Text: "m"}},
		"<a href='javascript:x'>l</a>":          {{Text: "l"}},
		"<a href=\"file:///etc\">l</a>":         {{Text: "l"}},
		"<img src=\"x\" alt=\"a cat\"/>!":       {{Text: "a cat!"}},
		"<script>x</script>":                    {{Text: "<script>x</script>"}},
		"</b></b>x<b>y":                         {{Text: "x"}, {Text: "y", Style: Bold}},
		"one\ntwo\x1b[31m\u202e":                {{Text: "one\ntwo[31m"}},
		"<b onclick=\"x\">y":                    {{Text: "<b onclick=\"x\">y"}},
	} {
		if d := cmp.Diff(want, parseBody(body)); d != "" {
			t.Errorf("%q: %s", body, d)
		}
	}
}

func picture(w, h, stride int32, alpha bool, bits, samples int32, data []byte) map[string]dbus.Variant {
	return map[string]dbus.Variant{"image-data": dbus.MakeVariant([]any{w, h, stride, alpha, bits, samples, data})}
}

func TestImages(t *testing.T) {
	good := []byte{1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12}
	n, err := parse(":1", "a", "", "s", "", nil, picture(2, 2, 8, false, 8, 3, good), 0)
	if err != nil || n.Image == nil {
		t.Fatal(n.Image, err)
	}
	if d := cmp.Diff([]byte{1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255}, n.Image.Pixels); d != "" {
		t.Error(d)
	}
	for name, hints := range map[string]map[string]dbus.Variant{
		"short":         picture(2, 2, 8, false, 8, 3, good[:13]),
		"no rows":       picture(2, 0, 8, false, 8, 3, good),
		"negative":      picture(-2, 2, 8, false, 8, 3, good),
		"huge":          picture(1<<30, 1<<30, 1<<30, false, 8, 3, good),
		"stride":        picture(2, 2, 5, false, 8, 3, good),
		"huge stride":   picture(2, 2, 1<<30, false, 8, 3, good),
		"bits":          picture(2, 2, 8, false, 16, 3, good),
		"samples":       picture(2, 2, 8, true, 8, 3, good),
		"another type":  {"image-data": dbus.MakeVariant("x")},
		"another shape": {"image-data": dbus.MakeVariant([]any{int32(1)})},
	} {
		n, err := parse(":1", "a", "", "s", "", nil, hints, 0)
		if err != nil || n.Image != nil {
			t.Errorf("%s: %v, %v; want no picture", name, n.Image, err)
		}
	}
}

func TestParse(t *testing.T) {
	n, err := parse(":1", "app\x00\n", "../x", strings.Repeat("é", 200), "", []string{"default", "", "a", "A", "b", ""}, map[string]dbus.Variant{
		"urgency": dbus.MakeVariant(byte(2)), "value": dbus.MakeVariant(int32(500)), "desktop-entry": dbus.MakeVariant("../../x"),
		"transient": dbus.MakeVariant(1), "image-path": dbus.MakeVariant("file:///usr/../x.png"),
	}, 1500)
	if err != nil {
		t.Fatal(err)
	}
	if n.App != "app " || len(n.Summary) != MaxSummary || !utf8.ValidString(n.Summary) || n.Urgency != Critical || n.Value != 100 || n.Desktop != "" ||
		n.Transient || n.Icon != "/x.png" || !n.Default || len(n.Actions) != 1 || n.Timeout.Milliseconds() != 1500 {
		t.Errorf("%+v", n)
	}
	if _, err := parse(":1", "a", "", "", "", nil, nil, 0); err == nil {
		t.Error("a notification that says nothing was taken")
	}
	if _, err := parse(":1", "a", "", "s", "", []string{"a"}, nil, 0); err == nil {
		t.Error("half an action was taken")
	}
}

func FuzzBody(f *testing.F) {
	f.Add("<b>x</b> &amp; <a href=\"https://e\">l</a><img alt='z'>")
	f.Add("</b><i><b><u>&lt")
	f.Fuzz(func(t *testing.T, body string) {
		total := 0
		for _, s := range parseBody(body) {
			total += len(s.Text)
			if s.Text == "" || !utf8.ValidString(s.Text) || s.Link != "" && !allowedLink(s.Link) {
				t.Errorf("%q: span %+v", body, s)
			}
		}
		if total > MaxBody+3*len(body) {
			t.Errorf("%d bytes of text", total)
		}
	})
}
