package session

import (
	"io"
	"strings"

	"rayos/shell/progress"
)

// work is what programs say of theirs: how far it is, and what waits in them.
// Without a message bus nobody says anything.
type work struct {
	s     *Session
	conn  io.Closer // nil before it is there
	list  []progress.Entry
	ended bool
}

func (w *work) init(s *Session) {
	w.s = s
	if s.opt.Bus == "" {
		return
	}
	go func() {
		watcher, err := progress.Watch(s.opt.Bus, func(list []progress.Entry) {
			s.loop.Post(func() { w.list, s.bars.stale = list, true })
		})
		s.loop.Post(func() {
			switch {
			case err != nil:
				s.log.Warn("no progress of programs is shown", "err", err)
			case w.ended:
				_ = watcher.Close() // nobody looks
			default:
				w.conn = watcher
			}
		})
	}()
}

func (w *work) end() {
	w.ended = true
	if w.conn != nil {
		_ = w.conn.Close() // the session ends
	}
}

// of returns what the program of a window says, nothing for most.
func (w *work) of(win *window) progress.Entry {
	for _, e := range w.list {
		if strings.EqualFold(e.App, win.guest.AppID) {
			return e
		}
	}
	return progress.Entry{}
}
