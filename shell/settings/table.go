package settings

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/rayapps/lang"
)

// Kind is what a value looks like.
type Kind uint8

// Kinds.
const (
	Choice  Kind = iota // one of Key.Choices
	Bool                // on or off
	Number              // a whole number, Min to Max
	Colour              // #rrggbb
	Words               // letters, digits and - _ , : ( ), at most 200 bytes
	Folders             // absolute paths with a colon between, at most MaxFolders bytes
	Text                // what is printable, at most 200 bytes
)

// MaxFolders bounds a value of Folders, in bytes.
const MaxFolders = 8 << 10

// On and Off are the values of a Bool.
const (
	On  = "on"
	Off = "off"
)

// Page is a part of the settings window. Title and Help are English, for lang.T.
type Page struct{ ID, Title, Help string }

// Pages are those of the table, in their order.
var Pages = []Page{
	{"appearance", lang.M("Appearance"), lang.M("colours and motion")},
	{"keyboard", lang.M("Keyboard"), lang.M("layouts and repetition")},
	{"pointer", lang.M("Pointer"), lang.M("mouse and touchpad")},
	{"privacy", lang.M("Privacy"), lang.M("what is remembered")},
}

// Key is a setting. Texts for people are English, for lang.T.
type Key struct {
	Name     string // page.name
	Title    string // for people
	Help     string // one line
	Kind     Kind
	Choices  []string
	Words    []string // Choices, for people
	Min, Max int
	Unit     Unit   // of a Number
	None     string // what 0 is, if it isn't 0 of Unit, or nothing of a Text
	Default  string
}

// Page returns the id of the page that a key is on.
func (k *Key) Page() string { page, _, _ := strings.Cut(k.Name, "."); return page }

// Table is all settings.
var Table = []Key{
	{
		Name: "appearance.scheme", Title: lang.M("Colours"), Help: lang.M("of windows' frames and the shell"),
		Kind: Choice, Choices: []string{"dark", "light"}, Words: []string{lang.M("Dark"), lang.M("Light")}, Default: "dark",
	},
	{Name: "appearance.language", Title: lang.M("Language"), Help: lang.M("of the shell and of what it starts from now on"), Kind: Choice, Choices: languages(), Default: ""},
	{Name: "appearance.accent", Title: lang.M("Accent"), Help: lang.M("of what is chosen or under way"), Kind: Colour, Default: "#5aa9ff"},
	{
		Name: "appearance.motion", Title: lang.M("Motion"), Help: lang.M("reduced: what would move is there at once"),
		Kind: Choice, Choices: []string{"full", "reduced"}, Words: []string{lang.M("Full"), lang.M("Reduced")}, Default: "full",
	},
	{Name: "appearance.wallpaper", Title: lang.M("Wallpaper"), Help: lang.M("rays behind the windows"), Kind: Bool, Default: On},
	{Name: "keyboard.layout", Title: lang.M("Layouts"), Help: lang.M("names of XKB, like us,de; the option grp:alt_shift_toggle switches"), Kind: Words, Default: ""},
	{Name: "keyboard.variant", Title: lang.M("Variants"), Help: lang.M("one for each layout, like ,neo"), Kind: Words, Default: ""},
	{Name: "keyboard.options", Title: lang.M("Options"), Help: lang.M("like compose:ralt,caps:escape"), Kind: Words, Default: ""},
	{Name: "keyboard.repeat", Title: lang.M("Repetition"), Help: lang.M("of a key that is held; 0 is none"), Kind: Number, Max: 100, Unit: PerSecond, None: lang.M("none"), Default: "25"},
	{Name: "keyboard.delay", Title: lang.M("Delay"), Help: lang.M("before a key that is held repeats"), Kind: Number, Min: 100, Max: 2000, Unit: Milliseconds, Default: "600"},
	{Name: "pointer.natural-scroll", Title: lang.M("Natural scrolling"), Help: lang.M("what is shown follows the fingers"), Kind: Bool, Default: Off},
	{Name: "pointer.scroll-speed", Title: lang.M("Speed of scrolling"), Help: lang.M("of wheels and fingers"), Kind: Number, Min: 25, Max: 400, Unit: Percent, Default: "100"},
	{Name: "pointer.left-handed", Title: lang.M("Left-handed"), Help: lang.M("the left and the right button change places"), Kind: Bool, Default: Off},
	{
		Name: "privacy.agents", Title: lang.M("Agents"), Help: lang.M("what programs that speak MCP may do: nothing, read what runs, or act as rayctl does"),
		Kind: Choice, Choices: []string{"off", "read", "act"}, Words: []string{lang.M("Nothing"), lang.M("Read"), lang.M("Act")}, Default: "read",
	},
	{Name: "privacy.lock-after", Title: lang.M("Lock when away"), Help: lang.M("without use; 0 is never"), Kind: Number, Max: 240, Unit: Minutes, None: lang.M("never"), Default: "10"},
	{Name: "privacy.unlock-by-system", Title: lang.M("Unlock from outside"), Help: lang.M("loginctl unlock-session, of yours or the administrator’s, opens the lock"), Kind: Bool, Default: Off},
	{Name: "privacy.dreams", Title: lang.M("Tune while away"), Help: lang.M("try what makes the session faster while nobody is there; what isn’t better is taken back"), Kind: Bool, Default: On},
	{Name: "privacy.folders", Title: lang.M("Folders to know"), Help: lang.M("texts below them are found by what they say; none but these are read. Several have a colon between"), Kind: Folders, None: lang.M("none"), Default: ""},
	{Name: "privacy.embedder-server", Title: lang.M("Their meaning"), Help: lang.M("a server that is sent the texts of these folders and your searches, like http://127.0.0.1:11434, from the next session on; none: it is learnt here"), Kind: Text, None: lang.M("none"), Default: ""},
	{Name: "privacy.embedder-name", Title: lang.M("Model of that server"), Help: lang.M("as the server calls it, like all-minilm"), Kind: Text, None: lang.M("none"), Default: ""},
	{Name: "privacy.model-server", Title: lang.M("Language model"), Help: lang.M("a server that the prompt may ask, like http://127.0.0.1:11434; lines are sent there when you choose to ask"), Kind: Text, None: lang.M("none is asked"), Default: ""},
	{Name: "privacy.model-name", Title: lang.M("Its model"), Help: lang.M("as the server calls it, like qwen3:8b"), Kind: Text, None: lang.M("none"), Default: ""},
	{
		Name: "privacy.prompt-log", Title: lang.M("Log of the prompt"), Help: lang.M("what came of sentences: not at all, without your words, or with them"),
		Kind: Choice, Choices: []string{"off", "redacted", "words"}, Words: []string{lang.M("Off"), lang.M("Without words"), lang.M("With words")}, Default: "redacted",
	},
	{Name: "privacy.history", Title: lang.M("History of the prompt"), Help: lang.M("remember the lines that were entered"), Kind: Bool, Default: On},
}

// languages are the values of appearance.language: "" is what the environment
// says.
func languages() []string {
	all := append(lang.Languages(), "en")
	slices.Sort(all)
	return append([]string{""}, all...)
}

// Lookup returns a key by name, or nil.
func Lookup(name string) *Key {
	i := slices.IndexFunc(Table, func(k Key) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return &Table[i]
}

// Check returns the value in its usual form, or why it can't be one.
func (k *Key) Check(value string) (string, error) {
	v := strings.TrimSpace(value)
	switch k.Kind {
	case Choice:
		if v = strings.ToLower(v); slices.Contains(k.Choices, v) {
			return v, nil
		}
		return "", fmt.Errorf("%s is one of %s, not %.40q", k.Name, strings.Join(k.Choices, ", "), value)
	case Bool:
		switch strings.ToLower(v) {
		case On, "true", "yes", "1":
			return On, nil
		case Off, "false", "no", "0":
			return Off, nil
		}
		return "", fmt.Errorf("%s is on or off, not %.40q", k.Name, value)
	case Number:
		n, err := strconv.Atoi(v)
		if err != nil || n < k.Min || n > k.Max {
			return "", fmt.Errorf("%s is a number from %d to %d, not %.40q", k.Name, k.Min, k.Max, value)
		}
		return strconv.Itoa(n), nil
	case Colour:
		v = strings.ToLower(v)
		if n, err := strconv.ParseUint(strings.TrimPrefix(v, "#"), 16, 24); err == nil && len(v) == 7 && v[0] == '#' {
			return fmt.Sprintf("#%06x", n), nil
		}
		return "", fmt.Errorf("%s is a colour like #5aa9ff, not %.40q", k.Name, value)
	case Folders:
		return k.folders(v)
	}
	if k.Kind == Text {
		if len(v) > 200 || !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return "", fmt.Errorf("%s has letters that can be seen, at most 200 bytes, not %.40q", k.Name, value)
		}
		return v, nil
	}
	bad := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_,:()", r)
	}
	if len(v) > 200 || strings.ContainsFunc(v, bad) {
		return "", fmt.Errorf("%s has letters, digits and - _ , : ( ), at most 200, not %.40q", k.Name, value)
	}
	return v, nil
}

// folders checks a value of Folders: each once, sorted.
func (k *Key) folders(value string) (string, error) {
	if len(value) > MaxFolders {
		return "", fmt.Errorf("%s has at most %d bytes, not %d: name a folder above some of them", k.Name, MaxFolders, len(value))
	}
	var list []string
	for _, f := range SplitFolders(value) {
		if !filepath.IsAbs(f) || !utf8.ValidString(f) || strings.ContainsFunc(f, unicode.IsControl) {
			return "", fmt.Errorf("%s has absolute paths with a colon between, not %.80q", k.Name, f)
		}
		list = append(list, filepath.Clean(f))
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ":"), nil
}

// SplitFolders returns the folders of a value of Folders.
func SplitFolders(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ':' })
}
