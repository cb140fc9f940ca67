package images

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxFolder bounds the pictures of a folder.
const maxFolder = 100_000

// kinds are what names of pictures end with.
var kinds = []string{".png", ".jpg", ".jpeg", ".jpe", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg"}

func isPicture(name string) bool {
	return slices.Contains(kinds, strings.ToLower(filepath.Ext(name)))
}

// item is a picture that can be shown.
type item struct {
	path string   // "" for one that was handed over
	file *os.File // then
	name string
}

func itemOf(path string) item { return item{path: path, name: filepath.Base(path)} }

// list returns the pictures of a folder as people sort them. Hidden ones aren't
// listed.
func list(ctx context.Context, dir string) ([]item, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []item
	for len(all) < maxFolder {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		found, err := f.ReadDir(1000)
		for _, e := range found {
			if n := e.Name(); !strings.HasPrefix(n, ".") && isPicture(n) && !e.IsDir() && len(all) < maxFolder {
				all = append(all, item{path: filepath.Join(dir, n), name: n})
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b item) int { return natural(a.name, b.name) })
	return all, nil
}

// natural compares names as people do: without capitals, and numbers by what they
// are.
func natural(a, b string) int {
	x, y := strings.ToLower(a), strings.ToLower(b)
	for x != "" && y != "" {
		n, m := digits(x), digits(y)
		if n == 0 || m == 0 {
			if x[0] != y[0] {
				return cmp.Compare(x[0], y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		p, q := strings.TrimLeft(x[:n], "0"), strings.TrimLeft(y[:m], "0")
		if d := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); d != 0 {
			return d
		}
		x, y = x[n:], y[m:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
