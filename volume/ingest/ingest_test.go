package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// store keeps what it is given, as a caller does.
type store map[string]File

func (s store) over(root string) *Ingester {
	return &Ingester{
		Roots: []string{root},
		Known: func(path string) (Hash, bool) { f, ok := s[path]; return f.Hash, ok },
		Emit:  func(f File) error { s[f.Path] = f; return nil },
		Gone:  func(path string) error { delete(s, path); return nil },
	}
}

func (s store) names(root string) string {
	var names []string
	for path := range s {
		names = append(names, strings.TrimPrefix(path, root+"/"))
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func runs(t *testing.T, in *Ingester) Report {
	t.Helper()
	r, err := in.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFoldersHoldAnything(t *testing.T) {
	dir := t.TempDir()
	outside := t.TempDir()
	write(t, outside+"/secret.txt", "secret")
	for _, name := range []string{"a.txt", "sub/b.md", "sub/c.go", ".git/config", ".hidden", "node_modules/x.js", "old~", "draft.tmp"} {
		write(t, dir+"/"+name, "text of "+name)
	}
	write(t, dir+"/binary.txt", "\x7fELF\x00\x01\x02")
	write(t, dir+"/latin1.txt", "caf\xe9 au lait")
	write(t, dir+"/late.txt", strings.Repeat("text ", 2000)+"\x00\xff")
	write(t, dir+"/empty.txt", "")
	write(t, dir+"/invalid.md", "\xff\xfe\xfd")
	sparse, err := os.Create(dir + "/huge.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = sparse.WriteString(strings.Repeat("x", 8192)); err == nil {
		err = errors.Join(sparse.Truncate(1<<30), sparse.Close())
	}
	for _, e := range []error{
		err,
		os.Truncate(dir+"/binary.txt", 1<<30),
		syscall.Mkfifo(dir+"/fifo.txt", 0o600),
		os.Symlink(".", dir+"/sub/loop"), os.Symlink(outside, dir+"/away"), os.Symlink(outside+"/secret.txt", dir+"/link.txt"),
		os.Link(dir+"/a.txt", dir+"/again.txt"),
	} {
		if e != nil {
			t.Fatal(e)
		}
	}
	s := store{}
	in := s.over(dir)
	in.Exclude = []string{"*.tmp"}
	progress := 0
	in.Progress = func(Report) { progress++ }
	r := runs(t, in)
	if got := s.names(dir); got != "a.txt sub/b.md sub/c.go" {
		t.Errorf("ingested %q; want three", got)
	}
	if r.Files != 3 || r.NoText != 5 || r.Failed != 1 || !errors.Is(r.Problems[0].Err, ErrTooLarge) {
		t.Errorf("report %+v; want 3 files, 5 without text, 1 too large", r)
	}
	if progress == 0 {
		t.Error("no progress was told")
	}
	if r := runs(t, in); r.Files != 0 || r.Same != 3 {
		t.Errorf("again: %+v; want all the same", r)
	}
	write(t, dir+"/sub/b.md", "another text")
	if r := runs(t, in); r.Files != 1 || r.Same != 2 || s[dir+"/sub/b.md"].Chunks[0].Text != "another text" {
		t.Errorf("after a change: %+v; want one file", r)
	}
}

func TestDevicesAreNotOpenedAsFiles(t *testing.T) {
	s := store{}
	if r := runs(t, s.over("/dev/null")); r.Files != 0 || r.Excluded != 1 {
		t.Errorf("/dev/null: %+v; want it excluded", r)
	}
}

func TestCancelAndGoOn(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		write(t, fmt.Sprintf("%s/%d.txt", dir, i), fmt.Sprint("text ", i))
	}
	s := store{}
	in := s.over(dir)
	ctx, cancel := context.WithCancel(context.Background())
	in.Progress = func(r Report) {
		if r.Files == 4 {
			cancel()
		}
	}
	if _, err := in.Run(ctx); !errors.Is(err, context.Canceled) || len(s) != 4 {
		t.Errorf("canceled after 4: %v with %d files", err, len(s))
	}
	if r := runs(t, in); r.Same != 4 || r.Files != 6 {
		t.Errorf("gone on: %+v; want 4 the same and 6 new", r)
	}
	full := errors.New("disk full")
	in.Known, in.Emit = nil, func(File) error { return full }
	if _, err := in.Run(context.Background()); !errors.Is(err, full) {
		t.Errorf("Emit's error: %v", err)
	}
}

// A file of the kernel's has another size than it says, as one has that grows
// while it is read.
func TestChangingFilesAreLeftForLater(t *testing.T) {
	s := store{}
	if r := runs(t, s.over("/proc/version")); r.Failed != 1 || !errors.Is(r.Problems[0].Err, ErrChanging) || len(s) != 0 {
		t.Errorf("a file of another size than it says: %+v; want ErrChanging", r)
	}
}

func TestIngestOfNamedFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a.txt", "one")
	write(t, dir+"/.git/x.txt", "hidden")
	s := store{}
	in := s.over(dir)
	ctx := context.Background()
	if _, err := in.Ingest(ctx, []string{dir + "/a.txt", dir + "/.git/x.txt"}); err != nil || s.names(dir) != "a.txt" {
		t.Errorf("ingested %q, %v; want a.txt", s.names(dir), err)
	}
	if err := os.Remove(dir + "/a.txt"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Ingest(ctx, []string{dir + "/a.txt"}); err != nil || len(s) != 0 {
		t.Errorf("a file that has gone: %v, kept %q", err, s.names(dir))
	}
	for _, path := range []string{"/etc/hostname", dir + "/../x", filepath.Dir(dir)} {
		if _, err := in.Ingest(ctx, []string{path}); err == nil {
			t.Errorf("%s is outside and was taken", path)
		}
	}
	outside := t.TempDir()
	write(t, outside+"/x.txt", "secret")
	if err := os.Symlink(outside, dir+"/away"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Ingest(ctx, []string{dir + "/away/x.txt"}); err != nil || len(s) != 0 {
		t.Errorf("a file behind a link: %v, kept %q", err, s.names(dir))
	}
}

// program writes a stand-in for pdftotext.
func program(t *testing.T, script string) string {
	path := filepath.Join(t.TempDir(), "pdftotext")
	write(t, path, "#!/bin/sh\n"+script)
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPDF(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a.pdf", "%PDF-1.4 \x00\x01 body")
	defer func(d time.Duration) { pdfTime = d }(pdfTime)
	pdfTime = 10 * time.Second
	for name, c := range map[string]struct {
		script string
		limit  time.Duration
		text   string
		err    string
	}{
		"works":    {script: `head -c 8; echo; echo "args $*"`, text: "%PDF-1.4\nargs -enc UTF-8 -nopgbrk - -"},
		"no UTF-8": {script: `printf 'caf\351'`, text: "caf\ufffd"},
		"fails":    {script: `echo "Syntax Error" >&2; exit 1`, err: "Syntax Error"},
		"hangs":    {script: `sleep 1000 & sleep 1000`, limit: 200 * time.Millisecond, err: "longer than"},
		"endless":  {script: `yes`, err: "larger than"},
		"limits":   {script: `echo "$(ulimit -v) $(ulimit -t)"`, text: "1048576 20"},
	} {
		s := store{}
		in := s.over(dir)
		in.PDF = program(t, c.script)
		old := pdfTime
		if c.limit > 0 {
			pdfTime = c.limit
		}
		r := runs(t, in)
		pdfTime = old
		switch {
		case c.err == "" && (r.Files != 1 || s[dir+"/a.pdf"].Chunks[0].Text != c.text):
			t.Errorf("%s: %+v, %+v; want %q", name, r, s[dir+"/a.pdf"].Chunks, c.text)
		case c.err != "" && (r.Failed != 1 || !strings.Contains(r.Problems[0].Err.Error(), c.err)):
			t.Errorf("%s: %+v; want a problem with %q", name, r, c.err)
		}
	}
	ended(t, dir)
	t.Setenv("PATH", t.TempDir())
	if r := runs(t, store{}.over(dir)); r.Failed != 1 || !errors.Is(r.Problems[0].Err, ErrNoPDF) {
		t.Errorf("without pdftotext: %+v; want ErrNoPDF", r)
	}
}

// ended checks that what pdftotext started ends with it: the other end of a FIFO
// closes when the last process that has it is gone.
func ended(t *testing.T, dir string) {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	end, err := os.OpenFile(fifo, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	in := store{}.over(dir)
	in.PDF = program(t, fmt.Sprintf("echo here >%s; sleep 1000 3>%s & yes | head -c 20000000; sleep 1000", fifo, fifo))
	if r := runs(t, in); r.Failed != 1 {
		t.Errorf("too much text: %+v; want a problem", r)
	}
	if err := end.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if said, err := io.ReadAll(end); err != nil || string(said) != "here\n" {
		t.Errorf("a child of pdftotext lives on: %q, %v", said, err)
	}
}

func TestChunks(t *testing.T) {
	paragraph := strings.Repeat("Some words of a sentence. ", 20) // 520 bytes
	md := "# One\n\n" + paragraph + "\n\n## Two\n\nshort\n\n```\n# no heading\n\nx\n```\n\n" + strings.Repeat(paragraph+"\n\n", 4)
	chunks := split(md, markdown)
	var headings []string
	for _, c := range chunks {
		headings = append(headings, c.Heading)
	}
	if got := strings.Join(headings, ","); got != "One,Two,Two" {
		t.Errorf("headings of chunks = %s; want One,Two,Two", got)
	}
	src := "package x\n\nimport \"fmt\"\n\nfunc a() {\n" + strings.Repeat("\tfmt.Println(1)\n\n", 60) + "}\n\nfunc b() {\n" + strings.Repeat("\tfmt.Println(2)\n", 60) + "}\n"
	chunks = split(src, code)
	if len(chunks) != 2 || !strings.HasPrefix(chunks[1].Text, "func b()") {
		t.Errorf("functions are torn apart: %d chunks", len(chunks))
	}
	for _, c := range split(strings.Repeat("日本語", 5000), prose) {
		if !utf8.ValidString(c.Text) {
			t.Error("a character was cut")
			break
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("# a\n\ntext\n\n```\n# b\n```\n", byte(1))
	f.Add(strings.Repeat("word ", 2000), byte(0))
	f.Add("func a() {\n}\n\nfunc b() {\n}\n", byte(2))
	f.Fuzz(func(t *testing.T, text string, kind byte) {
		text = strings.ToValidUTF8(text, "")
		at := 0
		for _, c := range split(text, form(kind%3)) {
			if c.From < at || c.To < c.From || c.To > len(text) || text[c.From:c.To] != c.Text {
				t.Fatalf("chunk %d..%d after %d isn't where it says", c.From, c.To, at)
			}
			if strings.TrimSpace(c.Text) == "" || len(c.Text) > longest || !utf8.ValidString(c.Text) {
				t.Fatalf("chunk of %d bytes: %.50q", len(c.Text), c.Text)
			}
			if lost := strings.Trim(text[at:c.From], " \t\r\n\f\v"); lost != "" {
				t.Fatalf("%q is in no chunk", lost)
			}
			at = c.To
		}
		if lost := strings.Trim(text[at:], " \t\r\n\f\v"); lost != "" {
			t.Fatalf("%q at the end is in no chunk", lost)
		}
	})
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/a.txt", "one")
	write(t, dir+"/sub/b.txt", "two")
	s := store{}
	in := s.over(dir)
	w, err := in.Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	next := func() Changes {
		t.Helper()
		c, err := w.Wait(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	write(t, dir+"/.hidden", "x") // alone it wouldn't wake anybody
	write(t, dir+"/a.txt", "1")
	write(t, dir+"/a.txt", "11")
	write(t, dir+"/new/deep/c.txt", "three")
	if c := next(); !slices.Equal(c.Paths, []string{dir + "/a.txt", dir + "/new/deep/c.txt"}) || c.All {
		t.Errorf("changes = %+v; want a.txt and c.txt once each", c)
	}
	write(t, dir+"/new/deep/c.txt", "in a folder that came later")
	if err := os.Remove(dir + "/sub/b.txt"); err != nil {
		t.Fatal(err)
	}
	if c := next(); !slices.Equal(c.Paths, []string{dir + "/new/deep/c.txt", dir + "/sub/b.txt"}) {
		t.Errorf("changes = %+v; want c.txt and b.txt", c)
	}
	elsewhere := t.TempDir() + "/elsewhere"
	if err := os.Rename(dir+"/new", elsewhere); err != nil {
		t.Fatal(err)
	}
	if c := next(); !c.All {
		t.Errorf("a folder moved away: %+v; want all to be read", c)
	}
	write(t, elsewhere+"/deep/c.txt", "no longer ours")
	write(t, dir+"/a.txt", "111")
	if c := next(); !slices.Equal(c.Paths, []string{dir + "/a.txt"}) {
		t.Errorf("changes = %+v; want a.txt alone, the folder is elsewhere", c)
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := w.Wait(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("Wait = %v; want canceled", err)
	}
}

// tinyPDF is a document of one page that says a text.
func tinyPDF(text string) string {
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var at []int
	stream := "BT /F1 18 Tf 72 700 Td (" + text + ") Tj ET"
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
		fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(stream), stream), "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.String()
}

// TestPoppler reads a PDF by the program that reads them, and one that is damaged.
func TestPoppler(t *testing.T) {
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Skip("pdftotext is not installed (poppler-utils)")
	}
	dir := t.TempDir()
	write(t, dir+"/rings.pdf", tinyPDF("A virtqueue is a ring of descriptors."))
	write(t, dir+"/torn.pdf", tinyPDF("never read")[:120])
	s := store{}
	r := runs(t, s.over(dir))
	if r.Files != 1 || r.Failed != 1 {
		t.Errorf("%+v; want one that is read, and one that fails", r)
	}
	if c := s[dir+"/rings.pdf"].Chunks; len(c) != 1 || c[0].Text != "A virtqueue is a ring of descriptors." || c[0].Page != 1 {
		t.Errorf("%+v", c)
	}
}
