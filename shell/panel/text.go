package panel

import "rayos/rayapps/ui"

// Compose does what an input method has made, in its order: what it showed
// before goes, bytes around the caret are deleted, text is inserted, and pre is
// shown.
func (p *Panel) Compose(before, after int, insert string, pre ui.Preedit) {
	if !p.text.Enabled {
		return
	}
	p.composing = true // one answer for all of it
	defer func() {
		p.composing = false
		p.tellText()
	}()
	if pre.Text == "" || insert != "" || before|after != 0 {
		p.send(&ui.Preedit{Start: -1, End: -1})
	}
	if before|after != 0 {
		p.send(&ui.Delete{Before: before, After: after})
	}
	if insert != "" {
		p.send(&ui.Commit{Text: insert})
	}
	if pre.Text != "" {
		p.send(&pre)
	}
}

// typing returns where the person types, as input methods may know it: not
// passwords.
func (p *Panel) typing() ui.IME {
	if p.o.Text == nil || !p.has || p.down || !p.o.Open() {
		return ui.IME{}
	}
	now := p.root.IME()
	if !now.Enabled || now.Purpose == ui.ForPassword {
		return ui.IME{}
	}
	return now
}

// tellText says where the person types now, if that is news.
func (p *Panel) tellText() {
	if p.composing {
		return
	}
	if now := p.typing(); now != p.text {
		p.text = now
		p.o.Text(p, now)
	}
}

// leaveText says that nobody types here any more.
func (p *Panel) leaveText() {
	if p.text.Enabled {
		p.text = ui.IME{}
		p.o.Text(p, p.text)
	}
}
