package session

import (
	"errors"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui/icon"
	"rayos/shell/backlight"
	"rayos/shell/control"
	"rayos/shell/osd"
)

// light is that of the built-in screen. Its keys are the session's where there is
// one.
type light struct {
	s     *Session
	light *backlight.Light // nil without one
	level float64          // 0 to 1, as it was told last
	keys  keySet
	ended bool
}

// lightStep is what a press of a key changes.
const lightStep = 0.05

func (l *light) init(s *Session) {
	l.s = s
	l.keys = keySet{s: s, chords: map[string]func(){
		"XF86MonBrightnessUp":   func() { l.press(lightStep) },
		"XF86MonBrightnessDown": func() { l.press(-lightStep) },
	}}
	go func() {
		found, err := backlight.Open(backlight.Class, backlight.Address())
		s.loop.Post(func() {
			switch {
			case errors.Is(err, backlight.ErrNone):
			case err != nil:
				s.log.Warn("no keys for the light of the screen", "err", err)
			case l.ended:
				_ = found.Close() // nobody uses it
			default:
				l.light = found
				l.keys.bind(true)
				l.change(control.Change{}, func(_ float64, err error) {
					if err != nil {
						s.log.Warn("light of the screen", "err", err)
					}
				})
			}
		})
	}()
}

func (l *light) end() {
	l.ended = true
	l.keys.end()
	if l.light != nil {
		_ = l.light.Close() // the session ends
	}
}

// change asks the system; done is called on the loop.
func (l *light) change(ch control.Change, done func(float64, error)) {
	if l.light == nil {
		done(0, control.Errorf(control.CodeFailed, "%v", backlight.ErrNone))
		return
	}
	l.light.Change(backlight.Change{Set: ch.Set, By: ch.By}, func(level float64, err error) {
		l.s.loop.Post(func() {
			if err == nil {
				l.level, l.s.bars.stale = level, true
			}
			done(level, err)
		})
	})
}

// press is a key, and shows what it did.
func (l *light) press(by float64) {
	l.change(control.Change{By: by}, func(level float64, err error) {
		if err != nil {
			l.s.log.Warn("light of the screen", "err", err)
			return
		}
		l.s.osd.say("brightness", osd.State{Icon: icon.Sun, Text: lang.T("Brightness"), Level: level})
	})
}
