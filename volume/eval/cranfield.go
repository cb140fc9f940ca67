package eval

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// maxFile is the size of the largest file of a collection that is read, in
// bytes.
const maxFile = 256 << 20

// Cranfield reads the Cranfield collection in the form of TREC from a folder:
// cran.all.1400.xml, cran.qry.xml and cranqrel.trec.txt. A judgement names a
// query by its place in the file of queries, from 1. The collection comes with
// no licence: it is for measuring, not to be shipped.
func Cranfield(dir string) (*Collection, error) {
	texts, err := read(dir, "cran.all.1400.xml")
	if err != nil {
		return nil, err
	}
	queries, err := read(dir, "cran.qry.xml")
	if err != nil {
		return nil, err
	}
	judged, err := read(dir, "cranqrel.trec.txt")
	if err != nil {
		return nil, err
	}
	c := &Collection{}
	for _, d := range elements(texts, "doc") {
		id, err := strconv.ParseUint(strings.TrimSpace(first(d, "docno")), 10, 32)
		if err != nil {
			return nil, fmt.Errorf("document %d of %s: %w", len(c.Documents)+1, dir, err)
		}
		c.Documents = append(c.Documents, Document{id, first(d, "title") + "\n" + first(d, "text")})
	}
	for _, q := range elements(queries, "top") {
		c.Queries = append(c.Queries, Query{first(q, "title"), make(map[uint64]float64)})
	}
	for i, line := range strings.Split(judged, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 4 {
			return nil, fmt.Errorf("judgement %d of %s has %d fields; want query, 0, document, relevance", i+1, dir, len(f))
		}
		q, errQ := strconv.Atoi(f[0])
		id, errID := strconv.ParseUint(f[2], 10, 32)
		gain, errGain := strconv.ParseFloat(f[3], 64)
		if errQ != nil || errID != nil || errGain != nil || q < 1 {
			return nil, fmt.Errorf("judgement %d of %s is %q; want four numbers", i+1, dir, line)
		}
		if q <= len(c.Queries) && gain > 0 {
			c.Queries[q-1].Relevant[id] = gain
		}
	}
	if len(c.Documents) == 0 || len(c.Queries) == 0 {
		return nil, fmt.Errorf("%s has %d documents and %d queries: it is no Cranfield collection", dir, len(c.Documents), len(c.Queries))
	}
	return c, nil
}

func read(dir, name string) (string, error) {
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read collection: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", fmt.Errorf("read collection: %s is no file of at most %d bytes", path, maxFile)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read collection: %w", err)
	}
	return string(b), nil
}

// elements gives what is inside each element of a name; they aren't nested.
func elements(s, name string) []string {
	var all []string
	for {
		_, rest, ok := strings.Cut(s, "<"+name+">")
		if !ok {
			return all
		}
		inside, after, ok := strings.Cut(rest, "</"+name+">")
		if !ok {
			return all
		}
		all, s = append(all, inside), after
	}
}

// first is the text of the first element of a name, "" without one.
func first(s, name string) string {
	all := elements(s, name)
	if len(all) == 0 {
		return ""
	}
	return html.UnescapeString(all[0])
}
