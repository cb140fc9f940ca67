package wm

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rayos/geom"
)

// source gives the random values that an op is made of.
type source interface {
	// pick returns a number in [0, n).
	pick(n int) int
	// wild returns any number.
	wild() int32
}

// randomOp fills an op with values that mostly make sense.
func randomOp(src source) Op {
	// One in five makes a window.
	proto := Op(Map{})
	if i := src.pick(len(ops) * 5 / 4); i < len(ops) {
		proto = ops[i]
	}
	v := reflect.New(reflect.TypeOf(proto)).Elem()
	for i := range v.NumField() {
		randomField(src, v.Field(i), v.Type().Field(i).Name)
	}
	return v.Interface().(Op)
}

var names = []string{"HEADLESS-1", "DP-1", "HDMI-A-1", ""}

func randomField(src source, f reflect.Value, name string) {
	coord := func(n int32) int32 {
		if src.pick(12) == 0 {
			return src.wild()
		}
		return int32(src.pick(int(n))) - n/8
	}
	switch p := f.Addr().Interface().(type) {
	case *WindowID:
		if name == "Parent" && src.pick(2) == 0 {
			return
		}
		*p = WindowID(src.pick(9))
	case *OutputID:
		*p = OutputID(src.pick(4))
	case *string:
		*p = names[src.pick(len(names))]
	case *bool:
		*p = src.pick(2) == 0
	case *int: // a workspace, mostly the first two
		if *p = src.pick(8); *p > 4 {
			*p &= 1
		}
	case *int32:
		*p = coord(1000)
	case *geom.Point:
		*p = geom.Point{X: coord(1600), Y: coord(1000)}
	case *geom.Size:
		if (name == "Min" || name == "Max") && src.pick(2) == 0 {
			return
		}
		*p = geom.Size{W: coord(1200), H: coord(900)}
	case *geom.Rect:
		if src.pick(3) == 0 {
			return
		}
		x, y := coord(1600), coord(1000)
		*p = geom.Rect{X0: x, Y0: y, X1: x + coord(1900), Y1: y + coord(1100)}
	case *Edges:
		*p = Edges(src.pick(16))
	case *Zone:
		*p = Zone(src.pick(11))
	case *Layout:
		*p = Layout(src.pick(3))
	case *Switch:
		*p = Switch(src.pick(4))
	default:
		panic("no random value for " + f.Type().String())
	}
}

// runOps applies n ops and checks the rules after each.
func runOps(t tester, src source, n int) {
	s := New(DefaultConfig())
	for i := range 2 {
		r := geom.XYWH(int32(i)*1280, 0, 1280, 720)
		s, _ = s.Apply(AddOutput{ID: OutputID(i + 1), Name: names[i], Rect: r})
	}
	log := recorder{t, &strings.Builder{}}
	for range n {
		op := randomOp(src)
		log.WriteString(FormatOp(op) + "\n")
		before := s.String()
		next, err := s.Apply(op)
		if got := s.String(); got != before {
			log.Fatalf("Apply changed its receiver from\n%sto\n%s", before, got)
		}
		if err != nil && next.String() != before {
			log.Fatalf("Apply = %v and another state", err)
		}
		check(log, next)
		s = next
	}
}

// recorder adds the ops so far to a failure; they can be pasted into testdata.
type recorder struct {
	tester
	*strings.Builder
}

func (r recorder) Fatalf(format string, args ...any) {
	r.Helper()
	r.tester.Fatalf(format+"\nafter\n%s", append(args, r.String())...)
}

type rapidSource struct{ *rapid.T }

// bits draws even numbers; IntRange prefers small ones, so that half of the
// ops would hardly come up.
var bits = rapid.Custom(func(t *rapid.T) int {
	v := 0
	for range 11 {
		v <<= 1
		if rapid.Bool().Draw(t, "bit") {
			v |= 1
		}
	}
	return v
})

func (s rapidSource) pick(n int) int { return bits.Draw(s.T, "pick") % n }
func (s rapidSource) wild() int32    { return rapid.Int32().Draw(s.T, "wild") }

func TestRandomOpsKeepTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { runOps(t, rapidSource{t}, rapid.IntRange(1, 200).Draw(t, "ops")) })
}

// byteSource takes its values from fuzz input; at its end it gives zeros.
type byteSource struct{ b []byte }

func (s *byteSource) next() uint32 {
	if len(s.b) == 0 {
		return 0
	}
	v := s.b[0]
	s.b = s.b[1:]
	return uint32(v)
}

func (s *byteSource) pick(n int) int {
	v := s.next()
	if n > 256 {
		v = v<<8 | s.next()
	}
	return int(v) % n
}

func (s *byteSource) wild() int32 {
	return int32(s.next()<<24 | s.next()<<16 | s.next()<<8 | s.next())
}

func FuzzOps(f *testing.F) {
	f.Add([]byte{3, 1, 0, 0, 0, 2, 88, 1, 200, 0, 0, 0, 0, 1, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 4096 {
			return
		}
		runOps(t, &byteSource{b}, min(len(b)/6+1, 200))
	})
}

func FuzzParseOp(f *testing.F) {
	for _, line := range []string{
		`map 7 appid="foot x" size=640x480 min=1x1 decorated activate`, "resize 7 edges=bottom-right delta=+20-10",
		"addoutput 1 rect=1280x720+0-5 usable=0,1,2,3", "workspace 3", "maximize 7 to=off", "cycle back",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		op, err := ParseOp(line)
		if err != nil {
			return
		}
		again, err := ParseOp(FormatOp(op))
		if err != nil || again != op {
			t.Fatalf("ParseOp(FormatOp(%#v)) = %#v, %v", op, again, err)
		}
	})
}
