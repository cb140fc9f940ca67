package host

import (
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"rayos/geom"
	"rayos/vmm/qemu"
)

// maxQueued bounds the input that waits for a QEMU that doesn't read.
const maxQueued = 4096

// Guests take input out of rings with 64 places (virtio-input), of which a key
// needs two each time it goes down or up, and a pointer three. What comes while
// a ring is full QEMU drops, be it the end of a key, and a line is another one
// then. So a guest gets a few events at once and then each in its time. An
// emulated guest on a busy host doesn't look for half a second; keys, of which
// none may be lost, leave it that. Of a pointer the next event says all.
const (
	keyTime     = 20 * time.Millisecond
	pointerTime = 5 * time.Millisecond
	ahead       = 100 * time.Millisecond // of events that come at once
)

// drip spreads events over time.
type drip struct {
	full time.Time // when all that was sent will have been taken
}

// wait notes an event of now, which needs some time, and returns how long it
// has to wait.
func (d *drip) wait(now time.Time, needs time.Duration) time.Duration {
	if d.full.Before(now) {
		d.full = now
	}
	d.full = d.full.Add(needs)
	return max(d.full.Sub(now)-ahead, 0)
}

// needs is how long a guest may take for an event.
func (ev *inputEvent) needs() time.Duration {
	if ev.kind == inKey {
		return keyTime
	}
	return pointerTime
}

// Evdev codes (linux/input-event-codes.h).
const (
	btnLeft   = 0x110
	btnRight  = 0x111
	btnMiddle = 0x112
	btnSide   = 0x113
)

// buttons by evdev code.
var buttons = map[uint32]qemu.Button{
	btnLeft: qemu.ButtonLeft, btnRight: qemu.ButtonRight, btnMiddle: qemu.ButtonMiddle,
	btnSide: qemu.ButtonSide, btnSide + 1: qemu.ButtonExtra,
	btnSide + 2: qemu.ButtonExtra, btnSide + 3: qemu.ButtonSide, // forward, back
}

// modifiers are keys that an earlier rayos-vm may have left down.
var modifiers = []uint32{29, 42, 54, 56, 97, 100, 125, 126}

// device is where input goes: a *qemu.Display.
type device interface {
	Key(code uint32, pressed bool) (known bool, err error)
	Button(b qemu.Button, pressed bool) error
	Pointer(at geom.Point) error
	PointerBy(by geom.Point) error
	TouchDown(slot uint64, x, y float64) error
	TouchMove(slot uint64, x, y float64) error
	TouchUp(slot uint64, x, y float64) error
	SetSize(size geom.Size, mm geom.Size) error
}

type inputKind uint8

const (
	inKey inputKind = iota
	inButton
	inPointer
	inMotion // from where it is
	inTouchDown
	inTouchMove
	inTouchUp
	inSize
	inRelease // all
)

type inputEvent struct {
	kind inputKind
	down bool
	code uint32      // key, button or slot
	at   geom.FPoint // or by how much
	size geom.Size   // of inSize, in pixels
}

// input hands what a person does to the guest, in order, on a goroutine of its
// own: a QEMU that doesn't read holds up no window. It knows what is down.
type input struct {
	log  *slog.Logger
	done chan struct{}

	mu     sync.Mutex
	more   sync.Cond
	list   []inputEvent
	dev    device
	closed bool

	// Of the goroutine, for the device dev.
	keys    map[uint32]bool
	buttons map[qemu.Button]bool
	fingers map[uint32]geom.FPoint
}

func newInput(log *slog.Logger) *input {
	i := &input{
		log: log, done: make(chan struct{}),
		keys: map[uint32]bool{}, buttons: map[qemu.Button]bool{}, fingers: map[uint32]geom.FPoint{},
	}
	i.more.L = &i.mu
	return i
}

// to makes d the device, nil for none. Whatever an earlier rayos-vm has left
// down on it goes up.
func (i *input) to(d *qemu.Display) {
	if d == nil {
		i.use(nil)
		return
	}
	i.use(d)
}

func (i *input) use(d device) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.dev, i.list = d, i.list[:0]
	if d == nil {
		return
	}
	i.list = append(i.list, inputEvent{kind: inRelease})
	for _, code := range modifiers {
		i.list = append(i.list, inputEvent{kind: inKey, code: code})
	}
	i.more.Signal()
}

// there reports whether there is a device.
func (i *input) there() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.dev != nil
}

func (i *input) put(ev inputEvent) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.dev == nil || i.closed {
		return
	}
	n := len(i.list)
	if n > 0 && (ev.kind == inPointer || ev.kind == inTouchMove) && i.list[n-1].kind == ev.kind && i.list[n-1].code == ev.code {
		i.list[n-1] = ev // only where it ends counts
		return
	}
	if n > 0 && ev.kind == inMotion && i.list[n-1].kind == inMotion {
		i.list[n-1].at = i.list[n-1].at.Add(ev.at)
		return
	}
	if n >= maxQueued {
		// What was meant for a guest that hung so long would surprise it.
		i.log.Warn("input dropped: QEMU doesn't read", "events", n)
		i.list = append(i.list[:0], inputEvent{kind: inRelease})
		i.more.Signal()
		return
	}
	i.list = append(i.list, ev)
	i.more.Signal()
}

func (i *input) key(code uint32, down bool) { i.put(inputEvent{kind: inKey, code: code, down: down}) }

// button presses or releases a button by its evdev code.
func (i *input) button(code uint32, down bool) {
	if b, ok := buttons[code]; ok {
		i.put(inputEvent{kind: inButton, code: uint32(b), down: down})
	}
}

// clicks turns the wheel.
func (i *input) clicks(b qemu.Button, n int) {
	for range n {
		i.put(inputEvent{kind: inButton, code: uint32(b), down: true})
		i.put(inputEvent{kind: inButton, code: uint32(b)})
	}
}

// pointer moves the pointer to a pixel of the guest.
func (i *input) pointer(at geom.FPoint) { i.put(inputEvent{kind: inPointer, at: at}) }

// move moves a pointer that is held.
func (i *input) move(by geom.Point) { i.put(inputEvent{kind: inMotion, at: by.F()}) }

func (i *input) touch(kind inputKind, slot uint32, at geom.FPoint) {
	i.put(inputEvent{kind: kind, code: slot, at: at})
}

// resize asks the guest for a screen of so many pixels, scale of which are as
// large as one of 96 to the inch.
func (i *input) resize(size geom.Size, scale geom.Scale) {
	i.put(inputEvent{kind: inSize, size: size, code: uint32(scale)})
}

// releaseAll lets everything go that is down.
func (i *input) releaseAll() { i.put(inputEvent{kind: inRelease}) }

// run hands events on until close.
func (i *input) run() {
	defer close(i.done)
	var dev device
	var d drip
	for {
		i.mu.Lock()
		for len(i.list) == 0 && !i.closed {
			i.more.Wait()
		}
		if i.closed {
			i.mu.Unlock()
			return
		}
		ev := i.list[0]
		i.list = slices.Delete(i.list, 0, 1)
		if i.dev != dev {
			dev = i.dev
			clear(i.keys)
			clear(i.buttons)
			clear(i.fingers)
		}
		i.mu.Unlock()
		if dev == nil {
			continue
		}
		time.Sleep(d.wait(time.Now(), ev.needs()))
		// The display tells by its end when it can't be reached any more.
		_ = i.send(dev, ev)
	}
}

func (i *input) send(dev device, ev inputEvent) error {
	switch ev.kind {
	case inKey:
		if ev.down {
			i.keys[ev.code] = true
		} else {
			delete(i.keys, ev.code)
		}
		_, err := dev.Key(ev.code, ev.down)
		return err
	case inButton:
		b := qemu.Button(ev.code)
		if ev.down {
			i.buttons[b] = true
		} else {
			delete(i.buttons, b)
		}
		return dev.Button(b, ev.down)
	case inPointer:
		return dev.Pointer(ev.at.Floor())
	case inMotion:
		return dev.PointerBy(ev.at.Floor())
	case inTouchDown:
		i.fingers[ev.code] = ev.at
		return dev.TouchDown(uint64(ev.code), ev.at.X, ev.at.Y)
	case inTouchMove:
		i.fingers[ev.code] = ev.at
		return dev.TouchMove(uint64(ev.code), ev.at.X, ev.at.Y)
	case inTouchUp:
		at := i.fingers[ev.code]
		delete(i.fingers, ev.code)
		return dev.TouchUp(uint64(ev.code), at.X, at.Y)
	case inSize:
		mm := func(pixels int32) int32 { return int32(float64(pixels) * 25.4 / 96 * 120 / float64(ev.code)) }
		return dev.SetSize(ev.size, geom.Size{W: mm(ev.size.W), H: mm(ev.size.H)})
	case inRelease:
		return i.release(dev)
	}
	return nil
}

func (i *input) release(dev device) error {
	for _, code := range slices.Sorted(maps.Keys(i.keys)) {
		if err := i.send(dev, inputEvent{kind: inKey, code: code}); err != nil {
			return err
		}
	}
	for _, b := range slices.Sorted(maps.Keys(i.buttons)) {
		if err := i.send(dev, inputEvent{kind: inButton, code: uint32(b)}); err != nil {
			return err
		}
	}
	for _, slot := range slices.Sorted(maps.Keys(i.fingers)) {
		if err := i.send(dev, inputEvent{kind: inTouchUp, code: slot}); err != nil {
			return err
		}
	}
	return nil
}

func (i *input) close() {
	i.mu.Lock()
	i.closed = true
	i.more.Signal()
	i.mu.Unlock()
	<-i.done
}
