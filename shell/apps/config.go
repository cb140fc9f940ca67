package apps

import (
	"os"
	"path/filepath"
	"strings"

	"rayos/internal/desktopentry"
)

// Config says where applications are and for whom.
type Config struct {
	// Dirs are the folders with .desktop files, the most important first:
	// of files with one ID the first holds.
	Dirs []string
	// Desktops are the names of this desktop, as in $XDG_CURRENT_DESKTOP.
	Desktops []string
	// Locales are as desktopentry.Locales returns them.
	Locales []string
	// Path is where programs are, as in $PATH.
	Path []string
}

// Desktop is what OnlyShowIn and NotShowIn call this desktop.
const Desktop = "RayOS"

// FromEnv returns the configuration that the environment asks for. Relative
// folders are left out, as the base directory specification wants it.
func FromEnv(getenv func(string) string) Config {
	home := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(home) {
		home = ""
		if h := getenv("HOME"); filepath.IsAbs(h) {
			home = filepath.Join(h, ".local/share")
		}
	}
	system := getenv("XDG_DATA_DIRS")
	if system == "" {
		system = "/usr/local/share:/usr/share"
	}
	c := Config{Desktops: []string{Desktop}, Path: absolute(filepath.SplitList(getenv("PATH")))}
	for _, d := range absolute(append([]string{home}, filepath.SplitList(system)...)) {
		c.Dirs = append(c.Dirs, filepath.Join(d, "applications"))
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			c.Locales = desktopentry.Locales(v)
			break
		}
	}
	return c
}

// Speak makes names those of a locale, as in $LANG; "" is none.
func (c *Config) Speak(locale string) { c.Locales = desktopentry.Locales(locale) }

func absolute(dirs []string) []string {
	var list []string
	for _, d := range dirs {
		if filepath.IsAbs(d) {
			list = append(list, d)
		}
	}
	return list
}

// programs finds programs along a path, and remembers what it found. It is used
// by one goroutine.
type programs struct {
	path  []string
	known map[string]string
}

// find returns the file of a program, "" if there is none.
func (p *programs) find(name string) string {
	if filepath.IsAbs(name) {
		return runnable(name)
	}
	if name == "" || strings.ContainsRune(name, '/') {
		return ""
	}
	if file, ok := p.known[name]; ok {
		return file
	}
	found := ""
	for _, dir := range p.path {
		if found = runnable(filepath.Join(dir, name)); found != "" {
			break
		}
	}
	if p.known == nil {
		p.known = map[string]string{}
	}
	p.known[name] = found
	return found
}

// runnable returns the file if it can be run.
func runnable(file string) string {
	if s, err := os.Stat(file); err != nil || !s.Mode().IsRegular() || s.Mode()&0o111 == 0 {
		return ""
	}
	return file
}
