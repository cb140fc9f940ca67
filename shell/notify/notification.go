package notify

import (
	"strings"
	"time"

	"rayos/shell/theme"
)

// Limits of a notification. Longer text is cut, further actions are dropped.
const (
	MaxSummary = 256  // bytes
	MaxBody    = 4096 // bytes
	MaxActions = 8
	MaxImage   = 512 // pixels a side
	maxName    = 128 // bytes of names, keys and labels
)

// Urgency is how much a notification wants to be seen.
type Urgency uint8

// Urgencies, as the specification numbers them.
const (
	Low Urgency = iota
	Normal
	Critical // stays until it is closed, and comes through when nobody wants to be disturbed
)

// Reason is why a notification is closed, as the specification numbers them.
type Reason uint32

// Reasons.
const (
	Expired   Reason = 1
	Dismissed Reason = 2 // by the person
	Closed    Reason = 3 // by the program
	Undefined Reason = 4
)

// Action is a button of a notification.
type Action struct{ Key, Label string }

// DefaultAction is the key of the action of a click on the notification itself.
// It isn't among the buttons.
const DefaultAction = "default"

// Image is a picture: rows of straight RGBA, 4 bytes a pixel, without gaps.
type Image struct {
	Width, Height int
	Pixels        []byte
}

// Notification is a message of a program.
type Notification struct {
	ID      uint32
	Sender  string      // unique name of the connection, which nobody can choose; "" is the session itself
	Trust   theme.Trust // whose word it is
	App     string      // what it calls itself
	Desktop string      // id of its .desktop file, as it says
	Summary string
	Body    []Span
	Actions []Action
	Default bool   // a click does something
	Icon    string // name in a theme, or an absolute path
	Image   *Image

	Urgency   Urgency
	Category  string
	Transient bool          // it isn't kept
	Resident  bool          // it stays when an action was chosen
	Silent    bool          // no sound
	Timeout   time.Duration // 0 is the Center's choice, negative is never
	Value     int           // of a progress bar, 0..100, or -1
	At        time.Time     // when it came, or was replaced
	Unread    bool          // it came and went while nobody looked

	ends time.Time // when it has had its time, or zero
}

// Text is the body without its markup.
func (n *Notification) Text() string {
	var b strings.Builder
	for _, s := range n.Body {
		b.WriteString(s.Text)
	}
	return b.String()
}
