package control

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"rayos/rayapps/lang"
)

// Media is what commands act on that are about sound, players and the screen's
// light. Its methods are called on the session's loop goroutine, and done there
// too.
type Media interface {
	// Players returns those that there are; keys go to the current one.
	Players() []Player
	// Press presses a key of the current player: play-pause, play, pause, stop,
	// next or previous.
	Press(key string) error
	// Volume changes the volume of the person's sound and says what it is then.
	Volume(c Change, done func(Level, error))
	// Microphone mutes the person's microphone, or no longer, and says what it is
	// then; without muted and toggle it only says.
	Microphone(muted *bool, toggle bool, done func(Microphone, error))
	// Brightness changes the light of the built-in screen in the same way.
	Brightness(c Change, done func(Level, error))
}

// Player describes a media player.
type Player struct {
	Name    string `json:"name"`
	Status  string `json:"status"` // playing, paused, stopped
	Title   string `json:"title,omitempty"`
	Artist  string `json:"artist,omitempty"`
	Current bool   `json:"current,omitempty"`
}

// Change is what shall become of a level. The zero value leaves it.
type Change struct {
	Set   *float64 // 0 to 1
	By    float64  // added
	Mute  bool     // sound goes, or comes back
	Quiet *bool    // sound goes if it is true
}

// Level is what something is set to.
type Level struct {
	Percent int  `json:"percent"`
	Muted   bool `json:"muted,omitempty"`
}

// Microphone is what a microphone is set to.
type Microphone struct {
	Muted bool `json:"muted"`
}

// mediaDeadline is how long a sound server or the system may take.
const mediaDeadline = 5 * time.Second

var mediaCommands = []*Command{
	{
		Name: "players", Reads: true, Help: lang.M("list the media players"), print: printPlayers,
		run: func(s Session, _ Values) (any, error) { return append([]Player{}, s.Media().Players()...), nil },
	},
	{
		Name: "player", Help: lang.M("press a key of the player that played last"),
		Args: []Arg{{
			Name: "key", Kind: KindChoice, Required: true, Help: "which",
			Choices: []string{"play-pause", "play", "pause", "stop", "next", "previous"},
		}},
		run: func(s Session, v Values) (any, error) { return nil, s.Media().Press(get[string](v, "key")) },
	},
	level("volume", lang.M("say how loud the sound is, or change it"), "mute, unmute, toggle, 40, +5 or -5 (percent)", Media.Volume),
	{
		Name: "microphone", Help: lang.M("say whether the microphone hears, or change it"), Deadline: mediaDeadline, print: printMicrophone,
		Args: []Arg{{Name: "to", Kind: KindChoice, Choices: []string{"mute", "unmute", "toggle"}, Help: "what to do with it"}},
		start: func(s Session, v Values, done func(any, error)) func() {
			to := get[string](v, "to")
			var muted *bool
			if on := to == "mute"; on || to == "unmute" {
				muted = &on
			}
			s.Media().Microphone(muted, to == "toggle", func(m Microphone, err error) { done(m, err) })
			return nil
		},
	},
	level("brightness", lang.M("say how bright the built-in screen is, or change it"), "40, +5 or -5 (percent)", Media.Brightness),
}

func level(name, help, arg string, change func(Media, Change, func(Level, error))) *Command {
	return &Command{
		Name: name, Help: help, Deadline: mediaDeadline, print: printLevel,
		Args: []Arg{{Name: "to", Kind: KindString, Rest: true, Help: arg}},
		start: func(s Session, v Values, done func(any, error)) func() {
			c, err := parseChange(get[string](v, "to"), name == "volume")
			if err != nil {
				done(nil, err)
				return nil
			}
			change(s.Media(), c, func(l Level, err error) { done(l, err) })
			return nil
		},
	}
}

// parseChange reads what people write for a change.
func parseChange(s string, sound bool) (Change, error) {
	yes, no := true, false
	switch {
	case s == "":
		return Change{}, nil
	case sound && s == "mute":
		return Change{Quiet: &yes}, nil
	case sound && s == "unmute":
		return Change{Quiet: &no}, nil
	case sound && s == "toggle":
		return Change{Mute: true}, nil
	}
	n, err := strconv.ParseFloat(strings.TrimSuffix(s, "%"), 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > 150 {
		return Change{}, Errorf(CodeBadArgs, "%.20q is no change: say 40, +5 or -5", s)
	}
	if n /= 100; s[0] == '+' || s[0] == '-' {
		return Change{By: n}, nil
	}
	return Change{Set: &n}, nil
}

func printLevel(w io.Writer, result json.RawMessage) error {
	var l Level
	if err := json.Unmarshal(result, &l); err != nil {
		return err
	}
	muted := ""
	if l.Muted {
		muted = ", muted"
	}
	_, err := fmt.Fprintf(w, "%d%%%s\n", l.Percent, muted)
	return err
}

func printMicrophone(w io.Writer, result json.RawMessage) error {
	var m Microphone
	if err := json.Unmarshal(result, &m); err != nil {
		return err
	}
	word := "on"
	if m.Muted {
		word = "muted"
	}
	_, err := fmt.Fprintln(w, word)
	return err
}

func printPlayers(w io.Writer, result json.RawMessage) error {
	var list []Player
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no players")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, " \tNAME\tSTATUS\tTITLE\tARTIST")
	for _, p := range list {
		mark := " "
		if p.Current {
			mark = "*"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", mark, shorten(p.Name, 20), clean(p.Status), shorten(p.Title, 40), shorten(p.Artist, 30))
	}
	return t.Flush()
}
