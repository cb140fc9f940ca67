package buffer

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func scan(t *testing.T, q Query, text Text) []Match {
	t.Helper()
	p, err := Compile(q)
	if err != nil {
		t.Fatalf("Compile(%+v): %v", q, err)
	}
	return p.In(text, 0, text.Len(), 1<<20)
}

func TestFind(t *testing.T) {
	const text = "Foo foo_bar foo\nfoot FOO größe GRÖSSE Größe\r\nk \xff foo"
	for _, c := range []struct {
		q    Query
		want []string
	}{
		{Query{Text: "foo"}, []string{"Foo", "foo", "foo", "foo", "FOO", "foo"}},
		{Query{Text: "foo", Case: true}, []string{"foo", "foo", "foo", "foo"}},
		{Query{Text: "foo", Words: true}, []string{"Foo", "foo", "FOO", "foo"}},
		{Query{Text: "GRÖßE"}, []string{"größe", "Größe"}},
		{Query{Text: "größe", Words: true, Case: true}, []string{"größe"}},
		{Query{Text: "^foo.", Regexp: true}, []string{"Foo ", "foot"}},
		{Query{Text: "fo+$", Regexp: true}, []string{"foo", "foo"}},
		{Query{Text: `o\nf`, Regexp: true}, []string{"o\nf"}},
		{Query{Text: "foo_bar foo\nfoot"}, []string{"foo_bar foo\nfoot"}},
		{Query{Text: "\xff"}, []string{"\xff"}},
	} {
		var got []string
		for _, m := range scan(t, c.q, Bytes([]byte(text))) {
			got = append(got, text[m.Start:m.End])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v finds %q; want %q", c.q, got, c.want)
		}
	}
	for q, want := range map[Query]error{
		{}:                                   ErrEmpty,
		{Text: strings.Repeat("x", 5000)}:    ErrLong,
		{Text: `\Afoo`, Regexp: true}:        ErrText,
		{Text: `(foo(bar\z))`, Regexp: true}: ErrText,
	} {
		if _, err := Compile(q); !errors.Is(err, want) {
			t.Errorf("Compile(%.20q): %v; want %v", q.Text, err, want)
		}
	}
	if _, err := Compile(Query{Text: "(", Regexp: true}); err == nil {
		t.Error("an expression that makes no sense was compiled")
	}
}

// What lies across the border of two windows is found once.
func TestFindAcrossWindows(t *testing.T) {
	for _, pad := range []string{"x", "x\n"} {
		var data []byte
		var want []Match
		for _, at := range []int{window/16 - 3, window/16 + 9, 1<<20 + 1<<16 - 2, 2<<20 + 1<<16 + 17, 3 << 20} {
			data = append(data, bytes.Repeat([]byte(pad), (at-len(data))/len(pad))...)
			want = append(want, Match{int64(len(data)), int64(len(data)) + 6})
			data = append(data, "needle"...)
		}
		text, _ := open(t, data, true)
		for _, q := range []Query{{Text: "needle"}, {Text: "Needle", Regexp: true}, {Text: "n[e]+dle", Regexp: true, Case: true}, {Text: "NEEDLE"}} {
			if got := scan(t, q, text); !slices.Equal(got, want) {
				t.Errorf("%+v finds %v; want %v", q, got, want)
			}
		}
	}
}

func TestNextAndPrevious(t *testing.T) {
	data := append(bytes.Repeat([]byte(".\n"), 1<<20), "ab ab"...)
	data = append(append([]byte("ab "), data...), bytes.Repeat([]byte("-"), 3<<20)...)
	text := Bytes(data)
	mid := int64(2<<20 + 3)
	for _, q := range []Query{{Text: "ab"}, {Text: "a.", Regexp: true}} {
		p, err := Compile(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ from, next, previous int64 }{
			{0, 0, mid + 3},
			{1, mid, mid + 3}, // none ends before
			{2, mid, 0},
			{mid, mid, 0},
			{mid + 1, mid + 3, 0},
			{mid + 2, mid + 3, mid},
			{mid + 5, 0, mid + 3},
			{text.Len(), 0, mid + 3},
		} {
			if m, ok, err := p.Next(context.Background(), text, c.from); m.Start != c.next || !ok || err != nil {
				t.Errorf("Next(%d) = %v, %v, %v; want %d", c.from, m, ok, err, c.next)
			}
			if m, ok, err := p.Previous(context.Background(), text, c.from); m.Start != c.previous || !ok || err != nil {
				t.Errorf("Previous(%d) = %v, %v, %v; want %d", c.from, m, ok, err, c.previous)
			}
		}
	}
	p, _ := Compile(Query{Text: "nowhere"})
	if _, ok, err := p.Previous(context.Background(), text, 9); ok || err != nil {
		t.Errorf("found %v, %v", ok, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := p.Next(ctx, text, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v; want that of the context", err)
	}
}

func TestReplaceAll(t *testing.T) {
	for _, c := range []struct {
		q          Query
		with       string
		text, want string
	}{
		{Query{Text: "a"}, "bb", "a-A-\na", "bb-bb-\nbb"},
		{Query{Text: "a"}, "$1", "a", "$1"},
		{Query{Text: `(\w+)=(\w+)`, Regexp: true}, "$2=$1", "x=1\ny=2 z", "1=x\n2=y z"},
		{Query{Text: `^`, Regexp: true}, "> ", "a\nb\n", "> a\n> b\n> "},
		{Query{Text: `a$`, Regexp: true}, "b", "aa\naa", "ab\nab"},
		{Query{Text: "gone"}, "", "gone gone", " "},
	} {
		p, err := Compile(c.q)
		if err != nil {
			t.Fatal(err)
		}
		got, _, _, err := p.ReplaceAll(context.Background(), Bytes([]byte(c.text)), c.with, nil)
		if err != nil {
			t.Fatal(err)
		}
		check(t, got, []byte(c.want))
	}
	// A large one, in few bytes.
	text, _ := open(t, bytes.Repeat([]byte("one two three\n"), 20_000), true)
	p, _ := Compile(Query{Text: "two", Case: true})
	got, n, _, err := p.ReplaceAll(context.Background(), text, "2", nil)
	if n != 20_000 || err != nil {
		t.Fatalf("replaced %d, %v", n, err)
	}
	check(t, got, bytes.Repeat([]byte("one 2 three\n"), 20_000))
}

// FuzzFind compares with what Go finds in the whole.
func FuzzFind(f *testing.F) {
	f.Add("a+b", "xxab\naab\xffab", true)
	f.Add("b.", "ab\nbc", false)
	f.Fuzz(func(t *testing.T, expr, text string, isRegexp bool) {
		if len(expr) > 50 || len(text) > 4000 {
			t.Skip()
		}
		q := Query{Text: expr, Regexp: isRegexp, Case: true}
		p, err := Compile(q)
		if err != nil {
			t.Skip()
		}
		full := "(?m)" + expr
		if !isRegexp {
			full = regexp.QuoteMeta(expr)
		}
		var want []Match
		if isRegexp {
			for _, m := range regexp.MustCompile(full).FindAllStringIndex(text, -1) {
				want = append(want, Match{int64(m[0]), int64(m[1])})
			}
		} else {
			for at := 0; ; {
				i := strings.Index(text[at:], expr)
				if i < 0 {
					break
				}
				want = append(want, Match{int64(at + i), int64(at + i + len(expr))})
				at += i + len(expr)
			}
		}
		if got := p.In(Bytes([]byte(text)), 0, int64(len(text)), 1<<20); !slices.Equal(got, want) {
			t.Fatalf("%q in %q: %v; want %v", expr, text, got, want)
		}
		ctx := context.Background()
		if len(want) > 0 {
			if m, ok, err := p.Next(ctx, Bytes([]byte(text)), 0); m != want[0] || !ok || err != nil {
				t.Fatalf("Next = %v, %v, %v; want %v", m, ok, err, want[0])
			}
		}
	})
}
