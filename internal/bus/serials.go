package bus

import (
	"sync/atomic"

	"github.com/godbus/dbus/v5"
)

// Serials number a connection's messages. Those of godbus remember each number
// until its answer has come, and for input, which gets none, forever. A number
// comes again after 2³² messages, when its first bearer is long answered.
//
// Its methods may be called from any goroutine.
type Serials struct{ last atomic.Uint32 }

var _ dbus.SerialGenerator = (*Serials)(nil)

// GetSerial implements dbus.SerialGenerator. D-Bus forbids 0.
func (s *Serials) GetSerial() uint32 {
	for {
		if n := s.last.Add(1); n != 0 {
			return n
		}
	}
}

// RetireSerial implements dbus.SerialGenerator.
func (*Serials) RetireSerial(uint32) {}
