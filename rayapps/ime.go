package rayapps

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// textInput is the seat's input method, as zwp_text_input_v3 has it: the window
// tells where text is typed, and is told what to put there.
type textInput struct {
	s       *seat
	input   *client.ZwpTextInputV3
	entered bool
	on      *surface // that it is on
	told    ui.IME   // what the input method knows
	commits uint32
	behind  bool // its last word was on an older one

	composing bool // the widgets show a preedit
	next      struct {
		preedit       ui.Preedit
		has           bool
		commit        string
		before, after uint32
	}
}

func newTextInput(s *seat, m *client.ZwpTextInputManagerV3) *textInput {
	t := &textInput{s: s, input: m.GetTextInput(s.seat)}
	in := t.input
	in.OnEnter = func(on *client.WlSurface) { t.entered, t.on = true, s.h.w.find(on) }
	in.OnLeave = func(*client.WlSurface) {
		t.entered, t.told = false, ui.IME{}
		t.clear()
	}
	in.OnPreeditString = func(text *string, begin, end int32) {
		t.next.has = text != nil
		if text != nil {
			t.next.preedit = ui.Preedit{Text: *text, Start: int(begin), End: int(end)}
		}
	}
	in.OnCommitString = func(text *string) {
		if text != nil {
			t.next.commit = *text
		}
	}
	in.OnDeleteSurroundingText = func(before, after uint32) { t.next.before, t.next.after = before, after }
	in.OnDone = t.apply
	return t
}

// clear ends what is being composed.
func (t *textInput) clear() {
	if t.composing {
		t.composing = false
		t.s.h.w.event(&ui.Preedit{Start: -1, End: -1})
	}
}

// apply does what the input method asked for since the last time, in the
// protocol's order.
func (t *textInput) apply(serial uint32) {
	t.behind = serial != t.commits
	n := t.next
	t.next.preedit, t.next.has, t.next.commit, t.next.before, t.next.after = ui.Preedit{}, false, "", 0, 0
	if !t.told.Enabled {
		return
	}
	w := t.s.h.w
	if !n.has || n.commit != "" || n.before|n.after != 0 {
		t.clear()
	}
	if n.before|n.after != 0 {
		w.event(&ui.Delete{Before: int(min(n.before, 1<<20)), After: int(min(n.after, 1<<20))})
	}
	if n.commit != "" {
		w.event(&ui.Commit{Text: n.commit})
	}
	if n.has {
		t.composing = true
		w.event(&n.preedit)
	}
}

// purposes are the protocol's.
var purposes = [...]protocol.ZwpTextInputV3ContentPurpose{
	ui.ForText:     protocol.ZwpTextInputV3ContentPurposeNormal,
	ui.ForPassword: protocol.ZwpTextInputV3ContentPurposePassword,
	ui.ForDigits:   protocol.ZwpTextInputV3ContentPurposeDigits,
	ui.ForEmail:    protocol.ZwpTextInputV3ContentPurposeEmail,
	ui.ForURL:      protocol.ZwpTextInputV3ContentPurposeUrl,
	ui.ForSearch:   protocol.ZwpTextInputV3ContentPurposeNormal,
	ui.ForTerminal: protocol.ZwpTextInputV3ContentPurposeTerminal,
}

// tell says where text is typed now. What comes of words on an older state is
// told with the next turn: the input method has more to say.
func (t *textInput) tell(now ui.IME) {
	if t.on != nil {
		now.Rect = now.Rect.Add(geom.Point{X: -t.on.corner.X, Y: -t.on.corner.Y})
	}
	if !t.entered || now == t.told {
		return
	}
	if t.behind && now.Enabled && t.told.Enabled {
		t.behind = false
		return
	}
	in := t.input
	switch {
	case now.Enabled:
		if !t.told.Enabled {
			in.Enable()
		}
		hint := protocol.ZwpTextInputV3ContentHintNone
		if now.Purpose == ui.ForPassword {
			hint |= protocol.ZwpTextInputV3ContentHintHiddenText | protocol.ZwpTextInputV3ContentHintSensitiveData
		}
		if now.Multiline {
			hint |= protocol.ZwpTextInputV3ContentHintMultiline
		}
		in.SetSurroundingText(now.Text, int32(now.Caret), int32(now.Anchor))
		in.SetContentType(hint, purposes[now.Purpose])
		r := now.Rect.Intersect(geom.XYWH(0, 0, maxSide, maxSide))
		in.SetCursorRectangle(r.X0, r.Y0, r.W(), r.H())
	case t.told.Enabled:
		in.Disable()
		t.clear()
	default:
		t.told = now
		return
	}
	in.Commit()
	t.commits++
	t.told = now
}

func (t *textInput) release() {
	t.clear()
	t.input.Destroy()
}
