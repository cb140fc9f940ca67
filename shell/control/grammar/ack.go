package grammar

import (
	"fmt"
	"strings"
)

// Tags of acknowledgements.
const (
	AckTag = "RAYOS_HOST_ACK:"
	atAck  = "@ack "
)

// Lengths of details, in bytes.
const (
	maxDetail   = 200
	maxAtDetail = 64
)

// Ack says how an operation has ended. It is made after the effect.
type Ack struct {
	Op     string
	OK     bool
	Detail string
	Why    string // more of it for people, which no line carries; may be empty
}

func (a Ack) word() string {
	if a.OK {
		return "ok"
	}
	return "err"
}

// String returns the acknowledgement as a line without its end.
func (a Ack) String() string {
	return AckTag + a.Op + ":" + a.word() + ":" + Printable(a.Detail, maxDetail)
}

// At returns the short form, which the session gives to the prompt. It is for
// the internal channel: Parse refuses it.
func (a Ack) At() string {
	return atAck + a.Op + " " + a.word() + " " + strings.ReplaceAll(Printable(a.Detail, maxAtDetail), " ", "_")
}

// ParseAck reads an acknowledgement in either form.
func ParseAck(line string) (Ack, error) {
	bad := func() (Ack, error) { return Ack{}, fmt.Errorf("%.80q is no acknowledgement", line) }
	rest, long := strings.CutPrefix(line, AckTag)
	sep, most := ":", maxDetail
	if !long {
		var short bool
		if rest, short = strings.CutPrefix(line, atAck); !short {
			return bad()
		}
		sep, most = " ", maxAtDetail
	}
	fields := strings.SplitN(rest, sep, 3)
	if len(fields) != 3 || !isOpName(fields[0]) || fields[1] != "ok" && fields[1] != "err" {
		return bad()
	}
	a := Ack{Op: fields[0], OK: fields[1] == "ok", Detail: fields[2]}
	if len(a.Detail) > most || !printableASCII(a.Detail) || !long && strings.Contains(a.Detail, " ") {
		return bad()
	}
	return a, nil
}

func isOpName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

// Printable makes printable ASCII of at most so many bytes: what isn't becomes
// an underscore.
func Printable(s string, most int) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() == most {
			break
		}
		if r < ' ' || r > '~' {
			r = '_'
		}
		b.WriteByte(byte(r))
	}
	return b.String()
}
