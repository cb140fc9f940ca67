package session

import (
	"context"
	"iter"
	"strings"
	"time"

	"rayos/rayapps/lang"
	"rayos/shell/answers"
	"rayos/shell/files"
	"rayos/shell/launcher"
)

// filesLast is how long what was read of folders holds.
const filesLast = time.Minute

// fileFinder proposes files of the person. It is asked by one goroutine at a
// time.
type fileFinder struct {
	life   context.Context // of the session; what is read of folders serves other lines too
	config files.Config
	index  *files.Index
	read   time.Time
}

var _ launcher.Proposer = (*fileFinder)(nil)

// Propose implements launcher.Proposer.
func (f *fileFinder) Propose(ctx context.Context, line string) iter.Seq2[launcher.Proposal, error] {
	return func(yield func(launcher.Proposal, error) bool) {
		line = strings.TrimSpace(strings.ReplaceAll(line, "\n", " "))
		if f.config.Home == "" || line == "" || strings.ContainsAny(line[:1], ":?@") {
			return
		}
		if f.index == nil || time.Since(f.read) > filesLast {
			f.index, f.read = files.Read(f.life, f.config), time.Now()
		}
		if ctx.Err() != nil {
			return
		}
		if answers.AsksFiles(line) {
			title := answers.FilesLine(f.index.Len())
			yield(launcher.Proposal{Key: "local:files", Kind: launcher.Answer, Title: title, Note: lang.T("in the folders that are searched"), Acts: []launcher.Act{{Verb: launcher.Copy, Of: title}}}, nil)
			return
		}
		found := launcher.Files{Find: func(_ context.Context, line string, yield func(string) bool) error {
			f.index.Find(line, yield)
			return nil
		}}
		found.Propose(ctx, line)(yield)
	}
}

// asked are the slow proposers.
type asked []*launcher.Asker

// hire begins with the slow proposers: files, and those of the options.
func (p *promptPanel) hire() {
	s := p.s
	life, end := context.WithCancel(context.Background())
	p.dismiss = end
	texts := &textFinder{r: &s.recall}
	list := append([]launcher.Proposer{&fileFinder{life: life, config: s.opt.Files}, texts}, s.opt.Proposers...)
	for _, who := range list {
		a := &launcher.Asker{Proposer: who, Post: s.loop.Post, Take: p.take}
		a.Ended = func(asking uint64, err error) {
			if err != nil {
				s.log.Warn("a proposer has failed", "err", err)
			}
			p.ended(asking)
		}
		p.askers = append(p.askers, a)
	}
	p.face.Changed = func(line string, asking uint64) {
		texts.sought(p.model.Sought())
		for _, a := range p.askers {
			a.Ask(line, asking)
		}
		p.adviser.follow(asking)
	}
	p.face.Stop = func() {
		p.askers.stop()
		p.adviser.stop()
	}
}

// take shows what a slow proposer says.
func (p *promptPanel) take(asking uint64, list []launcher.Proposal) {
	some := false
	for _, proposal := range list {
		some = p.model.Late(asking, proposal) || some
	}
	if some {
		p.invalidate()
	}
}

// ended takes note of a proposer that has said all about a line.
func (p *promptPanel) ended(asking uint64) {
	if !p.askers.busy() {
		p.model.Ended(asking)
		p.invalidate()
	}
}

func (l asked) busy() bool {
	for _, a := range l {
		if a.Busy() {
			return true
		}
	}
	return false
}

func (l asked) stop() {
	for _, a := range l {
		a.Stop()
	}
}

func (l asked) close() {
	for _, a := range l {
		a.Close()
	}
}
