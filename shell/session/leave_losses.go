package session

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rayos/rayapps/ui/icon"
	"rayos/shell/control"
	"rayos/shell/dialog"
	"rayos/shell/sessionbus"
	"rayos/vmm"
)

// losses are what a way to leave would end. Sleep ends nothing.
func (l *leaving) losses(what control.Leave) []dialog.Loss {
	s := l.s
	if what == control.Sleep {
		return nil
	}
	var list []dialog.Loss
	for _, w := range s.closable() {
		help := "asked to close"
		if e := s.bars.work.of(w); e.Working {
			help = fmt.Sprintf("at work, %d %% done", e.Percent)
		} else if unsaved(w.title()) {
			help = "not saved"
		}
		list = append(list, dialog.Loss{Icon: icon.Window, Text: sessionbus.Clean(w.title(), 120, false), Help: help})
	}
	list = append(list, s.lostMachines()...)
	if s.record.out != nil {
		list = append(list, dialog.Loss{Icon: icon.Record, Text: "Recording of the screen", Help: "ended and kept"})
	}
	if v, ok := verbs[what]; ok {
		for _, i := range l.block[v] {
			list = append(list, dialog.Loss{Icon: icon.Warning, Text: i.Who, Help: i.Why})
		}
	}
	return list
}

// lostMachines are the machines that run, and images that are being made.
func (s *Session) lostMachines() []dialog.Loss {
	if s.vms == nil {
		return nil
	}
	machines, err := s.vms.VMs()
	if err != nil {
		return nil // there are none; who asks for one is told why
	}
	var list []dialog.Loss
	for i := range machines {
		v := &machines[i]
		if !vmm.State(v.State).Alive() {
			continue
		}
		help := "suspended"
		if len(v.Blockers) > 0 {
			help = "shut down: can’t be suspended (" + strings.Join(v.Blockers, ", ") + ")"
		}
		list = append(list, dialog.Loss{Icon: icon.Machine, Text: sessionbus.Clean(v.Name, 120, false), Help: help})
	}
	if s.vms.Building() {
		list = append(list, dialog.Loss{Icon: icon.Drive, Text: "A machine’s image is being made", Help: "broken off"})
	}
	return list
}

// closable are the windows that are asked to close, by their age. Dialogs go with
// their windows, and machines have an end of their own.
func (s *Session) closable() []*window {
	var list []*window
	for _, w := range s.windows {
		if w.mapped && s.machineOf(w.guest) == nil && s.server.Parent(w.guest) == nil {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b *window) int { return cmp.Compare(a.id, b.id) })
	return list
}

// unsaved reports whether a title has one of the marks by which editors say that
// something is not saved. There is no protocol for it.
func unsaved(title string) bool {
	title = strings.TrimSpace(title)
	for _, mark := range []string{"*", "●", "•"} {
		if strings.HasPrefix(title, mark) || strings.HasSuffix(title, mark) {
			return true
		}
	}
	return false
}

// told are losses in one line.
func told(list []dialog.Loss) string {
	const most = 5
	var words []string
	for i, l := range list {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		words = append(words, fmt.Sprintf("%s (%s)", l.Text, l.Help))
	}
	return strings.Join(words, ", ")
}
