package theme

import "rayos/rayapps/lang"

// Trust is whose pixels a window shows. It comes from the surface's owner,
// never from the client, and is visible at all times: as a colour, a word and
// a pattern.
type Trust uint8

// Trust levels.
const (
	Session   Trust = iota // the session's own and its user's programs
	Linux                  // a Linux guest
	Windows                // a Windows guest
	Remote                 // a remote desktop
	Sandboxed              // a sandboxed RayApp
	Unknown                // nobody vouches for it
	Trusts                 // how many there are
)

// Pattern tells trust levels apart without their colours.
type Pattern uint8

// Patterns of the stripe.
const (
	Plain      Pattern = iota // one thin line
	Solid                     // the whole stripe
	DoubleLine                // two lines
	Dashes
	Dots
	Hatched
)

// Word returns the word that stands beside the colour, as commands say it.
func (t Trust) Word() string {
	if t >= Trusts {
		t = Unknown
	}
	return [...]string{"Session", "Linux", "Windows", "Remote", "Sandboxed", "Unknown"}[t]
}

// Name returns the word in the person's language.
func (t Trust) Name() string {
	if t >= Trusts {
		t = Unknown
	}
	return lang.C("trust", [...]string{"Session", "Linux", "Windows", "Remote", "Sandboxed", "Unknown"}[t])
}

func (t Trust) String() string { return t.Word() }

// Pattern returns the pattern of the level.
func (t Trust) Pattern() Pattern {
	if t >= Trusts {
		t = Unknown
	}
	return [...]Pattern{Plain, Solid, DoubleLine, Dashes, Dots, Hatched}[t]
}
