package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Kind is what a value looks like.
type Kind uint8

// Kinds.
const (
	Choice Kind = iota // one of Key.Choices
	Bool               // on or off
	Number             // a whole number, Min to Max
	Colour             // #rrggbb
	Words              // letters, digits and - _ , : ( ), at most 200 bytes
)

// On and Off are the values of a Bool.
const (
	On  = "on"
	Off = "off"
)

// Page is a part of the settings window.
type Page struct{ ID, Title, Help string }

// Pages are those of the table, in their order.
var Pages = []Page{
	{"appearance", "Appearance", "colours and motion"},
	{"keyboard", "Keyboard", "layouts and repetition"},
	{"pointer", "Pointer", "mouse and touchpad"},
	{"privacy", "Privacy", "what is remembered"},
}

// Key is a setting.
type Key struct {
	Name     string // page.name
	Title    string // for people
	Help     string // one line
	Kind     Kind
	Choices  []string
	Min, Max int
	Unit     string // of a Number, for people
	Default  string
}

// Page returns the id of the page that a key is on.
func (k *Key) Page() string { page, _, _ := strings.Cut(k.Name, "."); return page }

// Table is all settings.
var Table = []Key{
	{Name: "appearance.scheme", Title: "Colours", Help: "of windows' frames and the shell", Kind: Choice, Choices: []string{"dark", "light"}, Default: "dark"},
	{Name: "appearance.accent", Title: "Accent", Help: "of what is chosen or under way", Kind: Colour, Default: "#5aa9ff"},
	{Name: "appearance.motion", Title: "Motion", Help: "reduced: what would move is there at once", Kind: Choice, Choices: []string{"full", "reduced"}, Default: "full"},
	{Name: "appearance.wallpaper", Title: "Wallpaper", Help: "rays behind the windows", Kind: Bool, Default: On},
	{Name: "keyboard.layout", Title: "Layouts", Help: "names of XKB, like us,de; the option grp:alt_shift_toggle switches", Kind: Words, Default: ""},
	{Name: "keyboard.variant", Title: "Variants", Help: "one for each layout, like ,neo", Kind: Words, Default: ""},
	{Name: "keyboard.options", Title: "Options", Help: "like compose:ralt,caps:escape", Kind: Words, Default: ""},
	{Name: "keyboard.repeat", Title: "Repetition", Help: "of a key that is held; 0 is none", Kind: Number, Max: 100, Unit: "a second", Default: "25"},
	{Name: "keyboard.delay", Title: "Delay", Help: "before a key that is held repeats", Kind: Number, Min: 100, Max: 2000, Unit: "ms", Default: "600"},
	{Name: "pointer.natural-scroll", Title: "Natural scrolling", Help: "what is shown follows the fingers", Kind: Bool, Default: Off},
	{Name: "pointer.scroll-speed", Title: "Speed of scrolling", Help: "of wheels and fingers", Kind: Number, Min: 25, Max: 400, Unit: "%", Default: "100"},
	{Name: "pointer.left-handed", Title: "Left-handed", Help: "the left and the right button change places", Kind: Bool, Default: Off},
	{Name: "privacy.agents", Title: "Agents", Help: "what programs that speak MCP may do: nothing, read what runs, or act as rayctl does", Kind: Choice, Choices: []string{"off", "read", "act"}, Default: "read"},
	{Name: "privacy.lock-after", Title: "Lock when away", Help: "without use; 0 is never", Kind: Number, Max: 240, Unit: "minutes", Default: "10"},
	{Name: "privacy.unlock-by-system", Title: "Unlock from outside", Help: "loginctl unlock-session, of yours or the administrator’s, opens the lock", Kind: Bool, Default: Off},
	{Name: "privacy.history", Title: "History of the prompt", Help: "remember the lines that were entered", Kind: Bool, Default: On},
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
	}
	bad := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_,:()", r)
	}
	if len(v) > 200 || strings.ContainsFunc(v, bad) {
		return "", fmt.Errorf("%s has letters, digits and - _ , : ( ), at most 200, not %.40q", k.Name, value)
	}
	return v, nil
}
