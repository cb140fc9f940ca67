package desktopentry

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// Exec is a command line with places for files (field codes).
type Exec struct {
	args []arg
}

// arg is an argument: text with field codes, each '%' and a letter, in it. A
// percent sign of the text itself stands as "%%".
type arg string

// ok reports whether there is a program to run.
func (x Exec) ok() bool { return len(x.args) > 0 && x.args[0] != "" }

// Program is what is run, or "".
func (x Exec) Program() string {
	if !x.ok() {
		return ""
	}
	return strings.ReplaceAll(string(x.args[0]), "%%", "%")
}

// parseExec splits a command line. One that is against the rules is no command
// line.
func parseExec(line string) Exec {
	var x Exec
	var b strings.Builder
	quoted, some := false, false
	flush := func() {
		if some {
			x.args = append(x.args, arg(b.String()))
		}
		b.Reset()
		some = false
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '"':
			quoted, some = !quoted, true
		case quoted && c == '\\':
			if i+1 == len(line) {
				return Exec{}
			}
			i++
			b.WriteByte(line[i])
		case !quoted && (c == ' ' || c == '\t' || c == '\n'):
			flush()
		case c == '%':
			if i+1 == len(line) {
				return Exec{} // the code is missing
			}
			i++
			some = true
			if quoted && line[i] != '%' {
				continue // undefined by the specification
			}
			b.WriteString(line[i-1 : i+1])
		default:
			some = true
			b.WriteByte(c)
		}
	}
	if quoted {
		return Exec{}
	}
	flush()
	if x.ok() && strings.ContainsRune(strings.ReplaceAll(string(x.args[0]), "%%", ""), '%') {
		return Exec{} // the program itself can't be given by others
	}
	return x
}

// Context is what field codes other than files stand for.
type Context struct {
	Name string // of the application, as it was shown
	Icon string
	File string // path of the .desktop file
}

// Commands fills the places. files are absolute paths or URLs; a program that
// takes only one is to be run once for each. There is always at least one
// command, if there is a program.
func (x Exec) Commands(c Context, files ...string) [][]string {
	if !x.ok() {
		return nil
	}
	single := slices.ContainsFunc(x.args, func(a arg) bool {
		return eachCode(string(a), func(code byte) bool { return code == 'f' || code == 'u' })
	})
	if !single {
		return [][]string{x.fill(c, files)}
	}
	if len(files) == 0 {
		return [][]string{x.fill(c, nil)}
	}
	var all [][]string
	for _, f := range files {
		all = append(all, x.fill(c, []string{f}))
	}
	return all
}

// eachCode reports whether found is true of a code in s.
func eachCode(s string, found func(code byte) bool) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '%' {
			i++
			if found(s[i]) {
				return true
			}
		}
	}
	return false
}

// fill makes the arguments of one command.
func (x Exec) fill(c Context, files []string) []string {
	var out []string
	for _, a := range x.args {
		switch a {
		case "%F":
			for _, f := range files {
				if p, ok := localPath(f); ok {
					out = append(out, p)
				}
			}
			continue
		case "%U":
			for _, f := range files {
				out = append(out, asURL(f))
			}
			continue
		case "%i":
			if c.Icon != "" {
				out = append(out, "--icon", c.Icon)
			}
			continue
		}
		if s, there := fillOne(string(a), c, files); there {
			out = append(out, s)
		}
	}
	return out
}

// fillOne fills the places within an argument. An argument that is nothing but
// a place for what isn't given is none.
func fillOne(a string, c Context, files []string) (s string, there bool) {
	var b strings.Builder
	codes, text := false, a == ""
	for i := 0; i < len(a); i++ {
		if a[i] != '%' || i+1 == len(a) {
			b.WriteByte(a[i])
			text = true
			continue
		}
		i++
		switch a[i] {
		case '%':
			b.WriteByte('%')
			text = true
		case 'f':
			if len(files) > 0 {
				if p, ok := localPath(files[0]); ok {
					b.WriteString(p)
				}
			}
		case 'u':
			if len(files) > 0 {
				b.WriteString(asURL(files[0]))
			}
		case 'c':
			b.WriteString(c.Name)
		case 'k':
			b.WriteString(c.File)
		}
		codes = true // others are deprecated, and stand for nothing
	}
	return b.String(), text || !codes || b.Len() > 0
}

// localPath is the path of a file, if it is one of this machine.
func localPath(file string) (string, bool) {
	if filepath.IsAbs(file) {
		return file, true
	}
	u, err := url.Parse(file)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
		return "", false
	}
	return u.Path, true
}

// asURL is a file as a URL.
func asURL(file string) string {
	if filepath.IsAbs(file) {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	return file
}
