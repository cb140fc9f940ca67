package control

import (
	"rayos/geom"
	"rayos/rayapps/lang"
)

// Developer is what commands act on that help whoever works on the session.
// Its methods are called on the session's loop goroutine.
type Developer interface {
	// Overlay shows a picture of how frames come about on each output, or
	// takes it away.
	Overlay(on bool)
	// DevScanout shows the moving test picture, starting it with a size in
	// pixels if it isn't there; a size of zero is the producer's.
	DevScanout(size geom.Size) error
	// HideDevScanout takes its window off the desktop. It stays connected.
	HideDevScanout() error
	// StopDevScanout ends it.
	StopDevScanout() error
}

var developerCommands = []*Command{
	{
		Name: "overlay frames", Help: lang.M("show how frames come about, on each output, or not"),
		Args: []Arg{{Name: "state", Kind: KindChoice, Choices: []string{"on", "off"}, Required: true, Help: "whether to show it"}},
		run: func(s Session, v Values) (any, error) {
			s.Developer().Overlay(get[string](v, "state") == "on")
			return nil, nil
		},
	},
	{
		Name: "dev scanout", Help: lang.M("show a moving test picture that comes the way guests' pictures do"),
		Args: []Arg{
			{Name: "action", Kind: KindChoice, Choices: []string{"show", "hide", "stop"}, Required: true, Help: "show starts it if need be"},
			{Name: "size", Kind: KindSize, Flag: true, Default: "320x200", Help: "of the picture, when it starts"},
		},
		run: func(s Session, v Values) (any, error) {
			switch get[string](v, "action") {
			case "hide":
				return nil, s.Developer().HideDevScanout()
			case "stop":
				return nil, s.Developer().StopDevScanout()
			}
			return nil, s.Developer().DevScanout(get[geom.Size](v, "size"))
		},
	},
}
