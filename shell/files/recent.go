package files

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/userdirs"
)

// maxText bounds the files that are read, in bytes.
const maxText = 4 << 20

// readText reads a regular file up to maxText; "" if there is none.
func readText(path string) []byte {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return nil
	}
	return text
}

// recent returns the files that programs have used, the last first.
func recent(file string) []string { return parseRecent(readText(file)) }

// parseRecent reads a recently-used.xbel, whatever it has become.
func parseRecent(text []byte) []string {
	type entry struct{ path, when string }
	var list []entry
	d := xml.NewDecoder(bytes.NewReader(text))
	for len(list) < 10*maxRecent {
		t, err := d.RawToken()
		if err != nil {
			break // the end, or where it breaks off
		}
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "bookmark" {
			continue
		}
		var b entry
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "href":
				if u, err := url.Parse(a.Value); err == nil && u.Scheme == "file" && (u.Host == "" || u.Host == "localhost") {
					b.path = u.Path
				}
			case "visited", "modified":
				b.when = max(b.when, a.Value) // RFC 3339 in UTC: the order of letters is that of time
			}
		}
		if filepath.IsAbs(b.path) && !strings.ContainsRune(b.path, 0) {
			b.path = filepath.Clean(b.path)
			list = append(list, b)
		}
	}
	slices.SortStableFunc(list, func(a, b entry) int { return strings.Compare(b.when, a.when) })
	var paths []string
	for _, b := range list[:min(len(list), maxRecent)] {
		paths = append(paths, b.path)
	}
	return paths
}

// userDirs returns the folders that user-dirs.dirs names, those for what is
// shared and templates left out.
func userDirs(file, home string) (dirs []string) {
	for _, d := range userdirs.Parse(readText(file), home) {
		if d.Key != "TEMPLATES" && d.Key != "PUBLICSHARE" {
			dirs = append(dirs, d.Path)
		}
	}
	return dirs
}
