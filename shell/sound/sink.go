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

// source is what is known of the default input.
type source struct {
	there bool // it is a microphone or the like, and not what is being played
	muted bool
}

// parseSource reads the answer to pulse.GetSourceInfo, as far as it matters.
func parseSource(p []byte) (source, error) {
	r := pulse.Reader{B: p}
	r.U32() // index
	r.Str() // name
	r.Str() // description
	r.Spec()
	r.Map()
	r.U32() // module
	r.Volumes()
	s := source{muted: r.Bool()}
	s.there = r.U32() == pulse.Invalid // else the index of the output that it hears
	if r.Bad {
		return source{}, fmt.Errorf("%w: the answer about the default input", pulse.ErrPacket)
	}
	return s, nil
}
