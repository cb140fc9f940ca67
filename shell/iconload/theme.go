package iconload

import (
	"bufio"
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Limits of themes.
const (
	maxIndex   = 512 << 10 // bytes of an index.theme
	maxFolders = 2000      // of a theme
	maxThemes  = 16        // that one inherits, in all
	maxName    = 200       // bytes
)

// theme is an icon theme.
type theme struct {
	folders  []folder
	inherits []string
}

// folder has icons of one size.
type folder struct {
	paths            []string // where there is one, the most important first
	size, scale      int
	min, max, margin int // of the size that icons are good for
	fixed            bool
}

// readTheme reads the theme of a name from all folders that have a part of it,
// nil if none has.
func readTheme(dirs []string, name string) *theme {
	if !plain(name) {
		return nil
	}
	var t *theme
	for _, dir := range dirs {
		text, err := readFile(filepath.Join(dir, name, "index.theme"), maxIndex)
		if err == nil {
			t = parseTheme(text)
			break
		}
	}
	if t == nil {
		return nil
	}
	for i := range t.folders {
		f := &t.folders[i]
		sub := f.paths[0]
		f.paths = f.paths[:0]
		for _, dir := range dirs {
			path := filepath.Join(dir, name, sub)
			if st, err := os.Stat(path); err == nil && st.IsDir() {
				f.paths = append(f.paths, path)
			}
		}
	}
	t.folders = slices.DeleteFunc(t.folders, func(f folder) bool { return len(f.paths) == 0 })
	return t
}

// parseTheme reads an index.theme, whatever is in it. The path of a folder is
// the one within the theme.
func parseTheme(text []byte) *theme {
	t := &theme{}
	named := map[string]bool{} // that Directories lists
	known := map[string]bool{}
	section := ""
	var f *folder
	s := bufio.NewScanner(bytes.NewReader(text))
	s.Buffer(nil, maxIndex)
	for s.Scan() {
		line := strings.TrimSpace(s.Text())
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section, f = line[1:len(line)-1], nil
			if named[section] && !known[section] && len(t.folders) < maxFolders {
				known[section] = true
				t.folders = append(t.folders, folder{paths: []string{section}, scale: 1, margin: 2})
				f = &t.folders[len(t.folders)-1]
			}
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		switch {
		case !ok:
		case section == "Icon Theme":
			switch key {
			case "Inherits":
				t.inherits = list(value, maxThemes)
			case "Directories", "ScaledDirectories":
				for _, d := range list(value, maxFolders) {
					if filepath.IsLocal(d) && len(d) <= maxName {
						named[d] = true
					}
				}
			}
		case f != nil:
			f.set(key, value)
		}
	}
	for i := range t.folders {
		t.folders[i].settle()
	}
	return t
}

func list(value string, most int) []string {
	var l []string
	for v := range strings.SplitSeq(value, ",") {
		if v = strings.TrimSpace(v); v != "" && len(l) < most {
			l = append(l, v)
		}
	}
	return l
}

func (f *folder) set(key, value string) {
	if key == "Type" {
		f.fixed = value == "Fixed"
		if value == "Scalable" {
			f.margin = 0
		} else {
			f.margin = max(f.margin, 1)
		}
		return
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 4096 {
		return
	}
	switch key {
	case "Size":
		f.size = n
	case "Scale":
		f.scale = min(n, 8)
	case "MinSize":
		f.min = n
	case "MaxSize":
		f.max = n
	case "Threshold":
		f.margin = n
	}
}

// settle fills in what wasn't said.
func (f *folder) settle() {
	switch {
	case f.fixed:
		f.min, f.max = f.size, f.size
	case f.margin > 0:
		f.min, f.max = f.size-f.margin, f.size+f.margin
	default:
		if f.min == 0 {
			f.min = f.size
		}
		if f.max == 0 {
			f.max = f.size
		}
	}
}

// far says how far the icons of a folder are from the wanted size; 0 is exactly
// what is wanted. One that is too small is twice as far: it gets blurred.
func (f *folder) far(size, scale int) int {
	want := size * scale
	switch {
	case want < f.min*f.scale:
		return f.min*f.scale - want
	case want > f.max*f.scale:
		return 2 * (want - f.max*f.scale)
	case f.scale != scale:
		return 1
	}
	return 0
}

// shelf is the themes in which icons are looked up, in order.
type shelf struct {
	config Config
	themes []*theme
}

func newShelf(c Config) *shelf {
	s := &shelf{config: c}
	seen := map[string]bool{}
	var add func(name string)
	add = func(name string) {
		if seen[name] || len(seen) == maxThemes {
			return
		}
		seen[name] = true
		t := readTheme(c.Dirs, name)
		if t == nil {
			return
		}
		s.themes = append(s.themes, t)
		for _, n := range t.inherits {
			if n != "hicolor" {
				add(n)
			}
		}
	}
	if c.Theme != "" && c.Theme != "hicolor" {
		add(c.Theme)
	}
	if t := readTheme(c.Dirs, "hicolor"); t != nil {
		s.themes = append(s.themes, t)
	}
	return s
}

// endings of the files that can be read, the best first.
var endings = []string{".png", ".svg"}

// find returns the file of an icon, "" if there is none.
func (s *shelf) find(name string, size, scale int) string {
	for _, t := range s.themes {
		best, file := math.MaxInt, ""
		for i := range t.folders {
			f := &t.folders[i]
			far := f.far(size, scale)
			if far >= best {
				continue
			}
			if found := anywhere(f.paths, name); found != "" {
				best, file = far, found
			}
		}
		if file != "" {
			return file
		}
	}
	if file := anywhere(s.config.Loose, name); file != "" {
		return file
	}
	return anywhere(s.config.Dirs, name)
}

// anywhere returns the file of a name in the first folder that has one.
func anywhere(dirs []string, name string) string {
	for _, dir := range dirs {
		for _, end := range endings {
			file := filepath.Join(dir, name+end)
			if st, err := os.Stat(file); err == nil && st.Mode().IsRegular() {
				return file
			}
		}
	}
	return ""
}
