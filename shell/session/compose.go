package session

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/shell/panel"
	"rayos/surfaces/protocol"
	"rayos/surfaces/wayland"
)

// This file lets input methods compose what is typed into panels of the shell.
// Of passwords they hear nothing, nor of anything on a screen that is locked.

// composed is a panel as an input method's text. It is comparable: equal values
// are one text.
type composed struct{ p *panel.Panel }

var _ wayland.Composer = composed{}

// maxDeleted bounds what an input method deletes at once, in bytes.
const maxDeleted = 1 << 20

// Compose implements wayland.Composer.
func (c composed) Compose(m wayland.Composed) {
	c.p.Compose(int(min(m.Before, maxDeleted)), int(min(m.After, maxDeleted)), m.Text, ui.Preedit{Text: m.Preedit, Start: m.Begin, End: m.End})
}

// textPurposes are the protocol's.
var textPurposes = map[ui.Purpose]protocol.ZwpTextInputV3ContentPurpose{
	ui.ForDigits:   protocol.ZwpTextInputV3ContentPurposeDigits,
	ui.ForEmail:    protocol.ZwpTextInputV3ContentPurposeEmail,
	ui.ForURL:      protocol.ZwpTextInputV3ContentPurposeUrl,
	ui.ForTerminal: protocol.ZwpTextInputV3ContentPurposeTerminal,
}

// typing tells the input method where text is typed in a panel.
func (s *Session) typing(p *panel.Panel, now ui.IME) {
	if !now.Enabled || s.lock.on || s.screenLock.on {
		s.server.LeavePanelText(s.seat, composed{p})
		return
	}
	t := wayland.PanelText{
		Text: now.Text, Cursor: now.Caret, Anchor: now.Anchor, Purpose: textPurposes[now.Purpose],
		Rect: now.Rect.Add(geom.Point{X: p.Area().X0, Y: p.Area().Y0}),
	}
	if now.Multiline {
		t.Hint = protocol.ZwpTextInputV3ContentHintMultiline
	}
	s.server.SetPanelText(s.seat, composed{p}, &t)
}
