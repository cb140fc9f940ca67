package data

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// template is what is said for an intent, before anything is filled in.
type template struct{ intent, text string }

// parse reads templates: an intent at the begin of a line, below it its
// templates, indented. What follows a # isn't read.
func parse(file string) ([]template, error) {
	var list []template
	intent := ""
	n := 0
	for line := range strings.Lines(file) {
		n++
		line, _, _ = strings.Cut(line, "#")
		text := strings.TrimSpace(line)
		switch {
		case text == "":
		case line[0] != ' ':
			intent = text
		case intent == "":
			return nil, fmt.Errorf("line %d: a template before any intent", n)
		default:
			if err := wellFormed(text); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			list = append(list, template{intent, text})
		}
	}
	return list, nil
}

// closes are the brackets of templates. Of ( and [, neither stands within
// another; slots may stand in both.
var closes = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// wellFormed says whether brackets close, and slots are known.
func wellFormed(text string) error {
	var stack []byte
	from := 0
	for i := range len(text) {
		c := text[i]
		if want, opens := closes[c]; opens {
			if len(stack) > 0 && c != '{' || len(stack) > 1 {
				return fmt.Errorf("%q: brackets within brackets", text)
			}
			stack, from = append(stack, want), i+1
			continue
		}
		if !strings.ContainsRune(")]}", rune(c)) {
			continue
		}
		if len(stack) == 0 || stack[len(stack)-1] != c {
			return fmt.Errorf("%q: a bracket that closes nothing", text)
		}
		if name := text[from:i]; c == '}' && len(fills[name].train) == 0 {
			return fmt.Errorf("%q: no slot %q", text, name)
		}
		stack = stack[:len(stack)-1]
	}
	if len(stack) > 0 {
		return fmt.Errorf("%q: a bracket stays open", text)
	}
	return nil
}

// say returns one way to say a template, drawn by rng. For test, slots are filled
// with what the training never sees.
func (t template) say(rng *rand.Rand, test bool) string {
	var b strings.Builder
	text := t.text
	for text != "" {
		i := strings.IndexAny(text, "([{")
		if i < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:i])
		end := strings.IndexByte(text, closes[text[i]])
		inner := text[i+1 : end]
		switch text[i] {
		case '(':
			b.WriteString(template{text: pick(rng, strings.Split(inner, "|"))}.say(rng, test))
		case '[':
			if rng.IntN(2) == 0 {
				b.WriteString(template{text: pick(rng, strings.Split(inner, "|"))}.say(rng, test))
			}
		case '{':
			b.WriteString(fill(rng, inner, test))
		}
		text = text[end+1:]
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func pick(rng *rand.Rand, list []string) string { return list[rng.IntN(len(list))] }

// fill draws a value for a slot; values may hold slots themselves.
func fill(rng *rand.Rand, slot string, test bool) string {
	list := fills[slot].train
	if test && len(fills[slot].test) > 0 {
		list = fills[slot].test
	}
	return template{text: pick(rng, list)}.say(rng, test)
}

// noisy returns a line with typos: each letter or space is, with the chance
// rate, left out, doubled, replaced by a letter, or changed with the next one.
func noisy(rng *rand.Rand, line string, rate float64) string {
	from := []rune(line)
	var to []rune
	for i := 0; i < len(from); i++ {
		if rng.Float64() >= rate {
			to = append(to, from[i])
			continue
		}
		switch rng.IntN(4) {
		case 0: // left out
		case 1:
			to = append(to, from[i], from[i])
		case 2:
			to = append(to, rune('a'+rng.IntN(26)))
		case 3:
			if i+1 < len(from) {
				to = append(to, from[i+1])
				i++
			}
			to = append(to, from[i-min(i, 1)])
		}
	}
	return string(to)
}
