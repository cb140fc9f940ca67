package lang

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Limits of a catalog.
const (
	maxCatalog = 1 << 20 // bytes
	maxForms   = 8
)

// key names a message.
type key struct{ context, id string }

// message is an entry of a catalog.
type message struct {
	plural string   // the English plural, empty without
	forms  []string // one, or as many as the language has
}

// catalog is a PO file.
type catalog struct {
	messages map[key]message
	forms    int
	form     func(n uint64) uint64
}

// entry is a message while it is read.
type entry struct {
	key     key
	message message
	hasID   bool
	fuzzy   bool
}

// parse reads a PO file. Fuzzy and untranslated messages are left out.
func parse(file string) (*catalog, error) {
	if len(file) > maxCatalog {
		return nil, fmt.Errorf("a catalog of %d bytes, more than %d", len(file), maxCatalog)
	}
	c := &catalog{messages: map[key]message{}, forms: 2, form: germanic}
	var e entry
	var field *string
	for i, line := range strings.Split(file, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || startsEntry(line, &e) {
			if err := c.add(&e); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
			field = nil
		}
		switch {
		case line == "":
			continue
		case line[0] == '#':
			e.fuzzy = e.fuzzy || strings.HasPrefix(line, "#,") && strings.Contains(line, "fuzzy")
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if line[0] == '"' {
			rest = line
		} else {
			var err error
			if field, err = e.field(word); err != nil {
				return nil, fmt.Errorf("line %d: %w", i+1, err)
			}
		}
		text, err := strconv.Unquote(strings.TrimSpace(rest))
		if err != nil || field == nil {
			return nil, fmt.Errorf("line %d: no quoted text of a message", i+1)
		}
		*field += text
	}
	if err := c.add(&e); err != nil {
		return nil, err
	}
	return c, nil
}

// startsEntry reports whether the line begins a message after one that is whole.
func startsEntry(line string, e *entry) bool {
	return e.message.forms != nil && (strings.HasPrefix(line, "msgctxt ") || strings.HasPrefix(line, "msgid "))
}

// field returns where the text after a keyword belongs.
func (e *entry) field(word string) (*string, error) {
	switch word {
	case "msgctxt":
		return &e.key.context, nil
	case "msgid":
		e.hasID = true
		return &e.key.id, nil
	case "msgid_plural":
		return &e.message.plural, nil
	case "msgstr", "msgstr[" + strconv.Itoa(len(e.message.forms)) + "]":
		if len(e.message.forms) == maxForms {
			return nil, errors.New("too many plural forms")
		}
		e.message.forms = append(e.message.forms, "")
		return &e.message.forms[len(e.message.forms)-1], nil
	}
	return nil, fmt.Errorf("%q is no keyword here", word)
}

// add takes a message that is whole, and empties e for the next. Before a
// message it does nothing.
func (c *catalog) add(e *entry) error {
	if e.message.forms == nil {
		if e.hasID {
			return fmt.Errorf("%q has no msgstr", e.key.id)
		}
		return nil
	}
	done := *e
	*e = entry{}
	switch _, twice := c.messages[done.key]; {
	case !done.hasID:
		return errors.New("a msgstr without a msgid")
	case twice:
		return fmt.Errorf("%q is there twice", done.key.id)
	case done.key == key{}:
		return c.header(done.message.forms[0])
	case done.message.plural != "" && len(done.message.forms) != c.forms:
		return fmt.Errorf("%q has %d forms; the language has %d", done.key.id, len(done.message.forms), c.forms)
	case done.message.plural == "" && len(done.message.forms) != 1:
		return fmt.Errorf("%q has forms and no msgid_plural", done.key.id)
	}
	for _, f := range done.message.forms {
		if f == "" || done.fuzzy {
			return nil
		}
	}
	c.messages[done.key] = done.message
	return nil
}

// header reads how the language counts.
func (c *catalog) header(text string) error {
	for line := range strings.Lines(text) {
		rule, ok := strings.CutPrefix(strings.TrimSpace(line), "Plural-Forms:")
		if !ok {
			continue
		}
		count, expression, ok := strings.Cut(rule, ";")
		n, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(count), "nplurals="))
		expression, is := strings.CutPrefix(strings.TrimSuffix(strings.TrimSpace(expression), ";"), "plural=")
		if !ok || !is || err != nil || n < 1 || n > maxForms {
			return fmt.Errorf("Plural-Forms can't be read: %q", rule)
		}
		if c.form, err = parsePlural(expression); err != nil {
			return err
		}
		c.forms = n
	}
	return nil
}
