package openwith

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/mimetype"
)

// Associations are which programs the person has for types of files, by the IDs
// of their .desktop files.
type Associations struct {
	Default, Added, Removed map[string][]string
}

// Limits of a list.
const (
	maxList  = 1 << 20 // bytes
	maxTypes = 10_000
	maxIDs   = 32
)

func readList(name string) []byte {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxList))
	if err != nil {
		return nil
	}
	return data
}

// add takes a mimeapps.list in; what earlier ones say comes first.
func (a *Associations) add(text []byte) {
	var into *map[string][]string
	for line := range bytes.Lines(text) {
		line := strings.TrimSpace(string(line))
		switch {
		case line == "[Default Applications]":
			into = &a.Default
		case line == "[Added Associations]":
			into = &a.Added
		case line == "[Removed Associations]":
			into = &a.Removed
		case strings.HasPrefix(line, "["):
			into = nil
		}
		mime, ids, ok := strings.Cut(line, "=")
		mime = strings.TrimSpace(mime)
		if !ok || into == nil || !mimetype.Valid(mime) {
			continue
		}
		if *into == nil {
			*into = map[string][]string{}
		}
		m := *into
		if len(m) >= maxTypes {
			continue
		}
		for id := range strings.SplitSeq(ids, ";") {
			if id = strings.TrimSpace(id); strings.HasSuffix(id, ".desktop") && len(m[mime]) < maxIDs && !slices.Contains(m[mime], id) {
				m[mime] = append(m[mime], id)
			}
		}
	}
}
