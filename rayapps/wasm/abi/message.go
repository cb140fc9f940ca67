package abi

import (
	"fmt"

	"rayos/geom"
	"rayos/rayapps/ui"
)

// Message is one of the types below.
type Message interface {
	kind() kind
	fields(c *codec)
}

type kind uint8

const (
	configureKind kind = iota + 1
	beginKind
	pointerKind
	keyKind
	preeditKind
	commitKind
	deleteKind
	pasteKind
	actKind
	drawnKind
	openKind
	closeKind
	saveKind
	stopKind
	helloKind kind = 0x40 + iota
	presentKind
	titleKind
	savedKind
	copyKind
	requestKind
	keptKind
	endKind
)

// What the host says.
type (
	// Configure says how the window is; before everything else, and whenever
	// something of it has changed.
	Configure struct {
		Size    geom.Size
		Scale   geom.Scale
		Scheme  uint8  // of package theme
		Accent  uint32 // ARGB, 0 is the scheme's
		Still   bool   // reduced motion
		RTL     bool
		Visible bool
		Active  bool // it has the keyboard
		// Language is what the person speaks, as LANG has it.
		Language string
		// Zone and Offset are what clocks show now, in seconds east of UTC.
		Zone   string
		Offset int
	}
	// Begin starts the app, with what it saved in the life before and what it is
	// to open.
	Begin struct {
		Again bool // there is a Saved
		Saved []byte
		Open  []string
	}
	// Event is something that the person did.
	Event struct{ ui.Event }
	// Act is to carry an action out on an element of the last Present.
	Act struct {
		ID     uint64
		Action ui.Action
		Value  string
	}
	// Drawn says that the last picture is on its way: the next one may come.
	Drawn struct{}
	// Open are more names to open.
	Open struct{ Names []string }
	// Close says that the person wants the window closed; Kept or End answers.
	Close struct{}
	// Save asks for Saved.
	Save struct{}
	// Stop asks for End.
	Stop struct{}
)

// What the guest says.
type (
	// Hello is the first of all: for which version the guest was made, and what
	// window it would like.
	Hello struct {
		Version       uint64
		Title         string
		Size, MinSize geom.Size
	}
	// Present shows a picture.
	Present struct {
		List  []byte // of paint.List.AppendBinary
		Shape ui.Cursor
		Input ui.IME
		// Same says that Info is that of the picture before.
		Same bool
		Info []*ui.Info
	}
	// Title names the window.
	Title struct{ Text string }
	// Saved is the app's state.
	Saved struct {
		Has  bool
		Data []byte
	}
	// Copy puts text onto the clipboard.
	Copy struct{ Text string }
	// Request asks for what is on the clipboard; it comes as a ui.Paste.
	Request struct{}
	// Kept says that the window stays open.
	Kept struct{}
	// End says that the app has ended.
	End struct{}
)

func (*Configure) kind() kind { return configureKind }
func (*Begin) kind() kind     { return beginKind }
func (*Act) kind() kind       { return actKind }
func (*Drawn) kind() kind     { return drawnKind }
func (*Open) kind() kind      { return openKind }
func (*Close) kind() kind     { return closeKind }
func (*Save) kind() kind      { return saveKind }
func (*Stop) kind() kind      { return stopKind }
func (*Hello) kind() kind     { return helloKind }
func (*Present) kind() kind   { return presentKind }
func (*Title) kind() kind     { return titleKind }
func (*Saved) kind() kind     { return savedKind }
func (*Copy) kind() kind      { return copyKind }
func (*Request) kind() kind   { return requestKind }
func (*Kept) kind() kind      { return keptKind }
func (*End) kind() kind       { return endKind }

func (e *Event) kind() kind {
	switch e.Event.(type) {
	case *ui.Pointer:
		return pointerKind
	case *ui.Keystroke:
		return keyKind
	case *ui.Preedit:
		return preeditKind
	case *ui.Commit:
		return commitKind
	case *ui.Delete:
		return deleteKind
	}
	return pasteKind
}

// blank returns a message to read into, nil for a kind that there is not.
func blank(k kind) Message {
	switch k {
	case configureKind:
		return new(Configure)
	case beginKind:
		return new(Begin)
	case pointerKind:
		return &Event{new(ui.Pointer)}
	case keyKind:
		return &Event{new(ui.Keystroke)}
	case preeditKind:
		return &Event{new(ui.Preedit)}
	case commitKind:
		return &Event{new(ui.Commit)}
	case deleteKind:
		return &Event{new(ui.Delete)}
	case pasteKind:
		return &Event{new(ui.Paste)}
	case actKind:
		return new(Act)
	case drawnKind:
		return new(Drawn)
	case openKind:
		return new(Open)
	case closeKind:
		return new(Close)
	case saveKind:
		return new(Save)
	case stopKind:
		return new(Stop)
	case helloKind:
		return new(Hello)
	case presentKind:
		return new(Present)
	case titleKind:
		return new(Title)
	case savedKind:
		return new(Saved)
	case copyKind:
		return new(Copy)
	case requestKind:
		return new(Request)
	case keptKind:
		return new(Kept)
	case endKind:
		return new(End)
	}
	return nil
}

// Append appends a message.
func Append(out []byte, m Message) []byte {
	c := codec{data: append(out, byte(m.kind())), writing: true}
	m.fields(&c)
	return c.data
}

// Check says what is wrong with it, for the host.
func (h *Hello) Check() error {
	if h.Version != Version {
		return fmt.Errorf("the app speaks version %d of the surface ABI; this host speaks version %d", h.Version, Version)
	}
	return nil
}

// ToHost reads what a guest sends. Bytes of the result are those
// of data.
func ToHost(data []byte) (Message, error) {
	m, err := read(data)
	if err == nil && m.kind() < helloKind {
		return nil, fmt.Errorf("%w: not the guest's to send", ErrMessage)
	}
	return m, err
}

// ToGuest reads what a host sends. Bytes of the result are those of data.
func ToGuest(data []byte) (Message, error) {
	m, err := read(data)
	if err == nil && m.kind() >= helloKind {
		return nil, fmt.Errorf("%w: not the host's to send", ErrMessage)
	}
	return m, err
}

func read(data []byte) (Message, error) {
	if len(data) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrMessage)
	}
	m := blank(kind(data[0]))
	if m == nil {
		return nil, fmt.Errorf("%w: kind %d", ErrMessage, data[0])
	}
	c := codec{data: data[1:]}
	m.fields(&c)
	if c.bad || len(c.data) != 0 {
		return nil, fmt.Errorf("%w: a %T is cut short, too long or beyond its limits", ErrMessage, m)
	}
	return m, nil
}
