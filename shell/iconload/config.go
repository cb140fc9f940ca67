package iconload

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strings"
)

// Config says where icons are.
type Config struct {
	// Dirs are the folders with themes, the most important first.
	Dirs []string
	// Loose are folders with pictures that belong to no theme.
	Loose []string
	// Theme is the one that the person has chosen, "" for hicolor alone.
	Theme string
}

// FromEnv returns the configuration that the environment asks for. The theme is
// that of programs made with GTK; it takes reading a small file.
func FromEnv(getenv func(string) string) Config {
	var c Config
	home := getenv("HOME")
	if filepath.IsAbs(home) {
		c.Dirs = append(c.Dirs, filepath.Join(home, ".icons"))
	}
	own := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(own) && filepath.IsAbs(home) {
		own = filepath.Join(home, ".local/share")
	}
	system := getenv("XDG_DATA_DIRS")
	if system == "" {
		system = "/usr/local/share:/usr/share"
	}
	for _, d := range append([]string{own}, filepath.SplitList(system)...) {
		if filepath.IsAbs(d) {
			c.Dirs = append(c.Dirs, filepath.Join(d, "icons"))
			c.Loose = append(c.Loose, filepath.Join(d, "pixmaps"))
		}
	}
	conf := getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(conf) && filepath.IsAbs(home) {
		conf = filepath.Join(home, ".config")
	}
	c.Theme = "Adwaita"
	for _, v := range []string{"gtk-4.0", "gtk-3.0"} {
		if name := chosen(filepath.Join(conf, v, "settings.ini")); name != "" {
			c.Theme = name
			break
		}
	}
	return c
}

// chosen returns the theme that a settings.ini of GTK names, "" if none.
func chosen(file string) string {
	text, err := readFile(file, maxIndex)
	if err != nil {
		return ""
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		key, value, ok := strings.Cut(s.Text(), "=")
		if name := strings.TrimSpace(value); ok && strings.TrimSpace(key) == "gtk-icon-theme-name" && plain(name) {
			return name
		}
	}
	return ""
}

// plain reports whether a name is one of a file in a folder.
func plain(name string) bool {
	return name != "" && len(name) <= maxName && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00") && name[0] != os.PathSeparator
}
