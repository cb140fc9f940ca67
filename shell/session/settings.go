package session

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/control"
	"rayos/shell/launcher"
	"rayos/shell/settings"
	"rayos/shell/theme"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wayland"
)

// preferences applies what the person has set.
type preferences struct {
	s       *Session
	store   *settings.Store
	natural bool    // scrolling
	scroll  float64 // how far it goes
	left    bool    // handed
	rtl     bool    // whatever the language
	// named are the locales of applications' names by the environment.
	named []string
	// Files of what the prompt remembers, "" for none.
	history, choices string
}

// load reads the settings, before anything is made that they change. What the
// session was started with is stronger.
func (p *preferences) load(s *Session) {
	p.s = s
	store, err := settings.Open(s.opt.Settings)
	if err != nil {
		s.log.Warn("settings: defaults are used instead", "err", err)
	}
	p.store, p.rtl, p.named = store, s.opt.RTL, s.opt.Apps.Locales
	if err := p.speak(); err != nil {
		s.log.Error("the language has no messages that can be read", "err", err)
	}
	if store.Get("appearance.scheme") == "light" {
		s.opt.Scheme = theme.Light
	}
	if !store.Bool("appearance.wallpaper") {
		s.opt.Plain = true
	}
	p.history, p.choices = s.opt.History, s.opt.Choices
	if !store.Bool("privacy.history") {
		s.opt.History, s.opt.Choices = "", ""
	}
	p.natural, p.left = store.Bool("pointer.natural-scroll"), store.Bool("pointer.left-handed")
	p.scroll = float64(store.Number("pointer.scroll-speed")) / 100
}

// begin sets what needs the seat.
func (p *preferences) begin() { p.repeat() }

// theme returns that of the shell.
func (p *preferences) theme() *uitheme.Theme {
	scheme := uitheme.Dark
	if p.s.opt.Scheme == theme.Light {
		scheme = uitheme.Light
	}
	accent := render.Color(0) // the theme's own
	if v := p.store.Get("appearance.accent"); v != settings.Lookup("appearance.accent").Default {
		accent = colour(v)
	}
	th := uitheme.New(scheme, accent)
	th.Still = p.store.Get("appearance.motion") == "reduced"
	return th
}

// environ tells our own apps that hear no portal how to look, as package rayapps
// has it.
func (p *preferences) environ() []string {
	list := []string{"RAYOS_THEME=dark"}
	if p.s.opt.Scheme == theme.Light {
		list[0] = "RAYOS_THEME=light"
	}
	if v := p.store.Get("appearance.accent"); v != settings.Lookup("appearance.accent").Default {
		list = append(list, "RAYOS_ACCENT="+v)
	}
	if p.store.Get("appearance.motion") == "reduced" {
		list = append(list, "RAYOS_REDUCED_MOTION=1")
	}
	return list
}

// colour reads a value that was checked.
func colour(v string) render.Color {
	n, err := strconv.ParseUint(v[1:], 16, 24)
	if err != nil {
		panic(err)
	}
	return render.Color(0xff000000 | uint32(n))
}

// names are those of the keyboard's layouts: the person's, or the
// environment's.
func (p *preferences) names() xkb.Names {
	if l := p.store.Get("keyboard.layout"); l != "" {
		return xkb.Names{Layout: l, Variant: p.store.Get("keyboard.variant"), Options: p.store.Get("keyboard.options")}
	}
	n := xkb.Names{
		Rules: os.Getenv("XKB_DEFAULT_RULES"), Model: os.Getenv("XKB_DEFAULT_MODEL"),
		Layout: os.Getenv("XKB_DEFAULT_LAYOUT"), Variant: os.Getenv("XKB_DEFAULT_VARIANT"),
		Options: os.Getenv("XKB_DEFAULT_OPTIONS"),
	}
	if o := p.store.Get("keyboard.options"); o != "" {
		n.Options = o
	}
	return n
}

// Preferences implements control.Session.
func (c *commands) Preferences() control.Preferences { return &c.s.prefs }

// Settings implements control.Preferences.
func (p *preferences) Settings() []settings.Value { return p.store.All() }

// Set implements control.Preferences.
func (p *preferences) Set(name, value string, done func(error)) {
	old := p.store.Get(name)
	changed, err := p.store.Set(name, value)
	if err != nil || !changed {
		done(err)
		return
	}
	p.s.console.marker("RAYOS_SHELL:settings:" + name)
	switch name {
	case "appearance.scheme":
		p.s.opt.Scheme = theme.Dark
		if value == "light" {
			p.s.opt.Scheme = theme.Light
		}
		p.dress()
	case "appearance.accent", "appearance.motion":
		p.dress()
	case "appearance.language":
		if err = p.speak(); err == nil {
			p.respeak()
		}
	case "appearance.wallpaper":
		p.s.opt.Plain = value == settings.Off
		for _, o := range p.s.outputs {
			o.wall.destroy()
			o.wall = p.s.newWallpaper(o)
		}
	case "keyboard.layout", "keyboard.variant", "keyboard.options":
		p.keymap(name, old, done)
		return
	case "keyboard.repeat", "keyboard.delay":
		p.repeat()
	case "pointer.natural-scroll":
		p.natural = value == settings.On
	case "pointer.left-handed":
		p.left = value == settings.On
	case "pointer.scroll-speed":
		p.scroll = float64(p.store.Number(name)) / 100
	case "privacy.agents":
		err = p.s.agents.set(value)
	case "privacy.lock-after":
		p.s.screenLock.setIdle(p.store.Get(name))
	case "privacy.dreams":
		p.s.tasks.dreams(value, func(err error) { done(p.putBack(name, old, err)) })
		return
	case "privacy.folders":
		p.s.recall.named(old, p.store.Get(name))
	case "privacy.embedder-server", "privacy.embedder-name":
		_, err = p.s.recall.embedder()
	case "privacy.model-server", "privacy.model-name":
		if err = p.s.prompt.adviser.set(); err != nil {
			done(p.putBack(name, old, err))
			_ = p.s.prompt.adviser.set() // as before; its state says what is missing
			return
		}
	case "privacy.history":
		err = p.remember(value == settings.On)
	}
	done(p.putBack(name, old, err))
}

// putBack makes a setting what it was, if it couldn't be applied.
func (p *preferences) putBack(name, old string, err error) error {
	if err == nil {
		return nil
	}
	if _, back := p.store.Set(name, old); back != nil {
		return fmt.Errorf("%w; and it couldn't be put back: %w", err, back)
	}
	return err
}

// dress shows everything in the colours that are set.
func (p *preferences) dress() {
	s := p.s
	s.scene.SetBackground(theme.For(s.opt.Scheme).Desktop)
	if s.parts.theme != nil {
		*s.parts.theme = *p.theme()
		s.parts.repaint()
	}
	for _, o := range s.outputs {
		o.wall.size = geom.Size{}
		o.wall.arrange()
		o.scene.DamageAll()
	}
	s.refreshFrames()
	s.bars.stale = true
	s.portal.changed()
}

// remember has the prompt keep what is entered, or forget all of it.
func (p *preferences) remember(on bool) error {
	var errs []error
	if on {
		p.s.opt.History, p.s.opt.Choices = p.history, p.choices
	} else {
		p.s.opt.History, p.s.opt.Choices = "", ""
		for _, path := range []string{p.history, p.choices} {
			if path == "" {
				continue
			}
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				errs = append(errs, err)
			}
		}
	}
	lines, err := launcher.LoadLines(p.s.opt.History)
	p.s.prompt.model.Lines, p.s.prompt.choices = lines, p.s.opt.Choices
	return errors.Join(append(errs, err)...)
}

func (p *preferences) repeat() {
	rate, delay := int32(p.store.Number("keyboard.repeat")), time.Duration(p.store.Number("keyboard.delay"))*time.Millisecond
	p.s.seat.SetRepeat(rate, delay)
	for _, v := range p.s.visitors {
		v.seat.SetRepeat(rate, delay)
	}
}

// keymap compiles the layouts that are set, on a goroutine. Layouts that there
// aren't are not kept.
func (p *preferences) keymap(name, old string, done func(error)) {
	go p.s.loadKeymap(p.names(), func(err error) {
		if err != nil {
			err = control.Errorf(control.CodeBadArgs, "there is no such layout: %v", err)
		}
		done(p.putBack(name, old, err))
	})
}

// SetOutput implements control.Preferences.
func (p *preferences) SetOutput(name string, c control.OutputChange) error {
	for _, h := range p.s.heads {
		if h.disp.Info().Name != name || h.global == nil {
			continue
		}
		hc := wayland.HeadConfig{Head: h.global, Enabled: h.out != nil, Scale: geom.Scale(math.Round(c.Scale * float64(geom.ScaleOne))), At: c.At}
		if !c.Size.Empty() {
			hc.Mode = display.Mode{Size: c.Size, Refresh: h.disp.Info().Mode.Refresh}
		}
		if c.Transform != "" {
			t, ok := display.ParseTransform(c.Transform)
			if !ok {
				return control.Errorf(control.CodeBadArgs, "there is no direction %.20q", c.Transform)
			}
			hc.Transform = &t
		}
		return p.s.ConfigureHeads([]wayland.HeadConfig{hc}, false)
	}
	return control.Errorf(control.CodeNoOutput, "there is no output %.60q; outputs lists them", name)
}
