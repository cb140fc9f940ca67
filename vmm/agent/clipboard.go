package agent

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// The clipboard's ops, which came with version 2. Each side offers what it
// has by its types, and is asked for the data when somebody pastes.
const (
	OpClipOffer = "clip-offer" // ClipOffer → nothing: what the session has; no types take it back
	OpClipRead  = "clip-read"  // ClipRead → ClipPart: of what the guest has offered last
	OpClipPart  = "clip-part"  // ClipPart → nothing: answers a ClipWant, part after part

	EvClipOffer = "clip-offer" // ClipOffer: an application of the guest has copied
	EvClipWant  = "clip-want"  // ClipWant: an application of the guest pastes
)

// Types that may pass.
const (
	TypeText = "text/plain;charset=utf-8"
	TypePNG  = "image/png"
)

// Limits of what is copied, in bytes.
const (
	MaxClipText = 1 << 20
	MaxClipPNG  = 8 << 20
	maxPart     = 128 << 10
	maxPNGSide  = 16384 // pixels
)

// ClipOffer says that something can be pasted.
type ClipOffer struct {
	Serial uint64   `json:"serial"` // counts offers of one side
	Types  []string `json:"types,omitempty"`
}

// ClipRead asks for a part of an offer's data.
type ClipRead struct {
	Serial uint64 `json:"serial"`
	Type   string `json:"type"`
	Offset int    `json:"offset"`
}

// ClipPart is a part of it.
type ClipPart struct {
	ID   uint64 `json:"id,omitempty"` // of the ClipWant
	Data []byte `json:"data,omitempty"`
	End  bool   `json:"end,omitempty"`
	Err  string `json:"err,omitempty"` // there is no more, and what came is of no use
}

// ClipWant asks for the data of the session's offer.
type ClipWant struct {
	ID     uint64 `json:"id"`
	Serial uint64 `json:"serial"`
	Type   string `json:"type"`
}

// ClipNames is what applications call a type, the best name first.
func ClipNames(mime string) []string {
	switch mime {
	case TypeText:
		return []string{TypeText, "UTF8_STRING", "text/plain", "TEXT", "STRING"}
	case TypePNG:
		return []string{TypePNG}
	}
	return nil
}

// ClipTypes are the types that may pass.
func ClipTypes() []string { return []string{TypeText, TypePNG} }

// ClipType is the type that applications call by a name, "" for none that may
// pass.
func ClipType(name string) string {
	for _, mime := range ClipTypes() {
		if slices.Contains(ClipNames(mime), name) {
			return mime
		}
	}
	return ""
}

// ClipName is the best of an application's names for a type, "" if it has
// none.
func ClipName(mime string, names []string) string {
	for _, n := range ClipNames(mime) {
		if slices.Contains(names, n) {
			return n
		}
	}
	return ""
}

// ClipLimit is how many bytes of a type may pass, 0 for types that may not.
func ClipLimit(mime string) int {
	switch mime {
	case TypeText:
		return MaxClipText
	case TypePNG:
		return MaxClipPNG
	}
	return 0
}

// CheckClip refuses data that is not of its type, or too much.
func CheckClip(mime string, data []byte) error {
	limit := ClipLimit(mime)
	switch {
	case limit == 0:
		return fmt.Errorf("clipboard: type %.40q", mime)
	case len(data) > limit:
		return fmt.Errorf("clipboard: %d bytes: at most %d", len(data), limit)
	case mime == TypeText && !utf8.Valid(data):
		return errors.New("clipboard: text is not UTF-8")
	case mime == TypeText && bytes.IndexByte(data, 0) >= 0:
		return errors.New("clipboard: text contains NUL")
	case mime == TypePNG:
		return checkPNG(data)
	}
	return nil
}

// checkPNG reads a picture's first chunk (PNG, ISO/IEC 15948, 11.2.2): whoever
// decodes it takes as much memory as that says.
func checkPNG(data []byte) error {
	const begin = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	if len(data) < len(begin)+8 || string(data[:len(begin)]) != begin {
		return errors.New("clipboard: the picture is no PNG")
	}
	w, h := binary.BigEndian.Uint32(data[len(begin):]), binary.BigEndian.Uint32(data[len(begin)+4:])
	if w == 0 || h == 0 || w > maxPNGSide || h > maxPNGSide {
		return fmt.Errorf("clipboard: a picture of %dx%d pixels", w, h)
	}
	return nil
}

// PartOf cuts a part out of data.
func PartOf(data []byte, offset int) (ClipPart, error) {
	if offset < 0 || offset > len(data) {
		return ClipPart{}, Refusal("bad_offset")
	}
	part := data[offset:min(offset+maxPart, len(data))]
	return ClipPart{Data: part, End: offset+len(part) == len(data)}, nil
}

// clipTypes keeps the types that may pass, each once.
func clipTypes(types []string) []string {
	var list []string
	for _, t := range types {
		if ClipLimit(t) > 0 && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	return list
}

// clipEvent decodes what the guest tells of its clipboard.
func clipEvent(m *Message) (Event, bool) {
	switch m.Op {
	case EvClipOffer:
		var o ClipOffer
		if m.Decode(&o) != nil {
			return nil, false
		}
		o.Types = clipTypes(o.Types)
		return o, true
	case EvClipWant:
		var w ClipWant
		if m.Decode(&w) != nil || ClipLimit(w.Type) == 0 {
			return nil, false
		}
		return w, true
	}
	return nil, false
}

// OfferClip tells the guest what it can paste.
func (c *Client) OfferClip(ctx context.Context, o ClipOffer) error {
	if v := c.version.Load(); v < 2 {
		return fmt.Errorf("guest clipboard: it speaks version %d", v)
	}
	return c.ask(ctx, OpClipOffer, o, nil)
}

// ReadClip reads what the guest has offered, checked.
func (c *Client) ReadClip(ctx context.Context, serial uint64, mime string) ([]byte, error) {
	var data []byte
	for {
		var part ClipPart
		if err := c.ask(ctx, OpClipRead, ClipRead{serial, mime, len(data)}, &part); err != nil {
			return nil, err
		}
		data = append(data, part.Data...)
		switch {
		case part.End:
			return data, CheckClip(mime, data)
		case len(part.Data) == 0:
			return nil, errors.New("clipboard: an empty part")
		case len(data) > ClipLimit(mime):
			return nil, fmt.Errorf("clipboard: more than %d bytes", ClipLimit(mime))
		}
	}
}

// SendClip answers a ClipWant with data.
func (c *Client) SendClip(ctx context.Context, id uint64, data []byte) error {
	for at := 0; ; {
		part, err := PartOf(data, at)
		if err != nil {
			return err
		}
		at += len(part.Data)
		part.ID = id
		if err := c.ask(ctx, OpClipPart, part, nil); err != nil || part.End {
			return err
		}
	}
}

// RefuseClip answers a ClipWant with a reason.
func (c *Client) RefuseClip(ctx context.Context, id uint64, why string) error {
	return c.ask(ctx, OpClipPart, ClipPart{ID: id, Err: why}, nil)
}
