package data

import (
	"math/rand/v2"
	"strings"
	"testing"

	"rayos/intent/classify"
)

// TestTheModelIsFresh fails when templates, fillings, options, features or
// trainer have changed since the model was made.
func TestTheModelIsFresh(t *testing.T) {
	got, err := Origin(model)
	if err != nil {
		t.Fatal(err)
	}
	if got != origin {
		t.Error("model.bin isn't what the templates give: go generate ./intent/data")
	}
}

// The bars of the model, on lines that it has never seen.
const (
	barF1     = 0.95
	barTypos  = 0.87 // with 6 % of the characters wrong
	barChat   = 0.60 // of chat that is refused
	barIntent = 0.90 // of lines in scope that are right and not refused
	// Lines that would be carried out without a question and shouldn't be, and
	// chat that would be asked about: shares of all lines, and of chat.
	sure, mostSure = 0.8, 0.01
	ask, mostAsked = 0.5, 0.15
)

func TestTheModelUnderstandsWhatNobodyHasThoughtOf(t *testing.T) {
	m, err := Model()
	if err != nil {
		t.Fatal(err)
	}
	test, err := Test()
	if err != nil {
		t.Fatal(err)
	}
	r := classify.Evaluate(m, test)
	t.Logf("%d lines, %d of chat: accuracy %.4f, not refused %.4f, macro-F1 %.4f, chat refused %.4f", r.Lines, r.OutOfScope, r.Accuracy, r.Accepted, r.MacroF1, r.Recall)
	if r.MacroF1 < barF1 || r.Recall < barChat || r.Accepted < barIntent {
		t.Errorf("macro-F1 %.3f, chat refused %.3f, in scope %.3f; want %v, %v, %v", r.MacroF1, r.Recall, r.Accepted, barF1, barChat, barIntent)
	}
	bad, asked := 0, 0
	for _, e := range test {
		best := m.Classify(e.Line)[0]
		if best.P >= sure && best.Intent != e.Intent {
			bad++
		}
		if best.P >= ask && e.Intent == classify.OutOfScope {
			asked++
		}
	}
	if float64(bad) > mostSure*float64(len(test)) || float64(asked) > mostAsked*float64(r.OutOfScope) {
		t.Errorf("%d of %d lines are wrong and sure, %d of %d lines of chat would be asked about", bad, len(test), asked, r.OutOfScope)
	}
	var sum float64
	const rounds = 5
	for seed := range uint64(rounds) {
		sum += classify.Evaluate(m, Typos(test, typoRate, seed)).MacroF1
	}
	t.Logf("with typos: macro-F1 %.4f", sum/rounds)
	if sum/rounds < barTypos {
		t.Errorf("macro-F1 with typos %.3f; want %v", sum/rounds, barTypos)
	}
}

func TestNoTemplateStandsTwice(t *testing.T) {
	seen := map[string]string{}
	for name, file := range map[string]string{"train.txt": trainText, "more.txt": moreText, "test.txt": testText} {
		list, err := parse(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, tpl := range list {
			if other := seen[tpl.text]; other != "" && other != name && (other == "test.txt" || name == "test.txt") {
				t.Errorf("%q stands in %s and %s", tpl.text, other, name)
			}
			seen[tpl.text] = name
		}
	}
}

func TestEveryIntentIsTaughtAndTested(t *testing.T) {
	m, err := Model()
	if err != nil {
		t.Fatal(err)
	}
	count := func(file string) map[string]int {
		list, err := parse(file)
		if err != nil {
			t.Fatal(err)
		}
		n := map[string]int{}
		for _, tpl := range list {
			n[tpl.intent]++
		}
		return n
	}
	train, test := count(trainText+moreText), count(testText)
	if len(train) != len(m.Intents()) || len(test) != len(m.Intents()) {
		t.Errorf("%d intents are taught, %d tested, %d in the model", len(train), len(test), len(m.Intents()))
	}
	for _, intent := range m.Intents() {
		if train[intent] < 20 || test[intent] < 5 {
			t.Errorf("%s: %d templates to learn, %d to be tested with; want 20 and 5", intent, train[intent], test[intent])
		}
	}
}

func TestTemplatesAreWellFormed(t *testing.T) {
	for _, text := range []string{"a (b", "a b)", "[a (b)]", "{nothing}", "(a]", "a\n b"} {
		if err := wellFormed(text); (err == nil) != (text == "a\n b") {
			t.Errorf("wellFormed(%q) = %v", text, err)
		}
	}
	if _, err := parse("  open it\n"); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a template of nothing: %v", err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		got := template{text: "(open|start [x]) [the] {app}"}.say(rng, false)
		if strings.ContainsAny(got, "()[]{}|") || strings.TrimSpace(got) != got {
			t.Fatalf("say = %q", got)
		}
	}
}

func TestWordsAreThoseOfTemplates(t *testing.T) {
	words := Words()
	for _, w := range []string{"put", "window", "left", "half", "don't", "everything"} {
		if !words[w] {
			t.Errorf("%q is missing", w)
		}
	}
	for _, w := range []string{"win", "thewin", "app.open", "virtqueues", ""} {
		if words[w] {
			t.Errorf("%q is there", w)
		}
	}
	if Hash() == "" || len(words) < 200 {
		t.Errorf("hash %q, %d words", Hash(), len(words))
	}
}
