package session

import (
	"rayos/rayapps/paint"
	"rayos/shell/control"
	"rayos/shell/mpris"
	"rayos/shell/notify/view"
)

// media works the players of the session's bus, by keys and in the drawer.
type media struct {
	s       *Session
	watcher *mpris.Watcher // nil without a bus
	players []mpris.Player
	keys    keySet
	art     *paint.Image
	artOf   string // the URL that art is of, or will be
	ended   bool
}

// artSide is how large pictures are kept: for the drawer, at any scale.
const artSide = 56 * 3

func (m *media) init(s *Session) {
	m.s = s
	m.keys = keySet{s: s, chords: map[string]func(){
		"XF86AudioPlay": func() { m.key(mpris.PlayPause) }, "XF86AudioPause": func() { m.key(mpris.Pause) },
		"XF86AudioStop": func() { m.key(mpris.Stop) },
		"XF86AudioNext": func() { m.key(mpris.Next) }, "XF86AudioPrev": func() { m.key(mpris.Previous) },
	}}
	address := s.opt.Bus
	if address == "" {
		return // the notifications have said so
	}
	go func() {
		var early []mpris.Player // found before there is a watcher to give keys to
		w, err := mpris.Watch(address, func(list []mpris.Player) {
			s.loop.Post(func() {
				if early = list; m.watcher != nil {
					m.changed(list)
				}
			})
		})
		s.loop.Post(func() {
			switch {
			case err != nil:
				s.log.Warn("no keys for players", "err", err)
			case m.ended:
				_ = w.Close() // nobody uses it
			default:
				m.watcher = w
				m.changed(early)
			}
		})
	}()
}

func (m *media) end() {
	m.ended = true
	m.keys.end()
	if m.watcher != nil {
		_ = m.watcher.Close() // the session ends
	}
}

// changed takes the players that there are now. Their keys are the session's
// while there is one.
func (m *media) changed(list []mpris.Player) {
	if m.ended {
		return
	}
	m.players = list
	m.keys.bind(len(list) > 0)
	m.fetch()
	m.s.notices.stale = true
}

// fetch reads the picture of what plays, on another goroutine.
func (m *media) fetch() {
	url := ""
	if p := mpris.Current(m.players); p != nil {
		url = p.Art
	}
	if url == m.artOf {
		return
	}
	m.art, m.artOf = nil, url
	if url == "" {
		return
	}
	go func() {
		px, err := mpris.LoadArt(url, artSide)
		m.s.loop.Post(func() {
			if err != nil || m.artOf != url {
				return // there is none, and the drawer shows a note
			}
			if m.art, err = paint.NewImage(px); err != nil {
				m.s.log.Warn("picture of a player", "err", err)
			}
			m.s.notices.stale = true
		})
	}()
}

// player is what the drawer shows, nil for nothing.
func (m *media) player() *view.Player {
	p := mpris.Current(m.players)
	if p == nil {
		return nil
	}
	return &view.Player{
		Name: p.Name, Title: p.Title, Artist: p.Artist, Art: m.art, Playing: p.Status == mpris.Playing,
		CanPlay: p.CanPlay, CanNext: p.CanNext, CanPrevious: p.CanPrevious,
	}
}

func (m *media) press(k view.Key) {
	m.key(map[view.Key]mpris.Key{view.PlayPause: mpris.PlayPause, view.Next: mpris.Next, view.Previous: mpris.Previous}[k])
}

// key presses a key of the current player.
func (m *media) key(k mpris.Key) {
	if err := m.do(k); err != nil {
		m.s.log.Warn("player", "err", err)
	}
}

func (m *media) do(k mpris.Key) error {
	p := mpris.Current(m.players)
	switch {
	case p == nil || m.watcher == nil:
		return control.Errorf(control.CodeFailed, "there is no player: start one that speaks MPRIS")
	case !m.watcher.Do(p.Bus, k):
		return control.Errorf(control.CodeFailed, "%s takes no keys: the message bus is stuck", p.Name)
	}
	return nil
}
