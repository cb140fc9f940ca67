package classify

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// small are examples of four intents, said in a few ways.
func small() []Example {
	var list []Example
	for _, c := range []struct{ intent, verbs, nouns string }{
		{"open", "open|start|launch|bring up|run", "the terminal|firefox|a browser|files|the editor|settings"},
		{"close", "close|quit|end|shut|get rid of", "the terminal|firefox|that browser|files|the editor|this window"},
		{"volume", "turn up|raise|increase|lower|turn down", "the volume|the sound|the music|the speakers|loudness"},
		{"time", "what is|tell me|do you know|show|say", "the time|the hour|what time it is|how late it is|the clock"},
	} {
		for _, v := range strings.Split(c.verbs, "|") {
			for _, n := range strings.Split(c.nouns, "|") {
				list = append(list, Example{c.intent, v + " " + n, v})
			}
		}
	}
	return list
}

func train(t testing.TB, list []Example, o Options) *Model {
	t.Helper()
	m, err := Train(list, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLinesFindTheirIntents(t *testing.T) {
	m := train(t, small(), Options{})
	for line, want := range map[string]string{
		"launch the editor please":    "open",
		"CLOSE the Éditor!":           "close",
		"turn the volume up":          "volume",
		"tel me the tiem":             "time",
		"could you quit firefox":      "close",
		"the music, turn it up a bit": "volume",
	} {
		got := m.Classify(line)
		if len(got) != 4 || got[0].Intent != want || !m.Accepts(got) {
			t.Errorf("Classify(%q) = %v, accepted %v; want %s", line, got, m.Accepts(got), want)
		}
		var sum float32
		for i, s := range got {
			if sum += s.P; i > 0 && s.P > got[i-1].P {
				t.Errorf("Classify(%q) isn't in order: %v", line, got)
			}
		}
		if sum > 1.0001 {
			t.Errorf("Classify(%q): probabilities sum up to %v", line, sum)
		}
	}
}

func TestLinesOutOfScopeAreRefused(t *testing.T) {
	list := small()
	for _, line := range []string{"my cat sleeps", "bread needs yeast", "who wrote hamlet", "it rained in march"} {
		list = append(list, Example{Intent: OutOfScope, Line: line})
	}
	m := train(t, list, Options{})
	if slices.Contains(m.Intents(), OutOfScope) {
		t.Errorf("Intents() = %v; out of scope is none", m.Intents())
	}
	for _, line := range []string{"", "?!", "zxcv qwerty", "\xff\xfe"} {
		if got := m.Classify(line); m.Accepts(got) {
			t.Errorf("Classify(%q) = %v is accepted", line, got[0])
		}
	}
}

func TestTheSameSeedGivesTheSameBits(t *testing.T) {
	a, b := train(t, small(), Options{}).Encode(), train(t, small(), Options{}).Encode()
	if !bytes.Equal(a, b) {
		t.Error("two models of the same examples differ")
	}
	// What every machine must arrive at. It changes when features, trainer or
	// calibration do.
	const want = "15e442c78f4b9d95724c0976822a29df3a670d0227b59524c5aadd360bfb6c3d"
	if got := Hash(a); got != want {
		t.Errorf("hash %s; want %s", got, want)
	}
}

// raced is whether the race detector is on, which allocates.
var raced bool

func TestRankingAllocatesNothing(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	m := train(t, small(), Options{})
	buf := make([]Score, 0, 8)
	m.Append(buf, strings.Repeat("long words ", 90))
	if n := testing.AllocsPerRun(100, func() { m.Append(buf, "put the Éditor on the left half, quickly") }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAFileGivesTheModelBack(t *testing.T) {
	m := train(t, small(), Options{})
	file := m.Encode()
	back, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"open firefox", "turn it down", "what?"} {
		if got, want := fmt.Sprint(back.Classify(line)), fmt.Sprint(m.Classify(line)); got != want {
			t.Errorf("Classify(%q) = %s; want %s", line, got, want)
		}
	}
	if !bytes.Equal(back.Encode(), file) {
		t.Error("what was read is written in another way")
	}
}

func TestDamageIsFound(t *testing.T) {
	file := train(t, small()[:60], Options{}).Encode()
	for i := range file {
		file[i] ^= 1
		if _, err := Decode(file); err == nil {
			t.Fatalf("byte %d may be another", i)
		}
		file[i] ^= 1
	}
	for _, n := range []int{0, 7, 63, 64, len(file) / 2, len(file) - 1} {
		if _, err := Decode(file[:n]); err == nil {
			t.Errorf("%d of %d bytes are a model", n, len(file))
		}
	}
	if _, err := Decode(append(slices.Clone(file), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("with a byte behind it: %v", err)
	}
	newer := slices.Clone(file)
	newer[8]++
	if _, err := Decode(newer); !errors.Is(err, ErrVersion) {
		t.Errorf("of another version: %v", err)
	}
	// A file that is whole, but holds what no model has.
	for at, v := range map[int]uint32{28: math.Float32bits(0), 24: 0x7fc00000, 36: 0x7f800000} {
		bad := slices.Clone(file)
		binary.LittleEndian.PutUint32(bad[at:], v)
		if _, err := Decode(sealed(bad)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%#x at %d: %v", v, at, err)
		}
	}
}

// sealed puts the right hash at the end of a file.
func sealed(file []byte) []byte {
	body := file[:len(file)-sha256.Size]
	sum := sha256.Sum256(body)
	return append(body, sum[:]...)
}

func FuzzDecode(f *testing.F) {
	file := train(f, small()[:60], Options{}).Encode()
	f.Add(file[:len(file)-sha256.Size], "open firefox")
	f.Add(file[:headerSize], "")
	f.Fuzz(func(t *testing.T, body []byte, line string) {
		m, err := Decode(sealed(append(slices.Clone(body), make([]byte, sha256.Size)...)))
		if err != nil {
			return
		}
		if got := m.Classify(line); len(got) != len(m.Intents()) {
			t.Errorf("%d scores of %d intents", len(got), len(m.Intents()))
		}
	})
}

func FuzzClassify(f *testing.F) {
	m := train(f, small(), Options{})
	for _, line := range []string{"", "open", "ÄÖÜ ß ﷺ", "\xff'\u0301", strings.Repeat("a ", 2000), strings.Repeat("é", 600)} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, s := range m.Classify(line) {
			if !(s.P >= 0 && s.P <= 1) || math.Abs(float64(s.Margin)) > 1000 {
				t.Errorf("Classify(%q): %+v", line, s)
			}
		}
	})
}

func TestWrongExamplesAreNamed(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "no examples",
		"a\tx\nb y\n":                      "line 2: want an intent, a tab",
		"\tx\n":                            "line 1: want an intent",
		"a\t" + strings.Repeat("x", 1<<17): "line 1: longer than",
	} {
		if _, err := ReadExamples(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v; want %q", in, err, want)
		}
	}
	got, err := ReadExamples(strings.NewReader("\ufeffa\tx y\r\n\nb\tz\tz\n"))
	if want := []Example{{"a", "x y", ""}, {"b", "z\tz", ""}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if _, err := Train([]Example{{"a", "x", ""}, {OutOfScope, "y", ""}}, Options{}); err == nil || !strings.Contains(err.Error(), "two intents") {
		t.Errorf("one intent: %v", err)
	}
}

func FuzzReadExamples(f *testing.F) {
	f.Add([]byte("a\tx\nb\ty\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ReadExamples(bytes.NewReader(b))
		if err == nil && len(list) == 0 {
			t.Error("nothing, and no error")
		}
	})
}

func TestReportsCountWhatIsRight(t *testing.T) {
	m := train(t, small(), Options{})
	r := Evaluate(m, []Example{
		{"open", "open firefox", ""}, {"close", "open the terminal", ""}, {"time", "what is the time", ""}, {OutOfScope, "zebras graze", ""},
	})
	if r.Lines != 3 || r.OutOfScope != 1 || r.Recall != 1 || math.Abs(r.Accuracy-2.0/3) > 1e-9 || len(r.Errors) != 1 {
		t.Errorf("%+v", r)
	}
	if want := (2.0/3 + 0 + 1) / 3; math.Abs(r.MacroF1-want) > 1e-9 {
		t.Errorf("macro-F1 %v; want %v", r.MacroF1, want)
	}
}

func BenchmarkClassify(b *testing.B) {
	m := train(b, small(), Options{})
	buf := make([]Score, 0, 8)
	b.ReportAllocs()
	for b.Loop() {
		m.Append(buf, "could you please turn the volume up a little")
	}
}
