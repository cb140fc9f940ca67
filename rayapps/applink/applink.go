// Package applink is what an installed app and its session say to each other
// beside the screen: a socket pair of messages (SOCK_SEQPACKET), each a line of
// JSON of at most [MaxMessage] bytes. The app finds its end by the descriptor in
// RAYOS_APP_SOCKET.
//
// The app sends a [Request], the session an [Event]; an answer has the request's
// id and, if the person has chosen a file, its descriptor in the same message. An
// event with a descriptor that answers nothing is a file that the person opens
// with the app.
//
// Where assistive technologies listen, the session says so by Event.Access; the
// app describes its window by a sealed file in memory ([WriteTree]) with
// Request.Tree, once then and once after each change, but no more before the
// session has said Event.Seen. What such a technology does comes as Event.Act.
package applink

import "errors"

// Variable is the environment's, with the number of the descriptor.
const Variable = "RAYOS_APP_SOCKET"

// MaxMessage bounds a message, in bytes.
const MaxMessage = 16 << 10

// ErrSize says that a message would be larger.
var ErrSize = errors.New("the message is too large")

// Access is whether the window is to be described.
type Access string

// What Event.Access says; "" is nothing.
const (
	AccessOn  Access = "on"
	AccessOff Access = "off"
)

// Request asks for a file. The person sees a list of files and chooses, or
// doesn't.
type Request struct {
	ID    uint64 `json:"id"`
	Save  bool   `json:"save,omitempty"`  // a file to write, which may be new
	Title string `json:"title,omitempty"` // what for, in the person's words
	Name  string `json:"name,omitempty"`  // proposed for a new file
	// Grant is of a file that the app was given before: it is handed over
	// without a question, as long as the person hasn't taken it back.
	Grant string `json:"grant,omitempty"`
	// Tree says that the descriptor that comes along is what the window means
	// now. It asks for nothing.
	Tree bool `json:"tree,omitempty"`
}

// Event is something that the session says.
type Event struct {
	// Open are files and addresses to show, with a token for the focus.
	Open  []string `json:"open,omitempty"`
	Token string   `json:"token,omitempty"`
	// Looks is how windows are to look from now on, as RAYOS_LOOKS has it.
	Looks string `json:"looks,omitempty"`
	// ID answers a request: with the name of the file whose descriptor comes
	// along, or with why there is none.
	ID   uint64 `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Why  string `json:"why,omitempty"`
	// Grant is by what the app asks for that file again.
	Grant string `json:"grant,omitempty"`
	// Access begins or ends descriptions of the window, Seen asks for the next
	// one, Act does something with an element.
	Access Access `json:"access,omitempty"`
	Seen   bool   `json:"seen,omitempty"`
	Act    *Act   `json:"act,omitempty"`
}
