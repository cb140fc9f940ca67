package mpris

import (
	"strings"

	"github.com/godbus/dbus/v5"

	"rayos/shell/sessionbus"
)

// Limits of what a player says, in bytes. Longer text is cut.
const (
	MaxText = 256
	maxArt  = 4096
	artists = 4 // the first ones are named
)

// Status is what a player does.
type Status uint8

// States, by how much they matter.
const (
	Stopped Status = iota
	Paused
	Playing
)

func (s Status) String() string { return [...]string{"stopped", "paused", "playing"}[min(s, Playing)] }

// Player is what a media player says of itself.
type Player struct {
	Bus    string // its name on the bus
	Name   string // for people
	Status Status

	Title, Artist, Album string
	Art                  string // where the picture is, a URL; see LoadArt

	CanPlay, CanNext, CanPrevious bool

	since uint64 // the turn in which it began to play
}

// Current returns the player that keys are for: of those that play the one that
// began last, else the one that did so before it stopped. It is nil if there is
// none.
func Current(list []Player) *Player {
	var best *Player
	for i := range list {
		p := &list[i]
		switch {
		case best == nil, p.Status == Playing && best.Status != Playing:
			best = p
		case (p.Status == Playing) == (best.Status == Playing) && p.since > best.since:
			best = p
		}
	}
	return best
}

// parse reads the properties of org.mpris.MediaPlayer2.Player. What has the
// wrong type is as good as absent.
func parse(bus, identity string, props map[string]dbus.Variant) Player {
	p := Player{Bus: bus, Name: sessionbus.Clean(identity, MaxText, false)}
	if p.Name == "" {
		p.Name = fallbackName(bus)
	}
	switch get[string](props, "PlaybackStatus") {
	case "Playing":
		p.Status = Playing
	case "Paused":
		p.Status = Paused
	}
	if control, ok := props["CanControl"].Value().(bool); !ok || control {
		p.CanNext, p.CanPrevious = get[bool](props, "CanGoNext"), get[bool](props, "CanGoPrevious")
		p.CanPlay = get[bool](props, "CanPlay") || get[bool](props, "CanPause")
	}
	meta := get[map[string]dbus.Variant](props, "Metadata")
	p.Title = text(meta, "xesam:title")
	p.Album = text(meta, "xesam:album")
	p.Artist = text(meta, "xesam:artist")
	if list := get[[]string](meta, "xesam:artist"); len(list) > 0 {
		names := make([]string, 0, artists)
		for _, s := range list[:min(len(list), artists)] {
			if s = sessionbus.Clean(s, MaxText, false); s != "" {
				names = append(names, s)
			}
		}
		p.Artist = sessionbus.Clean(strings.Join(names, ", "), MaxText, false)
	}
	if url := get[string](meta, "mpris:artUrl"); len(url) <= maxArt {
		p.Art = url
	}
	return p
}

// fallbackName is the part of a bus name that tells players apart.
func fallbackName(bus string) string {
	name := strings.TrimPrefix(bus, namePrefix)
	name, _, _ = strings.Cut(name, ".instance")
	return sessionbus.Clean(name, MaxText, false)
}

func get[T any](props map[string]dbus.Variant, name string) T {
	v, _ := props[name].Value().(T)
	return v
}

func text(props map[string]dbus.Variant, name string) string {
	return sessionbus.Clean(get[string](props, name), MaxText, false)
}
