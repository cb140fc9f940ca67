package ui

// Clipboard is the connection to what other programs copy. Both are called on
// the root's goroutine.
type Clipboard interface {
	// Copy offers text to others.
	Copy(text string)
	// Request asks for what others offer. It comes as a Paste event: now, or
	// when the other program has answered.
	Request()
}

// Clipboard returns that of the root, for apps that copy by themselves.
func (r *Root) Clipboard() Clipboard { return r.opts.Clipboard }

// ownClipboard is the clipboard of a root that has no other.
type ownClipboard struct {
	root *Root
	text string
}

func (c *ownClipboard) Copy(text string) { c.text = text }

func (c *ownClipboard) Request() {
	if c.text != "" {
		c.root.Event(&Paste{c.text})
	}
}
