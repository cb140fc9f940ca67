package session

import (
	"os"
	"runtime/metrics"
	"time"

	"rayos/shell/answers"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/vmm"
)

// running is the line that the launcher has run last, as long as it can be
// given up.
type running struct {
	id     uint64
	cancel func() bool // reports whether there was something to give up
}

// abort gives up what runs, if it can be.
func (p *promptPanel) abort(id uint64) bool {
	return id != 0 && p.running.id == id && p.running.cancel != nil && p.running.cancel()
}

// grown asks for another view, for a part of the last one has another height.
func (p *promptPanel) grown() {
	if p.panel != nil {
		p.panel.Invalidate()
	}
}

// ask carries out a line, for somebody who wants to know what it is busy with
// and may give it up: cancel reports whether there was anything to give up. note
// and done are called on the loop.
func (c *console) ask(from, line string, note func(string), done func(grammar.Result, grammar.Ack)) (cancel func() bool) {
	r := grammar.Parse(line, c.env())
	if r.Outcome != grammar.Matched {
		done(r, grammar.Ack{})
		return nil
	}
	id := c.run.SubmitNoted(from, r.Command, func(text string) {
		c.s.loop.Post(func() { note(text) })
	}, func(a grammar.Ack) {
		c.s.loop.Post(func() { done(r, a) })
	})
	return func() bool { return id != 0 && c.run.Cancel(id) }
}

// facts are what questions about the session are answered from.
func (p *promptPanel) facts() answers.Facts {
	s := p.s
	return answers.Facts{
		Now:     p.wall,
		Uptime:  func() time.Duration { return time.Since(s.started) },
		Memory:  memoryNow,
		Version: func() string { return Version },
		System1: func() answers.System1 {
			s1 := s.reflex.S1()
			return answers.System1{Running: s1.Running, Backend: s1.Backend, Done: s1.Done, Waiting: s1.Depth}
		},
		System2: func() answers.System2 {
			c := s.traced.count
			return answers.System2{Ready: p.mind != nil, Lines: s.traced.last, Begun: c.Enqueued, Dropped: c.Dropped}
		},
		Volume: func() answers.Volume {
			return answers.Volume{There: s.opt.Volume != "", Folders: len(s.recall.folders()), Documents: s.recall.documents()}
		},
		Windows: func() []answers.Window {
			var list []answers.Window
			for _, w := range p.windows() {
				list = append(list, answers.Window{ID: w.ID, Title: w.Title, App: w.App})
			}
			return list
		},
		Machines: func() ([]answers.Machine, error) {
			all, err := s.vms.VMs()
			var list []answers.Machine
			for i := range all {
				list = append(list, answers.Machine{Name: all[i].Name, State: control.StateInWords(all[i].State), Running: vmm.State(all[i].State) == vmm.Running})
			}
			return list, err
		},
		Outputs: func() []answers.Output {
			var list []answers.Output
			for _, o := range s.outputs {
				m := o.info.Mode
				list = append(list, answers.Output{Name: o.info.Name, W: m.Size.W, H: m.Size.H, Scale: o.info.Scale.Float(), HertzM: m.Refresh})
			}
			return list
		},
	}
}

// memoryNow is the memory of the computer, and the session's heap.
func memoryNow() (answers.Memory, error) {
	f, err := os.Open("/proc/meminfo") // made by the kernel at once
	if err != nil {
		return answers.Memory{}, err
	}
	defer f.Close()
	m, err := answers.ParseMemInfo(f)
	if err != nil {
		return answers.Memory{}, err
	}
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	m.Heap = heap[0].Value.Uint64()
	return m, nil
}
