package compute

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Adapter is a GPU, or a program that takes the place of one, as its driver
// describes it.
type Adapter struct {
	Index      int
	Name       string
	Type       string // integrated, discrete, virtual, cpu, other
	VendorID   uint32
	DeviceID   uint32
	API        string // Vulkan's version, as "1.3.230"
	Driver     uint32 // the driver's own version
	MaxStorage uint32 // bytes of a buffer that a kernel sees
	MaxShared  uint32 // bytes that a workgroup shares
	MaxGroup   uint32 // invocations of a workgroup
	MaxGroups  uint32 // workgroups of a dispatch
	Queue      uint32 // the family of its compute queue
	RayQuery   string // why ray queries don't run on it; "" when they do
	Unusable   string // why it isn't used; "" when it can be
}

func (a *Adapter) String() string {
	state := "usable"
	if a.Unusable != "" {
		state = "unusable: " + a.Unusable
	}
	rt := "RT present"
	if a.RayQuery != "" {
		rt = "RT absent: " + a.RayQuery
	}
	return fmt.Sprintf("%d %s (%s, %04x:%04x, Vulkan %s, buffers of %d MiB), %s; %s", a.Index, a.Name, a.Type, a.VendorID, a.DeviceID, a.API, a.MaxStorage>>20, state, rt)
}

// Fault is a failure that a test asks for.
type Fault uint8

// Faults.
const (
	NoFault  Fault = iota
	HangOnce       // the device does not tell that a dispatch has ended
	LoseNow        // the device is lost as a dispatch is submitted
	LoseLate       // it is lost while the dispatch is under way
)

var (
	errTimeout = errors.New("the fence has not been signalled")
	errLost    = errors.New("the device is lost")
)

// device runs programs in slices. It is used by one goroutine at a time. After
// errLost or abandon nothing but close is called.
type device interface {
	adapter() *Adapter
	// load makes a program the one that is run, with its inputs on the device.
	load(p *program) error
	// submit starts the items from first on: as many as count, each worker
	// taking at most budget, in groups workgroups. There are two slots.
	submit(slot int, first, count, budget, groups int, f Fault) error
	// wait returns how many items were taken, from the first on; all that were
	// taken are done.
	wait(slot int, timeout time.Duration) (taken int, err error)
	// fetch copies the results of items out of the device.
	fetch(p *program, first, count int)
	// abandon gives up a device that doesn't answer: it is freed when it does.
	abandon()
	close()
}

// held is how much device memory the process has, and abandoned the devices that
// are freed when they answer: what tests for leaks ask.
var (
	held      atomic.Int64
	abandoned sync.WaitGroup
)

// inFlight is how many dispatches are under way at most.
const inFlight = 2

// fits reports whether the adapter's buffers are large enough.
func (a *Adapter) fits(p *program) bool {
	for _, in := range p.in {
		if len(in) > int(a.MaxStorage) {
			return false
		}
	}
	return len(p.out) <= int(a.MaxStorage)
}
