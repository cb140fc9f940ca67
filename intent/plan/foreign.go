package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"rayos/intent/classify"
	"rayos/intent/slots"
)

// Want is a step that somebody else than the person has chosen, a language model
// for example: an intent, and words that say what it is about.
type Want struct{ Intent, Words string }

// ErrNothing is a want that there is nothing for: no such intent, or what it names
// isn't there.
var ErrNothing = errors.New("there is no such thing")

// Follow makes a plan of what somebody else wants. It can hold nothing but what
// a line of the person could, about things that are there; but the person is asked
// before anything is done that does more than show something.
func Follow(wants []Want, s *Scene) (Plan, error) {
	all := Plan{P: 1}
	k := s.known()
	for _, w := range wants {
		if _, known := intents[w.Intent]; !known {
			return Plan{}, fmt.Errorf("%.40q: %w", w.Intent, ErrNothing)
		}
		ranked := []classify.Score{{Intent: w.Intent, P: 1}}
		p, ok := meant(w.Words, ranked, s, slots.Known{Machines: k.Machines, Apps: k.Apps}, false)
		if !ok {
			p, ok = meant(w.Words, ranked, s, k, true)
		}
		switch {
		case !ok:
			return Plan{}, fmt.Errorf("%s, %.80q: %w", w.Intent, w.Words, ErrNothing)
		case p.Refused:
			return Plan{Refused: true, P: 1}, nil
		}
		for _, step := range p.Steps {
			step.Tainted = true
			all.Steps = append(all.Steps, step)
		}
		all.Intents = append(all.Intents, w.Intent)
		if len(all.Steps) > MaxSteps {
			return Plan{}, fmt.Errorf("more than %d steps", MaxSteps)
		}
	}
	return all, nil
}

// Intents are those that plans are made of, in the order of their names.
func Intents() []string { return slices.Sorted(maps.Keys(intents)) }

// Example returns a line that has an intent of Intents.
func Example(intent string) string { return examples[intent] }

var examples = map[string]string{
	"app.open": "open firefox", "ask.memory": "what is using my memory", "brightness.set": "set the brightness to 40 percent",
	"brightness.up": "make the screen brighter", "brightness.down": "make the screen darker", "file.find": "find the file named budget",
	"log.show": "show the log", "media.next": "next song", "media.previous": "previous song", "media.toggle": "pause the music",
	"notes.delete": "delete all my notes", "notes.find": "find the note about virtqueues", "notify.clear": "clear the notifications",
	"notify.loud": "show notifications again", "notify.quiet": "do not disturb", "notify.show": "show the notifications", "overview.show": "show an overview",
	"process.show": "show the processes", "record.stop": "stop recording", "screenshot.take": "take a screenshot", "session.lock": "lock the screen",
	"session.logout": "log out", "session.restart": "restart the computer", "session.shutdown": "power off", "session.sleep": "suspend the computer",
	"settings.open": "open the settings", "theme.dark": "dark mode", "theme.light": "light mode", "vm.hide": "hide the linux desktop",
	"vm.kill": "kill the linux machine at once", "vm.list": "list the machines", "vm.resume": "resume the linux machine", "vm.show": "show the linux desktop",
	"vm.start": "boot the windows machine", "vm.stop": "shut down the windows machine", "vm.suspend": "suspend the linux machine",
	"vm.type": "type \"hello\" into the linux desktop", "vnc.open": "run vnc lab:1", "volume.down": "quieter", "volume.mute": "mute the sound",
	"volume.set": "set the volume to 30 percent", "volume.unmute": "unmute the sound", "volume.up": "louder", "window.close": "close that window",
	"window.close_all": "close everything on workspace 3", "window.focus": "go to the firefox window", "window.fullscreen": "make that window full screen",
	"window.list": "list the windows", "window.maximize": "maximize that window", "window.minimize": "minimize that window",
	"window.restore": "restore that window", "window.snap": "put firefox on the left half", "window.to_workspace": "move that window to workspace 2",
	"workspace.add": "add a workspace", "workspace.remove": "remove workspace 3", "workspace.switch": "go to workspace 2",
}
