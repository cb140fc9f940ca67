package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Chunk is a piece of a file.
type Chunk struct {
	Text    string
	Heading string // the last Markdown heading above it, "" without one
	// Where it is: bytes of the file, the end excluded. For a PDF they count
	// in the text that pdftotext gives.
	From, To int
	Line     int // that it begins in, from 1; 0 in a PDF
	Page     int // of a PDF, from 1; else 0
}

// Chunks divides a text that is in no file, as a Run divides prose.
func Chunks(text string) []Chunk {
	chunks := split(text, prose)
	place(chunks, text, false)
	return chunks
}

// place says in which lines, or pages, chunks of a text begin.
func place(chunks []Chunk, text string, pdf bool) {
	separator := "\n"
	if pdf {
		separator = "\f" // pdftotext ends pages with it
	}
	at, n := 0, 1
	for i := range chunks {
		c := &chunks[i]
		n += strings.Count(text[at:c.From], separator)
		at = c.From
		if pdf {
			c.Page = n
		} else {
			c.Line = n
		}
	}
}

// Sizes of chunks, in bytes: what is shorter is joined with what follows, what
// is longer is cut where it hurts least.
const (
	aim     = 1200
	longest = 2400
)

// form is how a text is divided.
type form int

const (
	prose form = iota
	markdown
	code
)

// split divides a text into chunks: whole paragraphs, a Markdown heading with
// what is below it, functions of code. Chunks don't overlap, are in order and
// hold all that isn't white space. Text must be UTF-8.
func split(text string, f form) []Chunk {
	var chunks []Chunk
	heading, above := "", ""
	from, to := 0, 0
	flush := func() {
		chunks = cut(chunks, text, from, to, above)
		from, above = to, heading
	}
	for _, b := range blocks(text, f) {
		if title, ok := headingOf(text[b.from:b.to]); ok && f == markdown {
			flush()
			heading, above = title, title
		} else if b.to-from > aim && to > from {
			flush()
		}
		to = b.to
	}
	flush()
	return chunks
}

type block struct{ from, to int }

// blocks are what isn't divided without need: up to an empty line, or before a
// line of code that begins something at the left margin.
func blocks(text string, f form) []block {
	var all []block
	from, at, fenced, empty := 0, 0, false, false
	for at < len(text) {
		end := strings.IndexByte(text[at:], '\n') + 1
		if end == 0 {
			end = len(text) - at
		}
		line := strings.TrimRight(text[at:at+end], " \t\r\n")
		_, isHeading := headingOf(line)
		begins := !fenced && (empty && line != "" && (f != code || line[0] != ' ' && line[0] != '\t' && line[0] != '}') ||
			f == markdown && isHeading)
		if begins && at > from {
			all, from = append(all, block{from, at}), at
		}
		if f == markdown && (strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~")) {
			fenced = !fenced
		}
		empty, at = line == "", at+end
		if f == markdown && isHeading && !fenced {
			empty = false
		}
	}
	if from < len(text) {
		all = append(all, block{from, len(text)})
	}
	return all
}

// headingOf is the title of a block that begins with a Markdown heading.
func headingOf(s string) (string, bool) {
	line, _, _ := strings.Cut(s, "\n")
	level := len(line) - len(strings.TrimLeft(line, "#"))
	if level == 0 || level > 6 || len(line) == level || line[level] != ' ' {
		return "", false
	}
	title := strings.Trim(line[level:], "# \t\r")
	return title[:boundary(title, min(len(title), 200))], true
}

// cut appends text[from:to], trimmed, in pieces of at most longest bytes: at
// the last line's end, else behind the last sentence, word or character.
func cut(chunks []Chunk, text string, from, to int, heading string) []Chunk {
	for {
		from += len(text[from:to]) - len(strings.TrimLeft(text[from:to], " \t\r\n\f\v"))
		end := to
		if to-from > longest {
			end = from + best(text[from:from+longest])
		}
		if s := strings.TrimRight(text[from:end], " \t\r\n\f\v"); s != "" {
			chunks = append(chunks, Chunk{Text: s, Heading: heading, From: from, To: from + len(s)})
		}
		if end == to {
			return chunks
		}
		from = end
	}
}

func best(s string) int {
	for _, separator := range []string{"\n", ". ", " "} {
		if i := strings.LastIndex(s, separator); i > len(s)/3 {
			return i + len(separator)
		}
	}
	return boundary(s, len(s))
}

// boundary is the last beginning of a character in s at or before n, or n when
// it is s's end and s ends with a whole one.
func boundary(s string, n int) int {
	for i := n; i > 0 && i > n-utf8.UTFMax; i-- {
		if r, size := utf8.DecodeLastRuneInString(s[:i]); r != utf8.RuneError || size > 1 {
			return i
		}
	}
	return n
}

// isText reports whether the head of a file is UTF-8 without control
// characters that no text has. A character cut off at its end is no fault.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && utf8.FullRune(head[i:]) {
			return false
		}
		if r < ' ' && !bytes.ContainsRune([]byte("\t\n\r\f\v\b\x1b"), r) {
			return false
		}
		i += n
	}
	return true
}
