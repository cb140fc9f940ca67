package session

import "rayos/rayapps/lang"

// locale is what the person has set, or what the environment says.
func (p *preferences) locale() lang.Locale {
	l := p.s.opt.Locale
	if set := p.store.Get("appearance.language"); set != "" {
		l = lang.Locale{Language: set, Territory: l.Territory}
	}
	return l
}

// speak makes the process speak the language that is set.
func (p *preferences) speak() error {
	if err := lang.Set(p.locale()); err != nil {
		return err
	}
	p.s.opt.RTL = p.rtl || lang.Now().RTL()
	if set := p.value(); set != "" {
		p.s.opt.Apps.Speak(set)
	} else {
		p.s.opt.Apps.Locales = p.named
	}
	return nil
}

// spoken tells programs the language, if it isn't the environment's.
func (p *preferences) spoken() []string {
	if set := p.value(); set != "" {
		return []string{"RAYOS_LANGUAGE=" + set, "LANGUAGE=" + set}
	}
	return []string{"RAYOS_LANGUAGE="}
}

// value is the language that is set, with the environment's territory; "" if
// none is.
func (p *preferences) value() string {
	set := p.store.Get("appearance.language")
	if t := p.s.opt.Locale.Territory; set != "" && t != "" {
		set += "_" + t
	}
	return set
}

// respeak shows everything in the language that is set.
func (p *preferences) respeak() {
	s := p.s
	rtl := s.opt.RTL
	for _, v := range []interface{ SetRTL(bool) }{s.walk.view, s.peeks.view} {
		if s.parts.theme != nil {
			v.SetRTL(rtl)
		}
	}
	for _, g := range s.spread.stages {
		g.view.SetRTL(rtl)
	}
	for _, q := range s.parts.panels {
		q.Root().SetRTL(rtl)
	}
	s.prompt.refresh()
	if s.opt.Shell {
		s.prompt.look()
	}
	if s.leave.sheet.shown() {
		s.leave.renew()
	}
	s.parts.repaint()
	s.refreshFrames()
	for _, m := range s.machines {
		m.updateCard()
	}
	s.notices.stale, s.bars.stale, s.walk.stale, s.spread.stale, s.peeks.stale = true, true, true, true, true
	s.moved = true // what lies at an edge may lie at the other
}
