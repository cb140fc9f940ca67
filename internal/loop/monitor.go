//go:build longidle

package loop

import (
	"math"
	_ "unsafe" // for go:linkname
)

// The Go runtime's monitor thread wakes once a minute, twice each time, to see
// whether a collection is due because of its age, also where nothing has run
// since. With half of this period in front of it, it sleeps until something
// runs.
//
// The name is the runtime's own: programs are linked with -checklinkname=0 where
// the tag longidle is set, as by the Makefile. Others do without. A toolchain
// that has no such variable doesn't link.
//
//go:linkname forcegcperiod runtime.forcegcperiod
var forcegcperiod int64 // in nanoseconds

func init() { forcegcperiod = math.MaxInt64 / 4 }
