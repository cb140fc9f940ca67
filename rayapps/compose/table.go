package compose

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"rayos/surfaces/seat/xkb"
)

// Limits of files.
const (
	maxFile      = 1 << 20 // bytes of all
	maxSequences = 1 << 15
	maxKeys      = 10 // of a sequence
	maxText      = 64 // bytes of a result
	maxDepth     = 4  // of includes
)

// System is the table of most locales.
const System = "/usr/share/X11/locale/en_US.UTF-8/Compose"

// step is a key after those that lead to a node; node 0 is the start.
type step struct {
	node uint16
	sym  xkb.Keysym
}

// Table is what sequences of keys type.
type Table struct {
	next  map[step]uint16
	texts map[uint16]string // of nodes that end a sequence
	nodes uint16
	count int
	left  int // bytes that may still be read
}

func newTable() *Table {
	return &Table{next: map[step]uint16{}, texts: map[uint16]string{}, left: maxFile}
}

// Load reads the person's table: $XCOMPOSEFILE, ~/.XCompose, or the system's. The
// table is empty if there is none.
func Load(getenv func(string) string) *Table {
	t := newTable()
	files := []string{getenv("XCOMPOSEFILE"), System}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		files = []string{files[0], filepath.Join(home, ".XCompose"), System}
	}
	for _, f := range files {
		if text, ok := t.read(f); ok {
			t.parse(text, getenv, 0)
			break
		}
	}
	return t
}

// Parse reads a table without includes.
func Parse(text string) *Table {
	t := newTable()
	if len(text) > maxFile {
		text = text[:maxFile]
	}
	t.parse(text, nil, maxDepth)
	return t
}

func (t *Table) read(path string) (string, bool) {
	if !filepath.IsAbs(path) {
		return "", false
	}
	st, err := os.Stat(path)
	if err != nil || !st.Mode().IsRegular() {
		return "", false
	}
	f, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(t.left)))
	t.left -= len(data)
	return string(data), err == nil
}

func (t *Table) parse(text string, getenv func(string) string, depth int) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "include"); ok {
			t.include(strings.TrimSpace(rest), getenv, depth)
			continue
		}
		if strings.HasPrefix(line, "<") {
			t.sequence(line)
		}
	}
}

// include reads a file that another one names, with %H for the home folder, %L
// for the locale's table and %S for the folder of all.
func (t *Table) include(name string, getenv func(string) string, depth int) {
	name, ok := quoted(name)
	if !ok || depth >= maxDepth {
		return
	}
	name = strings.NewReplacer("%H", getenv("HOME"), "%L", System, "%S", filepath.Dir(filepath.Dir(System)), "%%", "%").Replace(name)
	if text, ok := t.read(name); ok {
		t.parse(text, getenv, depth+1)
	}
}

// sequence reads a line: <key> <key> : "text" keysym. Without text it is the
// keysym's.
func (t *Table) sequence(line string) {
	var syms []xkb.Keysym
	for strings.HasPrefix(line, "<") {
		name, rest, ok := strings.Cut(line[1:], ">")
		sym, known := xkb.KeysymByName(name)
		if !ok || !known || len(syms) == maxKeys {
			return
		}
		syms = append(syms, sym)
		line = strings.TrimSpace(rest)
	}
	line, ok := strings.CutPrefix(line, ":")
	line = strings.TrimSpace(line)
	if !ok || line == "" {
		return
	}
	text, ok := quoted(line)
	if !ok {
		name, _, _ := strings.Cut(line, " ")
		if sym, known := xkb.KeysymByName(name); known && sym.Rune() != 0 {
			text, ok = string(sym.Rune()), true
		}
	}
	if ok && text != "" && len(text) <= maxText {
		t.add(syms, text)
	}
}

// add makes a sequence known. It takes the place of one that it continues, and
// of those that continue it.
func (t *Table) add(syms []xkb.Keysym, text string) {
	if len(syms) == 0 || t.count == maxSequences {
		return
	}
	var node uint16
	for i, sym := range syms {
		if i > 0 {
			delete(t.texts, node)
		}
		next, ok := t.next[step{node, sym}]
		if !ok {
			if t.nodes == 1<<16-1 {
				return
			}
			t.nodes++
			next = t.nodes
			t.next[step{node, sym}] = next
		}
		node = next
	}
	t.count++
	t.texts[node] = text
}

// quoted reads a string in quotes with the escapes of C that Compose(5) has.
func quoted(s string) (string, bool) {
	if !strings.HasPrefix(s, `"`) {
		return "", false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), utf8.ValidString(b.String())
		case s[i] != '\\':
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) {
			break
		}
		switch c := s[i]; {
		case c == 'x' || c == 'X':
			n := span(s[i+1:], "0123456789abcdefABCDEF", 2)
			v, err := strconv.ParseUint(s[i+1:i+1+n], 16, 8)
			if err != nil {
				return "", false
			}
			b.WriteByte(byte(v))
			i += n
		case c >= '0' && c <= '7':
			n := span(s[i:], "01234567", 3)
			v, err := strconv.ParseUint(s[i:i+n], 8, 8)
			if err != nil {
				return "", false
			}
			b.WriteByte(byte(v))
			i += n - 1
		case c == 'n':
			b.WriteByte('\n')
		case c == 't':
			b.WriteByte('\t')
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}

// span counts the bytes at the start of s, at most most, that are in set.
func span(s, set string, most int) int {
	n := 0
	for n < min(len(s), most) && strings.IndexByte(set, s[n]) >= 0 {
		n++
	}
	return n
}
