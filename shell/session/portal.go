package session

import (
	"fmt"

	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/portal"
)

// looksPortal tells other programs how the person wants them to look. Without a
// message bus there is nothing of it.
type looksPortal struct {
	s       *Session
	service *portal.Service // nil before it is there
	failed  bool            // there will be none
	ended   bool
}

func (p *looksPortal) init(s *Session) {
	p.s = s
	if s.opt.Bus == "" {
		return
	}
	looks := p.looks()
	go func() {
		service, err := portal.Connect(s.opt.Bus, looks)
		s.loop.Post(func() { p.connected(service, err) })
	}()
}

func (p *looksPortal) connected(service *portal.Service, err error) {
	switch {
	case err != nil:
		p.failed = true
		p.s.log.Warn("programs aren't told how to look", "err", err)
	case p.ended:
		_ = service.Close() // nobody uses it
	default:
		p.service = service
		p.changed() // since it was begun
	}
}

// environ is for our own apps, as package rayapps has it: how to begin, and whom
// to ask. What would hold for good is left out, but where nobody can be asked.
func (p *looksPortal) environ() []string {
	if p.s.opt.Bus == "" || p.failed {
		return append(p.s.prefs.environ(), "RAYOS_LOOKS=", "RAYOS_PORTAL=")
	}
	name := portal.Name // until it is known which of perhaps several sessions we are
	if p.service != nil {
		name = p.service.Name()
	}
	return []string{"RAYOS_THEME=", "RAYOS_ACCENT=", "RAYOS_REDUCED_MOTION=", "RAYOS_LOOKS=" + p.first(), "RAYOS_PORTAL=" + name}
}

// changed tells programs that they are to look otherwise.
func (p *looksPortal) changed() {
	if p.service != nil {
		p.service.Set(p.looks())
	}
	p.s.installed.look(p.first())
}

func (p *looksPortal) looks() portal.Looks {
	th := p.s.prefs.theme()
	return portal.Looks{Light: th.Light(), Accent: th.Accent, Contrast: th.Scheme == uitheme.DarkContrast || th.Scheme == uitheme.LightContrast, Still: th.Still}
}

// first is how an app of ours looks until it has heard the portal, as package
// rayapps has it.
func (p *looksPortal) first() string {
	th := p.s.prefs.theme()
	words := fmt.Sprintf("%s #%06x", th.Scheme, uint32(th.Accent&0xffffff))
	if th.Still {
		words += " still"
	}
	return words
}

func (p *looksPortal) end() {
	p.ended = true
	if p.service != nil {
		_ = p.service.Close() // the session ends
	}
}
