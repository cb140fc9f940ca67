package ui

// Memo is a part of the view that depends on one comparable value: as long as
// On is equal, View isn't called and nothing in it is touched.
//
//	ui.Memo{On: list.Version, View: func() ui.Node { return table(list) }}
type Memo struct {
	wrap
	On   any
	View func() Node
}

// Build implements Parent.
func (m Memo) Build(*Element) []Node { return []Node{m.View()} }

func (m Memo) same(old Node) bool {
	o, ok := old.(Memo)
	return ok && o.On == m.On
}
