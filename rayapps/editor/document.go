package editor

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"rayos/geom"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
)

// document is an open file, or text that is none yet.
type document struct {
	view
	id    int
	path  string // "" for none
	name  string // where there is no path
	bom   bool
	stamp buffer.Stamp // of the file that the text was read from or saved to
	disk  disk
	file  *os.File // what the person has chosen to save to, where there are no paths
	job   *job     // that runs
}

// disk is what has become of a document's file.
type disk uint8

const (
	asIs disk = iota
	changedOnDisk
	goneFromDisk
)

// job is work on a document, in the background.
type job struct {
	saves       bool // or opens
	done, total int64
	cancel      context.CancelFunc
}

func (d *document) title() string {
	switch {
	case d.path != "":
		return filepath.Base(d.path)
	case d.name != "":
		return d.name
	}
	return lang.T("Untitled")
}

func (d *document) crlf() bool { return d.eol == "\r\n" }

// take makes a text what is edited.
func (d *document) take(t buffer.Text, about buffer.About) {
	d.buf = buffer.New(t)
	d.stamp, d.bom, d.disk = about.Stamp, about.BOM, asIs
	d.eol = "\n"
	if about.CRLF {
		d.eol = "\r\n"
	}
	d.top, d.x, d.wide = anchor{}, 0, 0
	d.sel = buffer.Selection{}
	d.indents()
	d.touched()
}

// indents finds out whether the text is moved in by spaces, and by how many.
func (d *document) indents() {
	head := d.text().Slice(0, 64<<10)
	tabs, spaces := 0, 0
	var by [9]int
	last := 0
	for line := range strings.Lines(string(head)) {
		n := len(line) - len(strings.TrimLeft(line, " "))
		switch {
		case line[0] == '\t':
			tabs++
		case n > 1:
			spaces++
		}
		if step := n - last; step > 1 && step < len(by) {
			by[step]++
		}
		last = n
	}
	if spaces <= tabs {
		return
	}
	d.spaces = true
	for _, n := range [...]int{2, 8, 4} {
		if by[n] > 0 && by[n] >= by[d.tab%len(by)] {
			d.tab = n
		}
	}
}

// blank reports whether nothing was ever done with it.
func (d *document) blank() bool {
	return d.path == "" && d.job == nil && d.text().Len() == 0 && !d.buf.CanUndo()
}

// newDocument returns an empty one, which looks as the person wants.
func (ed *Editor) newDocument() *document {
	ed.last++
	d := &document{id: ed.last}
	d.buf, d.eol = buffer.New(buffer.Text{}), "\n"
	d.tab, d.spaces, d.numbers = ed.prefs.Tab, ed.prefs.Spaces, ed.prefs.Numbers
	d.style = style(ed.prefs.Size)
	if ed.prefs.Wrap {
		d.wrap = 1
	}
	d.changed = func() { ed.edited(d) }
	d.zoom = ed.zoom
	d.hand.dragOut = func(s string) { ed.dragOut(d, s) }
	return d
}

func style(size int32) text.Style {
	return text.Style{Family: text.Mono, Size: geom.FixedFromInt(size), LineHeight: geom.FixedFromInt((size*3 + 1) / 2)}
}
