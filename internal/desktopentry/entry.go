package desktopentry

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of what is read.
const (
	MaxFile    = 256 << 10 // bytes
	MaxActions = 32
	maxValues  = 256 // of a list
)

// Entry is the application of one file.
type Entry struct {
	Action // the application itself: the first of its actions

	GenericName string
	Comment     string
	Keywords    []string
	Categories  []string
	MimeTypes   []string
	TryExec     string // program without which the application isn't installed
	Dir         string // Path: where the program begins, or ""
	WMClass     string // StartupWMClass

	Terminal        bool // it needs one
	NoDisplay       bool // it isn't for menus
	Hidden          bool // it was deleted; what else is said of it doesn't matter
	DBusActivatable bool

	OnlyShowIn, NotShowIn []string // desktops
	Actions               []Action
}

// Action is one way to start an application.
type Action struct {
	ID   string // "" for the application itself
	Name string
	Icon string // name in a theme, or an absolute path
	Exec Exec
}

// ErrNoApplication says that a file has something else: a link, a folder, or
// nothing that can be started.
var ErrNoApplication = errors.New("no application")

const mainGroup = "Desktop Entry"

// Parse reads a file. Of localized values it takes the first of locales that is
// there (see [Locales]).
func Parse(text []byte, locales []string) (Entry, error) {
	if len(text) > MaxFile {
		return Entry{}, fmt.Errorf("desktop entry of %d bytes, over %d", len(text), MaxFile)
	}
	if !utf8.Valid(text) {
		return Entry{}, errors.New("desktop entry is not UTF-8")
	}
	groups, err := parseGroups(string(text))
	if err != nil {
		return Entry{}, err
	}
	g, ok := groups[mainGroup]
	if !ok {
		return Entry{}, fmt.Errorf("there is no group [%s]", mainGroup)
	}
	if g.is("Hidden") { // whatever else is said of it, or not
		return Entry{Action: g.action("", locales), Hidden: true}, nil
	}
	if g["Type"] != "Application" {
		return Entry{}, ErrNoApplication
	}
	e := Entry{
		GenericName: g.local("GenericName", locales), Comment: g.local("Comment", locales),
		Keywords: splitList(g.localRaw("Keywords", locales)), Categories: g.list("Categories"), MimeTypes: g.list("MimeType"),
		TryExec: g.text("TryExec"), Dir: g.text("Path"), WMClass: g.text("StartupWMClass"),
		Terminal: g.is("Terminal"), NoDisplay: g.is("NoDisplay"), DBusActivatable: g.is("DBusActivatable"),
		OnlyShowIn: g.list("OnlyShowIn"), NotShowIn: g.list("NotShowIn"),
	}
	e.Action = g.action("", locales)
	if e.Name == "" {
		return Entry{}, errors.New("application without a Name")
	}
	if !e.Exec.ok() && !e.DBusActivatable {
		return Entry{}, ErrNoApplication
	}
	for _, id := range g.list("Actions") {
		a, ok := groups["Desktop Action "+id]
		if !ok || len(e.Actions) == MaxActions {
			continue
		}
		action := a.action(id, locales)
		if action.Name != "" && (action.Exec.ok() || e.DBusActivatable) {
			e.Actions = append(e.Actions, action)
		}
	}
	return e, nil
}

// ShownIn reports whether the application is for desktops of these names, as
// $XDG_CURRENT_DESKTOP lists them.
func (e *Entry) ShownIn(desktops []string) bool {
	for _, d := range desktops {
		if slices.Contains(e.OnlyShowIn, d) {
			return true
		}
		if slices.Contains(e.NotShowIn, d) {
			return false
		}
	}
	return len(e.OnlyShowIn) == 0
}

// group has the values of a group by key, localized ones by "Name[de]".
type group map[string]string

// parseGroups reads lines. Of a group or key that is there twice the first
// holds.
func parseGroups(text string) (map[string]group, error) {
	groups := map[string]group{}
	var in group
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		switch {
		case strings.TrimSpace(line) == "" || line[0] == '#':
		case line[0] == '[':
			name, ok := strings.CutSuffix(line[1:], "]")
			if !ok || strings.ContainsAny(name, "[]") {
				return nil, fmt.Errorf("line %d: group without an end: want [name]", n)
			}
			in = group{}
			if _, twice := groups[name]; !twice {
				groups[name] = in
			}
		case in == nil:
			return nil, fmt.Errorf("line %d: value before the first group", n)
		default:
			key, value, ok := strings.Cut(line, "=")
			if !ok {
				return nil, fmt.Errorf("line %d: want key=value", n)
			}
			key = strings.TrimSpace(key)
			if _, twice := in[key]; !twice {
				in[key] = strings.TrimSpace(value)
			}
		}
	}
	return groups, nil
}

func (g group) action(id string, locales []string) Action {
	return Action{ID: id, Name: g.local("Name", locales), Icon: g.local("Icon", locales), Exec: parseExec(g.text("Exec"))}
}

func (g group) is(key string) bool { return g[key] == "true" }

func (g group) text(key string) string { return unescape(g[key]) }

func (g group) list(key string) []string { return splitList(g[key]) }

func (g group) local(key string, locales []string) string { return unescape(g.localRaw(key, locales)) }

func (g group) localRaw(key string, locales []string) string {
	for _, l := range locales {
		if v, ok := g[key+"["+l+"]"]; ok {
			return v
		}
	}
	return g[key]
}

// Locales lists the names by which localized values may be found, the best
// first, for a value of $LC_MESSAGES or $LANG such as "de_AT.UTF-8@euro".
func Locales(lang string) []string {
	rest, modifier, modified := strings.Cut(lang, "@")
	rest, _, _ = strings.Cut(rest, ".") // the encoding
	language, country, there := strings.Cut(rest, "_")
	if language == "" || language == "C" || language == "POSIX" {
		return nil
	}
	var list []string
	if there && modified {
		list = append(list, language+"_"+country+"@"+modifier)
	}
	if there {
		list = append(list, language+"_"+country)
	}
	if modified {
		list = append(list, language+"@"+modifier)
	}
	return append(list, language)
}

// unescape replaces \s \n \t \r \\ in a string.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 's':
			b.WriteByte(' ')
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '\\':
			b.WriteByte('\\')
		default: // of other rules: quoting, lists
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// splitList splits values that end with semicolons; "\;" is one in a value.
func splitList(s string) []string {
	var list []string
	var b strings.Builder
	flush := func() {
		if v := strings.TrimSpace(unescape(b.String())); v != "" && len(list) < maxValues {
			list = append(list, v)
		}
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == ';':
			i++
			b.WriteByte(';')
		case s[i] == '\\' && i+1 < len(s):
			b.WriteString(s[i : i+2])
			i++
		case s[i] == ';':
			flush()
		default:
			b.WriteByte(s[i])
		}
	}
	flush()
	return list
}
