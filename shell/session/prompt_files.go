package session

import (
	"context"
	"strings"
	"time"

	"rayos/shell/files"
	"rayos/shell/launcher"
)

// filesLast is how long what was read of folders holds.
const filesLast = time.Minute

// fileFinder looks for files on another goroutine, one line at a time: of lines
// that came meanwhile the last is next.
type fileFinder struct {
	p      *promptPanel
	ctx    context.Context
	cancel context.CancelFunc
	index  *files.Index // used by the other goroutine while busy
	read   time.Duration
	busy   bool
	next   string
	asking uint64 // of next, 0 for none
}

func (f *fileFinder) init(p *promptPanel) {
	f.p = p
	f.ctx, f.cancel = context.WithCancel(context.Background())
	p.face.Changed = f.ask
}

// ask looks for files that fit a line.
func (f *fileFinder) ask(line string, asking uint64) {
	s := f.p.s
	if s.opt.Files.Home == "" || strings.TrimSpace(line) == "" || strings.ContainsAny(line[:1], ":?@") {
		return
	}
	if f.busy {
		f.next, f.asking = line, asking
		return
	}
	f.busy = true
	index, now := f.index, s.loop.Now()
	if index != nil && now-f.read > filesLast {
		index = nil
	}
	if index == nil {
		f.read = now
	}
	go func() {
		if index == nil {
			index = files.Read(f.ctx, s.opt.Files)
		}
		var found []launcher.Proposal
		finder := launcher.Files{Find: func(_ context.Context, line string, yield func(string) bool) error {
			index.Find(line, yield)
			return nil
		}}
		err := launcher.Gather(f.ctx, finder, line, func(p launcher.Proposal) { found = append(found, p) })
		s.loop.Post(func() { f.found(index, asking, found, err) })
	}()
}

// found takes what was found, and goes on with the line that has come meanwhile.
func (f *fileFinder) found(index *files.Index, asking uint64, list []launcher.Proposal, err error) {
	p := f.p
	f.index, f.busy = index, false
	if f.ctx.Err() != nil {
		return
	}
	if err != nil {
		p.s.log.Warn("files", "err", err)
	}
	some := false
	for _, proposal := range list {
		some = p.model.Late(asking, proposal) || some
	}
	if some {
		p.invalidate()
	}
	if f.asking != 0 {
		line, asking := f.next, f.asking
		f.asking = 0
		f.ask(line, asking)
	}
}
