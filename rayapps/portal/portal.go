// Package portal reads how the person wants programs to look from the desktop:
// the Settings portal of the session bus
// (org.freedesktop.portal.Settings, namespace org.freedesktop.appearance).
//
//	err := portal.Watch(ctx, address, func(l portal.Looks) { … })
//
// Nothing is started for it: where no portal runs, nothing is told until one
// does. An app of a session whose backend it knows asks that one
// (org.freedesktop.impl.portal.Settings), whatever else is on the bus.
package portal

import (
	"context"
	"errors"
	"math"

	"github.com/godbus/dbus/v5"

	"rayos/gpu/render"
)

// Looks is what the person wants. The zero value is no wishes.
type Looks struct {
	Scheme   Scheme
	Accent   render.Color // 0 is none
	Contrast bool         // more than usual
	Still    bool         // reduced motion
}

// Scheme is a wish for dark or light colours.
type Scheme uint8

// Schemes.
const (
	NoScheme Scheme = iota
	Dark
	Light
)

// Names on the bus.
const (
	front      = "org.freedesktop.portal.Desktop"
	path       = "/org/freedesktop/portal/desktop"
	settings   = "org.freedesktop.portal.Settings"
	backend    = "org.freedesktop.impl.portal.Settings"
	appearance = "org.freedesktop.appearance"
	daemon     = "org.freedesktop.DBus"
)

// Watch calls told with what the person wants, now and whenever it changes, on
// the caller's goroutine, until ctx ends, which is no error, or the bus does. It
// asks the backend that has a name on the bus; an empty one asks the portal.
func Watch(ctx context.Context, address, name string, told func(Looks)) error {
	from := source{name, backend}
	if name == "" {
		from = source{front, settings}
	}
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return ended(ctx, err)
	}
	defer conn.Close()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(from.name), dbus.WithMatchInterface(from.face), dbus.WithMatchMember("SettingChanged"), dbus.WithMatchArg(0, appearance)},
		{dbus.WithMatchSender(daemon), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, from.name)},
	} {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			return ended(ctx, err)
		}
	}
	var last Looks
	for {
		l, err := from.read(ctx, conn)
		var refused dbus.Error
		switch {
		case errors.As(err, &refused): // there is no portal, or it doesn't know
		case err != nil:
			return ended(ctx, err)
		case l != last:
			last = l
			told(l)
		}
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-signals:
			if !ok {
				return ended(ctx, dbus.ErrClosed)
			}
		}
	}
}

func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// source is who is asked.
type source struct{ name, face string }

func (s source) read(ctx context.Context, conn *dbus.Conn) (Looks, error) {
	var all map[string]map[string]dbus.Variant
	call := conn.Object(s.name, path).CallWithContext(ctx, s.face+".ReadAll", dbus.FlagNoAutoStart, []string{appearance})
	if err := call.Store(&all); err != nil {
		return Looks{}, err
	}
	return looks(all[appearance]), nil
}

// looks reads the settings. What has another type than it should is no wish.
func looks(of map[string]dbus.Variant) Looks {
	number := func(key string) uint32 {
		n, _ := of[key].Value().(uint32)
		return n
	}
	l := Looks{Contrast: number("contrast") == 1, Still: number("reduced-motion") == 1}
	if s := number("color-scheme"); s <= uint32(Light) {
		l.Scheme = Scheme(s)
	}
	parts, _ := of["accent-color"].Value().([]any)
	if len(parts) != 3 {
		return l
	}
	var c [3]uint8
	for i, p := range parts {
		v, ok := p.(float64)
		if !ok || !(v >= 0 && v <= 1) { // beyond is none
			return l
		}
		c[i] = uint8(math.Round(v * 255))
	}
	l.Accent = render.RGBA(c[0], c[1], c[2], 255)
	return l
}
