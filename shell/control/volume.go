package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rayos/rayapps/lang"
)

// Volume is the person's memory: folders that they named, found by words and by
// what they are about. Its methods are called on the session's loop goroutine;
// done is called there, later. What a caller doesn't wait for any more goes on
// unless cancel says otherwise.
type Volume interface {
	// Index names a folder and takes it in; "" takes in what is new in all. note
	// is told how far it is. cancel ends the waiting, not the work.
	Index(folder string, note func(string), done func(VolumeReport, error)) (cancel func())
	Search(q VolumeQuery, done func(VolumeFound, error)) (cancel func())
	// Similar finds the documents that are like one.
	Similar(path string, n int, done func(VolumeFound, error)) (cancel func())
	Stats(done func(VolumeStats, error))
	Tail(n int, done func([]VolumeEvent, error))
	Verify(done func(VolumeCheck, error))
	// Rebuild makes everything anew from the folders.
	Rebuild(note func(string), done func(VolumeReport, error)) (cancel func())
	// Forget takes a folder out and no longer names it, or what was imported: then
	// it is VolumeImported and the file's name.
	Forget(folder string, done func(docs int, err error))
	// Import takes in what an older file says.
	Import(path string, done func(VolumeReport, error)) (cancel func())
	// Staged is what lay ready at the start in the format of older systems.
	Staged(done func(StagedVolume, error))
}

// StagedVolume is what lay ready at the start.
type StagedVolume struct {
	Folder string            `json:"folder"`
	Keys   []string          `json:"keys"`
	Values map[string]string `json:"values,omitempty"`
	Sum    uint64            `json:"sum"` // FNV-1a of volume.bin's first 64 KiB; 0 without one
	Texts  int               `json:"texts"`
	Links  int               `json:"links"`         // documents of index.bin
	Why    string            `json:"why,omitempty"` // it was refused
}

// VolumeImported begins the paths of what was imported.
const VolumeImported = "import:"

// VolumeQuery is what is looked for.
type VolumeQuery struct {
	Text, Folder string // Folder "" is everywhere
	N            int
	Files        bool // a file is one hit
}

// VolumeFound is what was found, the best first.
type VolumeFound struct {
	Hits  []VolumeHit `json:"hits"`
	Index string      `json:"index"`           // what ranked
	Words string      `json:"words,omitempty"` // why words alone decided
}

// VolumeHit is a piece of a file.
type VolumeHit struct {
	Path    string  `json:"path"`
	Line    int     `json:"line,omitempty"`
	Page    int     `json:"page,omitempty"` // of a PDF
	Heading string  `json:"heading,omitempty"`
	Snippet string  `json:"snippet"`
	Score   float64 `json:"score"`
	By      string  `json:"by"` // words, meaning or both
}

// VolumeReport is what an indexing did.
type VolumeReport struct {
	Files    int      `json:"files"` // new or changed
	Chunks   int      `json:"chunks"`
	Bytes    int64    `json:"bytes"`
	Same     int      `json:"same"`
	Excluded int      `json:"excluded,omitempty"`
	NoText   int      `json:"no_text,omitempty"`
	Failed   int      `json:"failed,omitempty"`
	Problems []string `json:"problems,omitempty"` // the first of them
}

// VolumeStats is the volume at one moment.
type VolumeStats struct {
	Folders  []string `json:"folders"` // that the person named
	Docs     int      `json:"docs"`
	Chunks   int      `json:"chunks"`
	Terms    int      `json:"terms"`
	Bytes    int64    `json:"bytes"` // of the documents
	Vectors  int      `json:"vectors"`
	Embedder string   `json:"embedder,omitempty"`
	Dims     int      `json:"dims,omitempty"`
	EF       int      `json:"ef,omitempty"`
	Words    string   `json:"words,omitempty"` // why words alone decide
	Busy     string   `json:"busy,omitempty"`  // what is under way
}

// VolumeEvent is what happened to a document.
type VolumeEvent struct {
	At     time.Time `json:"at"`
	Step   string    `json:"step"`
	Path   string    `json:"path"`
	Chunks int       `json:"chunks,omitempty"`
	Why    string    `json:"why,omitempty"`
}

// VolumeCheck is what a verification found.
type VolumeCheck struct {
	Docs     int      `json:"docs"`
	Chunks   int      `json:"chunks"`
	Problems []string `json:"problems"`
}

// Deadlines: a first indexing may read for long.
const (
	volumeDeadline = 30 * time.Second
	indexDeadline  = 2 * time.Hour
)

var (
	volumeText   = Arg{Name: "text", Kind: KindString, Required: true, Rest: true, Help: "what to look for, in words"}
	volumeN      = Arg{Name: "n", Kind: KindInt, Flag: true, Max: 100, Default: "10", Help: "hits at most"}
	volumeFolder = Arg{Name: "folder", Kind: KindPath, Flag: true, Help: "only what lies in it"}
)

// volumeCommands are the rows of the volume, under both of its names, and rag.
var volumeCommands = func() []*Command {
	list := []*Command{
		{
			Name: "volume index", Help: lang.M("name a folder and take its texts in, or what is new in all that were named"), Deadline: indexDeadline, print: printVolumeReport,
			Args: []Arg{{Name: "folder", Kind: KindPath, Rest: true, Help: "or a file"}},
			work: func(s Session, v Values, note func(string), done func(any, error)) func() {
				return s.Volume().Index(get[string](v, "folder"), note, func(r VolumeReport, err error) { done(r, err) })
			},
		},
		{
			Name: "volume search", Help: lang.M("find pieces of the named folders by words and by what they are about"), Deadline: volumeDeadline, print: printVolumeFound,
			Args: []Arg{volumeN, volumeFolder, {Name: "files", Kind: KindBool, Flag: true, Help: "each file once, by its best piece"}, volumeText},
			start: func(s Session, v Values, done func(any, error)) func() {
				return s.Volume().Search(volumeQuery(v, 10), func(f VolumeFound, err error) { done(f, err) })
			},
		},
		{
			Name: "volume similar", Help: lang.M("find the documents that are most like one"), Deadline: volumeDeadline, print: printVolumeFound,
			Args: []Arg{volumeN, {Name: "file", Kind: KindPath, Required: true, Rest: true, Help: "in a folder that was named"}},
			start: func(s Session, v Values, done func(any, error)) func() {
				return s.Volume().Similar(get[string](v, "file"), volumeQuery(v, 10).N, func(f VolumeFound, err error) { done(f, err) })
			},
		},
		{
			Name: "volume stats", Reads: true, Help: lang.M("say what the volume holds"), Deadline: volumeDeadline, print: printVolumeStats,
			start: func(s Session, _ Values, done func(any, error)) func() {
				s.Volume().Stats(func(v VolumeStats, err error) { done(v, err) })
				return nil
			},
		},
		{
			Name: "volume tail", Help: lang.M("list what happened to documents last"), Deadline: volumeDeadline, print: printVolumeTail,
			Args: []Arg{{Name: "n", Kind: KindInt, Max: 1024, Default: "20", Help: "events at most"}},
			start: func(s Session, v Values, done func(any, error)) func() {
				s.Volume().Tail(volumeQuery(v, 20).N, func(list []VolumeEvent, err error) { done(append([]VolumeEvent{}, list...), err) })
				return nil
			},
		},
		{
			Name: "volume verify", Help: lang.M("read all of the volume and say what is wrong with it"), Deadline: 10 * time.Minute, print: printVolumeCheck,
			start: func(s Session, _ Values, done func(any, error)) func() {
				s.Volume().Verify(func(c VolumeCheck, err error) { done(c, err) })
				return nil
			},
		},
		{
			Name: "volume rebuild", Help: lang.M("make the volume anew from the folders that were named"), Deadline: indexDeadline, print: printVolumeReport,
			work: func(s Session, _ Values, note func(string), done func(any, error)) func() {
				return s.Volume().Rebuild(note, func(r VolumeReport, err error) { done(r, err) })
			},
		},
		{
			Name: "volume forget", Help: lang.M("take a folder out of the volume, and no longer name it; its files stay"), Deadline: volumeDeadline, print: printForgotten,
			Args: []Arg{{Name: "import", Kind: KindString, Flag: true, Help: "instead: a file that was imported, by its name"}, {Name: "folder", Kind: KindPath, Rest: true, Help: "or a file"}},
			start: func(s Session, v Values, done func(any, error)) func() {
				what, from := get[string](v, "folder"), get[string](v, "import")
				if (what == "") == (from == "") {
					done(nil, Errorf(CodeBadArgs, "name a folder, or a file by --import"))
					return nil
				}
				if from != "" {
					what = VolumeImported + from
				}
				s.Volume().Forget(what, func(n int, err error) { done(VolumeForgotten{n}, err) })
				return nil
			},
		},
	}
	list = append(list, &Command{
		Name: "volume import", Help: lang.M("take in what an older volume.bin, embeddings.bin or log disk says"), Deadline: indexDeadline, print: printVolumeReport,
		Args: []Arg{{Name: "file", Kind: KindPath, Required: true, Rest: true, Help: "found as import:FILE/NAME from then on"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Volume().Import(get[string](v, "file"), func(r VolumeReport, err error) { done(r, err) })
		},
	})
	for _, c := range list[:len(list):len(list)] {
		short := *c
		short.Name = "vol " + strings.TrimPrefix(c.Name, "volume ")
		list = append(list, &short)
		if short.Name == "vol stats" {
			probe := short
			probe.Name = "vol probe"
			list = append(list, &probe)
		}
	}
	staged := func(s Session, done func(any, error), fn func(StagedVolume) any) {
		s.Volume().Staged(func(v StagedVolume, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			done(fn(v), nil)
		})
	}
	return append(list, &Command{
		Name: "vl", Help: lang.M("list the keys of the volume that lay ready at the start"), Deadline: volumeDeadline, print: printStaged,
		start: func(s Session, _ Values, done func(any, error)) func() {
			staged(s, done, func(v StagedVolume) any { v.Values = nil; return v })
			return nil
		},
	}, &Command{
		Name: "vq", Help: lang.M("tell the value of a key of the volume that lay ready at the start"), Deadline: volumeDeadline, print: printStagedValue,
		Args: []Arg{{Name: "key", Kind: KindString, Required: true, Rest: true, Help: "as vl lists it"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			key := get[string](v, "key")
			staged(s, done, func(v StagedVolume) any {
				value, ok := v.Values[key]
				return StagedValue{Key: key, Value: value, Found: ok}
			})
			return nil
		},
	}, &Command{
		Name: "x", Help: lang.M("tell a checksum of the volume that lay ready at the start"), Deadline: volumeDeadline, print: printStagedSum,
		start: func(s Session, _ Values, done func(any, error)) func() {
			staged(s, done, func(v StagedVolume) any { v.Values = nil; return v })
			return nil
		},
	}, &Command{
		Name: "rag", Help: lang.M("show what the volume knows about a question, a line for each piece"), Deadline: volumeDeadline, print: printRAG,
		Args: []Arg{volumeN, volumeText},
		start: func(s Session, v Values, done func(any, error)) func() {
			return s.Volume().Search(volumeQuery(v, 3), func(f VolumeFound, err error) { done(f, err) })
		},
	})
}()

// StagedValue is the result of vq.
type StagedValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	Found bool   `json:"found"`
}

func printStaged(w io.Writer, result json.RawMessage) error {
	var v StagedVolume
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	switch {
	case v.Why != "":
		_, err := fmt.Fprintf(w, "volume: refused: %s\n", clean(v.Why))
		return err
	case len(v.Keys) == 0 && v.Texts == 0:
		_, err := fmt.Fprintf(w, "volume: nothing lies in %s\n", clean(v.Folder))
		return err
	}
	if _, err := fmt.Fprintf(w, "volume: %d keys, %d texts, links of %d\n", len(v.Keys), v.Texts, v.Links); err != nil {
		return err
	}
	for _, k := range v.Keys {
		if _, err := fmt.Fprintln(w, clean(k)); err != nil {
			return err
		}
	}
	return nil
}

func printStagedValue(w io.Writer, result json.RawMessage) error {
	var v StagedValue
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	if !v.Found {
		_, err := fmt.Fprintln(w, "volume: key not found")
		return err
	}
	_, err := fmt.Fprintf(w, "volume: %s = %s\n", clean(v.Key), clean(v.Value))
	return err
}

func printStagedSum(w io.Writer, result json.RawMessage) error {
	var v StagedVolume
	if err := json.Unmarshal(result, &v); err != nil {
		return err
	}
	if v.Sum == 0 {
		_, err := fmt.Fprintln(w, "volume: nothing lies ready")
		return err
	}
	_, err := fmt.Fprintf(w, "volume: fnv1a=%016x\n", v.Sum)
	return err
}

// VolumeForgotten is the result of volume forget.
type VolumeForgotten struct {
	Docs int `json:"docs"`
}

func volumeQuery(v Values, n int) VolumeQuery {
	if v["n"] != nil {
		n = int(get[int32](v, "n"))
	}
	return VolumeQuery{Text: get[string](v, "text"), Folder: get[string](v, "folder"), N: n, Files: get[bool](v, "files")}
}

func printVolumeReport(w io.Writer, result json.RawMessage) error {
	var r VolumeReport
	if err := json.Unmarshal(result, &r); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d files taken in (%d pieces, %s), %d as before; left out: %d excluded, %d no text, %d unreadable\n",
		r.Files, r.Chunks, sizeOf(r.Bytes), r.Same, r.Excluded, r.NoText, r.Failed)
	for _, p := range r.Problems {
		if err == nil {
			_, err = fmt.Fprintln(w, "  "+clean(p))
		}
	}
	return err
}

// place is where a hit is, as editors take it.
func (h *VolumeHit) place() string {
	switch {
	case h.Line > 0:
		return fmt.Sprintf("%s:%d", clean(h.Path), h.Line)
	case h.Page > 0:
		return fmt.Sprintf("%s, page %d", clean(h.Path), h.Page)
	}
	return clean(h.Path)
}

func printVolumeFound(w io.Writer, result json.RawMessage) error {
	var f VolumeFound
	if err := json.Unmarshal(result, &f); err != nil {
		return err
	}
	if len(f.Hits) == 0 {
		_, err := fmt.Fprintln(w, "nothing was found"+reason(f.Words))
		return err
	}
	for i := range f.Hits {
		h := &f.Hits[i]
		if _, err := fmt.Fprintf(w, "%s  (%.4f, %s)\n    %s\n", h.place(), h.Score, clean(h.By), clean(h.Snippet)); err != nil {
			return err
		}
	}
	if f.Words != "" {
		_, err := fmt.Fprintln(w, "by words alone"+reason(f.Words))
		return err
	}
	return nil
}

func reason(why string) string {
	if why == "" {
		return ""
	}
	return ": " + clean(why)
}

// printRAG prints what programs have always read.
func printRAG(w io.Writer, result json.RawMessage) error {
	var f VolumeFound
	if err := json.Unmarshal(result, &f); err != nil {
		return err
	}
	if f.Words != "" {
		if _, err := fmt.Fprintln(w, "RAG: no embeddings"); err != nil {
			return err
		}
		if len(f.Hits) == 0 {
			return nil
		}
	}
	if _, err := fmt.Fprintf(w, "RAG: top=%d index=%s\n", len(f.Hits), clean(f.Index)); err != nil {
		return err
	}
	for i := range f.Hits {
		h := &f.Hits[i]
		if _, err := fmt.Fprintf(w, "RAG[%d] score=%.4f text=%s\n", i, h.Score, clean(h.Snippet)); err != nil {
			return err
		}
	}
	return nil
}

func printVolumeStats(w io.Writer, result json.RawMessage) error {
	var s VolumeStats
	if err := json.Unmarshal(result, &s); err != nil {
		return err
	}
	vectors := fmt.Sprintf("%d vectors of %s, %d dimensions, ef %d", s.Vectors, clean(s.Embedder), s.Dims, s.EF)
	if s.Words != "" {
		vectors = "found by words alone" + reason(s.Words)
	}
	if _, err := fmt.Fprintf(w, "%d documents of %s in %d pieces, %d different words\n%s\n", s.Docs, sizeOf(s.Bytes), s.Chunks, s.Terms, vectors); err != nil {
		return err
	}
	if len(s.Folders) == 0 {
		if _, err := fmt.Fprintln(w, "no folder is named: volume index FOLDER names one"); err != nil {
			return err
		}
	}
	for _, f := range s.Folders {
		if _, err := fmt.Fprintln(w, "folder "+clean(f)); err != nil {
			return err
		}
	}
	if s.Busy == "" {
		return nil
	}
	_, err := fmt.Fprintln(w, "under way: "+clean(s.Busy))
	return err
}

func printVolumeTail(w io.Writer, result json.RawMessage) error {
	var list []VolumeEvent
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	for i := range list {
		e := &list[i]
		line := fmt.Sprintf("%s  %-9s %s", e.At.Local().Format("2006-01-02 15:04:05"), clean(e.Step), clean(e.Path))
		if e.Chunks > 0 {
			line += fmt.Sprintf(", %d pieces", e.Chunks)
		}
		if _, err := fmt.Fprintln(w, line+reason(e.Why)); err != nil {
			return err
		}
	}
	return nil
}

func printVolumeCheck(w io.Writer, result json.RawMessage) error {
	var c VolumeCheck
	if err := json.Unmarshal(result, &c); err != nil {
		return err
	}
	if len(c.Problems) == 0 {
		_, err := fmt.Fprintf(w, "ok: %d documents, %d pieces\n", c.Docs, c.Chunks)
		return err
	}
	for _, p := range c.Problems {
		if _, err := fmt.Fprintln(w, clean(p)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "volume rebuild makes it anew")
	return err
}

func printForgotten(w io.Writer, result json.RawMessage) error {
	var f VolumeForgotten
	if err := json.Unmarshal(result, &f); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d documents are forgotten; their files stay\n", f.Docs)
	return err
}

// sizeOf is a number of bytes for people.
func sizeOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
