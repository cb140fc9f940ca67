package vnc

import (
	"errors"
	"time"

	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/rfb"
	"rayos/rayapps/ui"
)

// How long to wait before a connection that was lost is tried again: twice as long
// each time.
const (
	againFirst = time.Second
	againLast  = 30 * time.Second
)

// lost is a connection that is to come again. The last picture stays.
type lost struct {
	why   error
	wait  time.Duration // before the next try
	timer *rayapps.Timer
}

// comes reports whether it is worth to try again after an error: the server may be
// there later, and has not said no.
func comes(err error) bool {
	for _, no := range []error{errNo, rfb.ErrRefused, rfb.ErrSecurity} {
		if errors.Is(err, no) {
			return false
		}
	}
	return true
}

// lose begins to wait, for the first time or longer than before.
func (v *Viewer) lose(why error) {
	v.release()
	if v.lost == nil {
		v.lost = &lost{wait: againFirst, timer: v.w.NewTimer(v.again)}
	} else {
		v.lost.wait = min(2*v.lost.wait, againLast)
	}
	v.lost.why = why
	v.lost.timer.Reset(v.lost.wait)
}

// again tries now.
func (v *Viewer) again() {
	if v.lost != nil && v.link == nil {
		v.lost.timer.Stop()
		v.dial()
	}
}

// found ends the waiting.
func (v *Viewer) found() {
	if v.lost != nil {
		v.lost.timer.Stop()
		v.lost = nil
	}
}

// lostDialog is over the last picture.
func (v *Viewer) lostDialog() ui.Node {
	if v.lost == nil || v.password != nil || v.trust != nil {
		return ui.Dialog{}
	}
	text := lang.T("Connecting again…")
	if v.link == nil {
		text = lang.F("Connecting again in {seconds} s.", "seconds", lang.Number(int(v.lost.wait/time.Second)))
	}
	d := ui.Dialog{
		Open: true, Title: lang.T("The connection was lost"), Text: text, OnClose: v.hangUp,
		Actions: []ui.Button{
			{Text: lang.T("Disconnect"), OnPress: v.hangUp},
			{Text: lang.T("Connect now"), Tone: ui.Primary, Disabled: v.link != nil, OnPress: v.again},
		},
	}
	if v.lost.why != nil {
		d.Content = ui.Label{Text: v.lost.why.Error(), Lines: 3}
	}
	return d
}
