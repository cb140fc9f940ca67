package vms

import (
	"slices"

	"rayos/vmm"
)

// seen are the events that rayos-vm can see or has been asked for, in the
// order in which they are preferred.
var seen = []vmm.Event{
	vmm.Start, vmm.Ready, vmm.Suspend, vmm.Saved, vmm.Unsaved, vmm.Unheard, vmm.Resume, vmm.Refused, vmm.Shutdown, vmm.Exited,
	vmm.Crashed, vmm.GaveUp, vmm.Forget,
}

// steps returns the shortest way from one state to another, nil if there is
// none or none is needed.
func steps(from, to vmm.State) []vmm.Event {
	type node struct {
		state vmm.State
		way   []vmm.Event
	}
	queue := []node{{from, nil}}
	been := map[vmm.State]bool{from: true}
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if n.state == to {
			return n.way
		}
		for _, e := range seen {
			next, err := n.state.After(e)
			if err == nil && !been[next] {
				been[next] = true
				queue = append(queue, node{next, append(slices.Clone(n.way), e)})
			}
		}
	}
	return nil
}
