package wire

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// displayInterface is wl_display as far as this package sends it.
var displayInterface = Interface{
	Name: "wl_display", Version: 1,
	Events: []Message{
		{Name: "error", Since: 1, Signature: "ous"},
		{Name: "delete_id", Since: 1, Signature: "u"},
	},
}

var displayBase = base{iface: &displayInterface, id: displayID, version: 1, alive: true}

// traceLine writes a message as WAYLAND_DEBUG does. The body may be anything:
// this runs before it is checked.
func traceLine(arrow string, ids *objects, o *base, m *Message, body []byte) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s%s@%d.%s(", arrow, o.iface.Name, o.id, m.Name)
	sep := ""
	for i := 0; i < len(m.Signature); i++ {
		k := m.Signature[i]
		if k == '?' {
			continue
		}
		s.WriteString(sep)
		sep = ", "
		if body = traceArg(&s, ids, m, k, body); body == nil {
			s.WriteString("...")
			break
		}
	}
	s.WriteByte(')')
	return s.String()
}

// traceArg writes one argument and returns what follows it, nil at a fault.
func traceArg(s *strings.Builder, ids *objects, m *Message, k byte, body []byte) []byte {
	if k == 'h' {
		s.WriteString("fd")
		return body
	}
	name := "[unknown]"
	if m.New != nil {
		name = m.New.Name
	}
	if k == 'N' {
		from := s.Len()
		if body = traceArg(s, ids, m, 's', body); body == nil {
			return nil
		}
		if n, err := strconv.Unquote(s.String()[from:]); err == nil {
			name = n
		}
		s.WriteString(", ")
		if body = traceArg(s, ids, m, 'u', body); body == nil {
			return nil
		}
		s.WriteString(", ")
	}
	if len(body) < 4 {
		return nil
	}
	v := binary.NativeEndian.Uint32(body)
	body = body[4:]
	switch k {
	case 'i':
		s.WriteString(strconv.FormatInt(int64(int32(v)), 10))
	case 'u':
		s.WriteString(strconv.FormatUint(uint64(v), 10))
	case 'f':
		s.WriteString(strconv.FormatFloat(float64(int32(v))/256, 'f', -1, 64))
	case 'n', 'N':
		fmt.Fprintf(s, "new id %s@%d", name, v)
	case 'o':
		if v == 0 {
			s.WriteString("nil")
		} else if o := ids.get(v); o != nil {
			fmt.Fprintf(s, "%s@%d", o.core().iface.Name, v)
		} else {
			fmt.Fprintf(s, "[unknown]@%d", v)
		}
	case 's', 'a':
		n := uint64(v)
		padded := (n + 3) &^ 3
		if padded > uint64(len(body)) {
			return nil
		}
		switch {
		case k == 'a':
			fmt.Fprintf(s, "array[%d]", n)
		case n == 0:
			s.WriteString("nil")
		default:
			s.WriteString(strconv.Quote(string(body[:n-1])))
		}
		body = body[padded:]
	}
	if body == nil {
		body = []byte{}
	}
	return body
}
