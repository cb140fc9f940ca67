package sound

import (
	"fmt"

	"rayos/internal/pulse"
)

// sink is what is known of the default output.
type sink struct {
	volumes []uint32
	muted   bool
}

// parseSink reads the answer to pulse.GetSinkInfo, as far as it matters.
func parseSink(p []byte) (sink, error) {
	r := pulse.Reader{B: p}
	r.U32() // index
	r.Str() // name
	r.Str() // description
	r.Spec()
	r.Map()
	r.U32() // module
	s := sink{volumes: r.Volumes(), muted: r.Bool()}
	if r.Bad {
		return sink{}, fmt.Errorf("%w: the answer about the default output", pulse.ErrPacket)
	}
	return s, nil
}
