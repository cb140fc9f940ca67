package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rayos/rayapps/manifest"
)

// Limits of a bundle.
const (
	MaxFile  = 256 << 20 // of the archive, in bytes
	MaxTotal = 512 << 20 // of all files
	MaxFiles = 4096
	maxList  = 1 << 20 // of FILES
)

// File is a row of FILES.
type File struct {
	Path    string
	Size    int64
	Program bool
	Sum     [sha256.Size]byte
}

// header is the first line of FILES.
const header = "rayapp files 1\n"

// formatList writes FILES: a line for each file with its sum, "x" or "-", its
// size and its path.
func formatList(files []File) []byte {
	var b bytes.Buffer
	b.WriteString(header)
	for _, f := range files {
		kind := "-"
		if f.Program {
			kind = "x"
		}
		fmt.Fprintf(&b, "%x %s %d %s\n", f.Sum, kind, f.Size, f.Path)
	}
	return b.Bytes()
}

// parseList reads FILES. There is one way to write it.
func parseList(data []byte) ([]File, error) {
	text, ok := strings.CutPrefix(string(data), header)
	if !ok || len(data) > maxList {
		return nil, errors.New("FILES: another form")
	}
	var files []File
	var total int64
	names := map[string]bool{}
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		if len(parts) != 4 || len(files) == MaxFiles {
			return nil, fmt.Errorf("FILES: line %d", len(files)+2)
		}
		f := File{Path: parts[3], Program: parts[1] == "x"}
		sum, err := hex.DecodeString(parts[0])
		size, err2 := strconv.ParseInt(parts[2], 10, 64)
		if err != nil || err2 != nil || len(sum) != len(f.Sum) || size < 0 || size > MaxTotal {
			return nil, fmt.Errorf("FILES: line %d", len(files)+2)
		}
		copy(f.Sum[:], sum)
		f.Size = size
		if err := checkName(f.Path, names); err != nil {
			return nil, err
		}
		if total += size; total > MaxTotal {
			return nil, fmt.Errorf("FILES: more than %d bytes", MaxTotal)
		}
		if n := len(files); n > 1 && files[n-1].Path >= f.Path {
			return nil, fmt.Errorf("FILES: %s is not in order", f.Path)
		}
		files = append(files, f)
	}
	if len(files) == 0 || files[0].Path != manifest.Name || files[0].Size > manifest.MaxSize {
		return nil, errors.New("FILES: the manifest isn't first")
	}
	if !bytes.Equal(formatList(files), data) {
		return nil, errors.New("FILES: written in another way")
	}
	return files, nil
}

// checkName keeps a path that leads nowhere else, on systems that don't tell
// large letters from small ones either, and that no other file needs as a
// folder.
func checkName(name string, names map[string]bool) error {
	low := strings.ToLower(name)
	if !manifest.ValidPath(name) || low == "files" || low == "signature" {
		return fmt.Errorf("%.80q is no path for a file", name)
	}
	if names[low] {
		return fmt.Errorf("%.80q is there twice", name)
	}
	names[low] = true
	for i := range len(low) {
		if low[i] == '/' {
			if names[low[:i]] {
				return fmt.Errorf("%.80q lies in a file", name)
			}
			names[low[:i]+"/"] = true
		}
	}
	if names[low+"/"] {
		return fmt.Errorf("%.80q is a folder and a file", name)
	}
	return nil
}
