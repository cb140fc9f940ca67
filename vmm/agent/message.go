package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Version is the version of the conversation. 2 added the clipboard's ops.
const Version = 2

// Message is a question, its answer or an event.
type Message struct {
	ID   uint64          `json:"id,omitempty"` // 0 for events
	Op   string          `json:"op,omitempty"` // empty in answers
	Err  string          `json:"err,omitempty"`
	Body json.RawMessage `json:"body,omitempty"`
}

// Ops that the host asks.
const (
	OpHello        = "hello"         // Hello → Hello
	OpPing         = "ping"          // → nothing
	OpApps         = "apps"          // AppsRequest → Apps
	OpIcon         = "icon"          // IconRequest → Icon
	OpLaunch       = "launch"        // LaunchRequest → Launched
	OpShutdown     = "shutdown"      // → nothing, then the guest powers off
	OpSetClipboard = "set-clipboard" // Clipboard → nothing
	OpTime         = "time"          // Time → nothing
	OpType         = "type"          // Clipboard → nothing: put the text where the focus is
)

// Events that the guest tells.
const (
	EvReady  = "ready"  // Ready
	EvExited = "exited" // Exited
)

// ErrUnknown is the answer to an op that isn't known.
const ErrUnknown = "unknown_op"

// Limits of what is said.
const (
	MaxText  = 64 << 10 // bytes of clipboard or typed text
	MaxName  = 64       // bytes of an application's id
	MaxTitle = 256      // bytes of its name
	MaxApps  = 32       // in one answer
	MaxIcon  = 96 << 10 // bytes of PNG
)

// Hello opens the conversation.
type Hello struct {
	Version int    `json:"version"`
	Agent   string `json:"agent,omitempty"` // "micro" or "desktop"
	System  string `json:"system,omitempty"`
	BootID  string `json:"boot_id,omitempty"`
	// Ready lists what is ready already; later things come as events.
	Ready []string `json:"ready,omitempty"`
	// Failed says why the guest will never be ready, in a word like
	// rootfs_not_sane_reprovision. It powers off when it has said so.
	Failed string `json:"failed,omitempty"`
}

// What can be ready.
const (
	ReadyAgent   = "agent"
	ReadyDisk    = "disk"
	ReadyWayland = "wayland" // the guest's compositor accepts clients
)

// Ready says that something has become ready.
type Ready struct {
	What   string `json:"what"`
	Detail string `json:"detail,omitempty"`
}

// AppsRequest asks for applications from an offset on.
type AppsRequest struct {
	Offset int `json:"offset"`
}

// Apps is a page of the guest's applications, by id.
type Apps struct {
	Total int   `json:"total"`
	Apps  []App `json:"apps"`
}

// App is an application of the guest, from its .desktop file.
type App struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// IconRequest asks for an application's icon.
type IconRequest struct {
	ID   string `json:"id"`
	Size int    `json:"size"` // pixels
}

// Icon is a picture, PNG.
type Icon struct {
	PNG []byte `json:"png"`
}

// LaunchRequest starts an application of the guest's allow-list.
type LaunchRequest struct {
	ID string `json:"id"`
}

// Launched says that it runs.
type Launched struct {
	PID int `json:"pid"`
}

// Exited says that a launched application has ended.
type Exited struct {
	ID   string `json:"id"`
	PID  int    `json:"pid"`
	Code int    `json:"code"`
}

// Clipboard is text.
type Clipboard struct {
	Text string `json:"text"`
}

// Time is the host's clock.
type Time struct {
	UnixNano int64 `json:"unix_nano"`
}

// Marshal writes a message as a frame's payload.
func Marshal(id uint64, op string, body any) ([]byte, error) {
	m := Message{ID: id, Op: op}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("agent %s: %w", op, err)
		}
		m.Body = raw
	}
	return json.Marshal(m)
}

// Unmarshal reads a payload.
func Unmarshal(payload []byte) (Message, error) {
	var m Message
	if err := json.Unmarshal(payload, &m); err != nil {
		return Message{}, fmt.Errorf("agent: %w", err)
	}
	if len(m.Op) > 32 || len(m.Err) > 256 {
		return Message{}, errors.New("agent: op or error too long")
	}
	return m, nil
}

// Decode reads a message's body into v. An absent body leaves v as it is.
func (m *Message) Decode(v any) error {
	if len(m.Body) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(m.Body))
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("agent %s: %w", m.Op, err)
	}
	return nil
}

// CheckName refuses application ids that could be anything but a file's name
// without its suffix.
func CheckName(id string) error {
	if id == "" || len(id) > MaxName {
		return fmt.Errorf("application %.80q: want 1 to %d characters", id, MaxName)
	}
	for i := range len(id) {
		c := id[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
		case i > 0 && (c == '-' || c == '.' || c == '+'):
		default:
			return fmt.Errorf("application %q: the character %q is not allowed", id, c)
		}
	}
	return nil
}

// CheckText refuses text that is too long or no UTF-8.
func CheckText(text string) error {
	switch {
	case len(text) > MaxText:
		return fmt.Errorf("text of %d bytes: at most %d", len(text), MaxText)
	case !utf8.ValidString(text):
		return errors.New("text is not UTF-8")
	case strings.ContainsRune(text, 0):
		return errors.New("text contains NUL")
	}
	return nil
}

// clean makes text of a guest fit to be shown: valid, bounded, without control
// and direction characters.
func clean(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	for len(s) > limit {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

func marshalRefusal(id uint64, why Refusal) ([]byte, error) {
	return json.Marshal(Message{ID: id, Err: string(why)})
}
