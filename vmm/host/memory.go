package host

import "time"

// tidyAfter is how long the machine has to be hidden: longer than a person
// takes to look at something else and back.
const tidyAfter = 2 * time.Second

// memory gives back to the system what showing the machine has left, once, when
// it has been hidden for a while. The runtime would do so at its next
// collections, for which there is little reason then.
//
// Its methods may be called from any goroutine.
type memory struct{ timer *time.Timer }

func newMemory(free func()) memory {
	t := time.AfterFunc(tidyAfter, free)
	t.Stop()
	return memory{t}
}

func (m memory) hidden() { m.timer.Reset(tidyAfter) }

func (m memory) shown() { m.timer.Stop() }
