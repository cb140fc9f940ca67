package data

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"unicode"

	"rayos/intent/classify"
)

//go:embed train.txt
var trainText string

//go:embed more.txt
var moreText string

//go:embed test.txt
var testText string

//go:embed oos_train.txt
var chatTrain string

//go:embed oos_test.txt
var chatTest string

//go:embed model.bin
var model []byte

//go:embed model.origin
var origin string

const (
	sayings     = 6    // of a template, at most, for training
	richSayings = 9    // … of one of more.txt, which has more choices
	typoRate    = 0.06 // of characters
	testSayings = 3    // of a template, at most, for the test
)

// Options are those with which the model is trained.
var Options = classify.Options{Seed: 1, Cost: 0.5, Features: 20000, Folds: 3, Refuse: 0.08}

// Model returns the model of the desktop's intents.
var Model = sync.OnceValues(func() (*classify.Model, error) { return classify.Decode(model) })

// Hash is the SHA-256 that the model's file names itself by.
func Hash() string { return classify.Hash(model) }

// Words are those that templates are written with, in lower case: nobody's own.
var Words = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for _, text := range []string{trainText, moreText} {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
				continue // an intent, or a remark
			}
			slot := 0
			for w := range strings.FieldsFuncSeq(line, func(r rune) bool {
				switch r {
				case '{':
					slot++
				case '}':
					slot--
				}
				return slot > 0 || !unicode.IsLetter(r) && r != '\''
			}) {
				known[strings.ToLower(w)] = true
			}
		}
	}
	return known
})

// Train returns what the model is trained on: the sayings of all templates,
// each also with typos, and lines of chat that are out of scope.
func Train() ([]classify.Example, error) {
	rng := rand.New(rand.NewPCG(1, 0x747261696e))
	list, err := expand(rng, trainText, sayings, false)
	if err != nil {
		return nil, err
	}
	more, err := expand(rng, moreText, richSayings, false)
	if err != nil {
		return nil, err
	}
	list = append(append(list, more...), chat(chatTrain)...)
	for _, e := range list[:len(list):len(list)] {
		e.Line = noisy(rng, e.Line, typoRate)
		list = append(list, e)
	}
	return list, nil
}

// Origin says what a model file was made of: a hash over all examples, the
// options, a model of every fortieth example as today's trainer makes it, and
// the file. A whole model takes 20 s of CPU to train; this a fraction of one.
func Origin(file []byte) (string, error) {
	examples, err := Train()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%+v\n", Options)
	var few []classify.Example
	for i, e := range examples {
		fmt.Fprintf(h, "%q %q %q\n", e.Intent, e.Line, e.Group)
		if i%40 == 0 {
			few = append(few, e)
		}
	}
	m, err := classify.Train(few, Options)
	if err != nil {
		return "", err
	}
	h.Write(m.Encode())
	h.Write(file)
	return hex.EncodeToString(h.Sum(nil)) + "\n", nil
}

// Test returns what the model is judged by: sayings of templates that were
// written apart from those of the training, and other chat. A line that the
// training has by chance is left out.
func Test() ([]classify.Example, error) {
	rng := rand.New(rand.NewPCG(2, 0x74657374))
	list, err := expand(rng, testText, testSayings, true)
	if err != nil {
		return nil, err
	}
	train, err := Train()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, e := range train {
		known[e.Line] = true
	}
	list = append(list, chat(chatTest)...)
	return slices.DeleteFunc(list, func(e classify.Example) bool { return known[e.Line] }), nil
}

// Typos returns examples with a share of their characters wrong.
func Typos(list []classify.Example, rate float64, seed uint64) []classify.Example {
	rng := rand.New(rand.NewPCG(seed, 0x7479706f))
	list = slices.Clone(list)
	for i := range list {
		list[i].Line = noisy(rng, list[i].Line, rate)
	}
	return list
}

// expand says each template in up to n ways.
func expand(rng *rand.Rand, text string, n int, test bool) ([]classify.Example, error) {
	templates, err := parse(text)
	if err != nil {
		return nil, err
	}
	before, after := begins.train, ends.train
	if test {
		before, after = begins.test, ends.test
	}
	var list []classify.Example
	for _, t := range templates {
		seen := map[string]bool{}
		for i := range n {
			line := t.say(rng, test)
			// The first is bare; of the rest, some are said politely.
			if i > 0 && !question(line) {
				switch rng.IntN(4) {
				case 0:
					line = pick(rng, before) + " " + line
				case 1:
					line += " " + pick(rng, after)
				}
			}
			if !seen[line] {
				seen[line] = true
				list = append(list, classify.Example{Intent: t.intent, Line: line, Group: t.intent + ": " + t.text})
			}
		}
	}
	return list, nil
}

// question says whether a line is no order, so that nothing can stand before it.
func question(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{
		"what", "which", "how", "who", "where", "when", "why", "is", "are", "am", "do", "does", "did", "i", "i'd", "i've", "my", "could", "can", "would", "please", "since", "there", "let's", "time", "were",
	}, first)
}

func chat(text string) []classify.Example {
	var list []classify.Example
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, classify.Example{Intent: classify.OutOfScope, Line: line, Group: line})
		}
	}
	return list
}
