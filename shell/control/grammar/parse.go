package grammar

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Machine is a virtual machine that lines may mean.
type Machine struct {
	ID    string
	Kind  Kind
	Main  bool // it is the one that policy names for its kind
	Shown bool
}

// Env is what the meaning of a line depends on.
type Env struct {
	Machines []Machine
	// App reports whether the session has an application of exactly this name;
	// nil for none.
	App func(name string) bool
}

// Outcome is what came of a line.
type Outcome uint8

// Outcomes.
const (
	NoMatch   Outcome = iota // no command: talk
	Matched                  // Command
	Ambiguous                // one of Choices
	Shell                    // Text, of the shell behind ":"
	Refused                  // Why
)

func (o Outcome) String() string {
	return [...]string{"no match", "matched", "ambiguous", "shell", "refused"}[o]
}

// Result is a line, understood or not.
type Result struct {
	Outcome Outcome
	Command Command   // of Matched
	Choices []Command // of Ambiguous; Line of each is a line that means it
	Text    string    // of Shell
	Why     string    // of Refused; of NoMatch what the line lacked, if it was close
}

// MaxLine is the longest line, in bytes.
const MaxLine = 1024

// internal are beginnings of lines that programs say to each other. A keyboard
// that could say them could forge what they tell.
var internal = []string{"@", "RAYOS_", "AI_END:", "AI_LOCAL:"}

// Parse reads a line that a person has entered. It has no effects and keeps
// nothing.
func Parse(line string, env Env) Result {
	if why := refusal(line); why != "" {
		return Result{Outcome: Refused, Why: why}
	}
	line = strings.Trim(line, " ")
	if text, ok := strings.CutPrefix(line, ":"); ok {
		return Result{Outcome: Shell, Text: strings.Trim(text, " ")}
	}
	words := split(line)
	if len(words) == 0 {
		return Result{}
	}
	var best []match
	why, closest := "", 0
	for i := range forms {
		m, err := forms[i].match(line, words, &env)
		switch {
		case err != nil && forms[i].words >= closest:
			why, closest = err.Error(), forms[i].words
		case err != nil:
		case m == nil, len(best) > 0 && m.less(&best[0]):
		case len(best) > 0 && !best[0].less(m):
			best = append(best, *m)
		default:
			best = []match{*m}
		}
	}
	if len(best) == 0 {
		return Result{Why: why}
	}
	var all []Command
	for i := range best {
		for _, c := range best[i].meanings(&env) {
			if !contains(all, c) {
				all = append(all, c)
			}
		}
	}
	if len(all) == 1 {
		return Result{Outcome: Matched, Command: all[0]}
	}
	return Result{Outcome: Ambiguous, Choices: all}
}

func contains(list []Command, c Command) bool {
	for i := range list {
		if list[i] == c {
			return true
		}
	}
	return false
}

// refusal says why a line is not even looked at.
func refusal(line string) string {
	if len(line) > MaxLine {
		return fmt.Sprintf("the line is longer than %d bytes", MaxLine)
	}
	if !utf8.ValidString(line) {
		return "the line is no text"
	}
	for _, r := range line {
		if unicode.IsControl(r) {
			return "the line has control characters"
		}
	}
	// A space of any kind, or what can't be seen, is no disguise.
	start := strings.TrimLeftFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
	})
	for _, word := range internal {
		if len(start) >= len(word) && strings.EqualFold(start[:len(word)], word) {
			return "lines that begin with " + word + " come from the session, not from a keyboard"
		}
	}
	return ""
}

// word is a piece of a line.
type word struct{ from, to int }

func split(line string) []word {
	var list []word
	for i := 0; i < len(line); {
		if line[i] == ' ' {
			i++
			continue
		}
		w := word{from: i}
		for i < len(line) && line[i] != ' ' {
			i++
		}
		w.to = i
		list = append(list, w)
	}
	return list
}

// match is a form that fits a line.
type match struct {
	form *form
	cmd  Command
}

// less reports whether m says less than n: has fewer words of its own, or with
// as many fewer parts.
func (m *match) less(n *match) bool {
	if m.form.words != n.form.words {
		return m.form.words < n.form.words
	}
	return len(m.form.parts) < len(n.form.parts)
}

// meanings returns the commands that a match may stand for.
func (m *match) meanings(env *Env) []Command {
	c := m.cmd
	if c.VM != "" || c.Kind == None {
		return []Command{c}
	}
	list := withKind(c, env)
	if m.form.phrase.Unnamed && env.shown(Windows) {
		c.Kind = Windows
		list = append(list, withKind(c, env)...)
	}
	return list
}

// withKind names the machine that a kind means: the main one or the only one;
// else each is a choice.
func withKind(c Command, env *Env) []Command {
	var list []Command
	for _, m := range env.Machines {
		if m.Kind != c.Kind {
			continue
		}
		c.VM = m.ID
		if m.Main {
			return []Command{c}
		}
		list = append(list, c)
	}
	if list == nil {
		list = []Command{c}
	}
	return list
}

func (e *Env) shown(k Kind) bool {
	for _, m := range e.Machines {
		if m.Kind == k && m.Shown {
			return true
		}
	}
	return false
}

// match fits the form to a line; nil if it doesn't. An error says that only
// what is in a slot doesn't fit.
func (f *form) match(line string, words []word, env *Env) (*match, error) {
	at, n := 0, len(words)
	m := &match{form: f, cmd: Command{Verb: f.phrase.Verb, Kind: f.phrase.Kind}}
	var slots []func() error
	for i, part := range f.parts {
		after := len(f.parts) - i - 1
		switch {
		case part == "<text>", part == "<word>", part == "<args>":
			end := n - after
			if end < at || end == at && part != "<args>" {
				return nil, nil
			}
			text := ""
			if end > at {
				text = line[words[at].from:words[end-1].to]
			}
			one := end-at <= 1
			slots = append(slots, func() error { return m.setText(part, text, one, after > 0) })
			at = end
			continue
		case at == n:
			return nil, nil
		}
		text := line[words[at].from:words[at].to]
		at++
		if !isSlot(part) {
			if !strings.EqualFold(text, part) {
				return nil, nil
			}
			continue
		}
		slots = append(slots, func() error { return m.setSlot(part, text, env) })
	}
	if at != n {
		return nil, nil
	}
	for _, set := range slots {
		if err := set(); err != nil {
			return nil, err
		}
	}
	if m.cmd.Op() == nil {
		return nil, fmt.Errorf("a %s machine can't %s", m.cmd.Kind, m.cmd.Verb)
	}
	return m, nil
}

// setText fills a slot that takes several words. One word that is sent to a
// machine ("send ctrl+c to linux") is keys if it can be.
func (m *match) setText(slot, text string, one, sent bool) error {
	c := &m.cmd
	if one && sent {
		if k, err := ParseKeys(text); err == nil {
			c.Verb, c.Keys = Press, k
			return nil
		}
	}
	quoted := len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"'
	if slot == "<word>" && !one && !quoted {
		return fmt.Errorf("to type several words name the machine (linux type …) or put them between quotes")
	}
	if slot != "<args>" {
		text = unquote(text)
		if text == "" {
			return fmt.Errorf("there is nothing to type")
		}
	}
	if len(text) > MaxText {
		return fmt.Errorf("the text is longer than %d bytes", MaxText)
	}
	c.Text = text
	return nil
}

// setSlot fills a slot that takes one word.
func (m *match) setSlot(slot, text string, env *Env) (err error) {
	c := &m.cmd
	switch slot {
	case "<keys>":
		c.Keys, err = ParseKeys(text)
	case "<x>":
		c.X, err = parseCoordinate(text)
	case "<y>":
		c.Y, err = parseCoordinate(text)
	case "<button>":
		if c.Button = strings.ToLower(text); !isButton(c.Button) {
			err = fmt.Errorf("there is no button %.20q; they are left, right, middle", text)
		}
	case "<app>":
		if c.App = text; len(text) > MaxApp || !printableWord(text) {
			err = fmt.Errorf("%.70q is no name of an application", text)
		}
	case "<run>":
		if c.App = text; env.App == nil || len(text) > MaxRunApp || !env.App(text) {
			err = fmt.Errorf("there is no application %.20q", text)
		}
	case "<id>":
		err = fmt.Errorf("there is no machine %.70q", text)
		for _, k := range env.Machines {
			if strings.EqualFold(k.ID, text) {
				c.VM, c.Kind, err = k.ID, k.Kind, nil
			}
		}
	}
	return err
}
