package session

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui/icon"
	"rayos/shell/control"
	"rayos/shell/dialog"
	"rayos/shell/sessionbus"
	"rayos/vmm"
)

// loss is something that a way to leave would end. Its words are English, for
// commands; the dialog has them in the person's language.
type loss struct {
	icon  icon.Name
	text  string
	named bool   // text is what somebody else calls it
	help  string // what becomes of it
	more  string // about that
}

// told is the loss as commands say it.
func (l *loss) told() string {
	if l.more != "" {
		return fmt.Sprintf("%s (%s, %s)", l.text, l.help, l.more)
	}
	return fmt.Sprintf("%s (%s)", l.text, l.help)
}

// line is the loss as the dialog shows it.
func (l *loss) line() dialog.Loss {
	d := dialog.Loss{Icon: l.icon, Text: l.text, Help: lang.T(l.help)}
	if !l.named {
		d.Text = lang.T(l.text)
	}
	if l.more != "" {
		d.Help = lang.F("{what} ({more})", "what", d.Help, "more", l.more)
	}
	return d
}

// losses are what a way to leave would end. Sleep ends nothing.
func (l *leaving) losses(what control.Leave) []loss {
	s := l.s
	if what == control.Sleep {
		return nil
	}
	var list []loss
	for _, w := range s.closable() {
		lost := loss{icon: icon.Window, text: sessionbus.Clean(w.title(), 120, false), named: true, help: lang.M("asked to close")}
		if e := s.bars.work.of(w); e.Working {
			lost.help, lost.more = lang.M("at work"), fmt.Sprintf("%d %%", e.Percent)
		} else if unsaved(w.title()) {
			lost.help = lang.M("not saved")
		}
		list = append(list, lost)
	}
	list = append(list, s.lostMachines()...)
	if s.record.out != nil {
		list = append(list, loss{icon: icon.Record, text: lang.M("Recording of the screen"), help: lang.M("ended and kept")})
	}
	if v, ok := verbs[what]; ok {
		for _, i := range l.block[v] {
			list = append(list, loss{icon: icon.Warning, text: i.Who, named: true, help: i.Why})
		}
	}
	return list
}

// lostMachines are the machines that run, and images that are being made.
func (s *Session) lostMachines() []loss {
	if s.vms == nil {
		return nil
	}
	machines, err := s.vms.VMs()
	if err != nil {
		return nil // there are none; who asks for one is told why
	}
	var list []loss
	for i := range machines {
		v := &machines[i]
		if !vmm.State(v.State).Alive() {
			continue
		}
		lost := loss{icon: icon.Machine, text: sessionbus.Clean(v.Name, 120, false), named: true, help: lang.M("suspended")}
		if len(v.Blockers) > 0 {
			lost.help, lost.more = lang.M("shut down: can’t be suspended"), strings.Join(v.Blockers, ", ")
		}
		list = append(list, lost)
	}
	if s.vms.Building() {
		list = append(list, loss{icon: icon.Drive, text: lang.M("A machine’s image is being made"), help: lang.M("broken off")})
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
func told(list []loss) string {
	const most = 5
	var words []string
	for i := range list {
		if i == most {
			words = append(words, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		words = append(words, list[i].told())
	}
	return strings.Join(words, ", ")
}
