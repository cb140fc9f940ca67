package guest

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A marker on the disk proves that a disk outlives its machine.
const (
	diskMarker   = "RAYOS_LINUX_PERSIST_MARKER_V0"
	diskMarkerAt = 3584
)

// disk looks for the marker and leaves one where there is none.
func (s *system) disk() {
	f, err := os.OpenFile("/dev/vda", os.O_RDWR, 0)
	if err != nil {
		s.say("RAYOS_LINUX_DISK_MARKER_NO_DEV")
		return
	}
	defer f.Close()
	have := make([]byte, len(diskMarker))
	if _, err := f.ReadAt(have, diskMarkerAt); err == nil && string(have) == diskMarker {
		s.say("RAYOS_LINUX_DISK_MARKER_PRESENT")
		return
	}
	if _, err := f.WriteAt([]byte(diskMarker), diskMarkerAt); err != nil {
		s.say("RAYOS_LINUX_DISK_MARKER_NO_DEV")
		return
	}
	if err := f.Sync(); err != nil {
		s.say("rayos-agent: disk: %v", err)
		return
	}
	s.say("RAYOS_LINUX_DISK_MARKER_WROTE")
	s.say("RAYOS_LINUX_DISK_MARKER_NEEDS_REBOOT")
}

// presses are the keys and buttons that have come from devices, and those that
// are down.
type presses struct {
	mu      sync.Mutex
	pressed map[uint16]bool
	down    map[uint16]bool
}

func (i *presses) note(code uint16, value int32) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.pressed == nil {
		i.pressed, i.down = map[uint16]bool{}, map[uint16]bool{}
	}
	switch value {
	case 0:
		delete(i.down, code)
	case 1:
		i.pressed[code], i.down[code] = true, true
	}
}

// line says which, by their evdev codes.
func (i *presses) line() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return "RAYOS_LINUX_INPUT_STATE pressed=" + codes(i.pressed) + " down=" + codes(i.down) + "\n"
}

func codes(set map[uint16]bool) string {
	var b strings.Builder
	for _, c := range slices.Sorted(maps.Keys(set)) {
		fmt.Fprintf(&b, "%d,", c)
	}
	return strings.TrimSuffix(b.String(), ",")
}

// watchInput notes what comes from devices. It tells of the first, which
// proves the whole way of a key into the guest.
func (s *system) watchInput() {
	files, _ := filepath.Glob("/dev/input/event*") // the pattern is good
	if len(files) == 0 {
		s.say("RAYOS_LINUX_INPUT_PROBE:SKIP no_event0")
		return
	}
	var once sync.Once
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			continue
		}
		s.say("RAYOS_LINUX_INPUT_WATCH_OPENED")
		go func() {
			defer f.Close()
			var event [24]byte // struct input_event of 64-bit systems
			for {
				if _, err := io.ReadFull(f, event[:]); err != nil {
					return
				}
				ne := binary.NativeEndian
				kind := ne.Uint16(event[16:])
				if kind != 0 { // anything but EV_SYN
					once.Do(func() { s.say("RAYOS_LINUX_INPUT_EVENT_RX") })
				}
				if kind == evKey {
					s.inputs.note(ne.Uint16(event[18:]), int32(ne.Uint32(event[20:])))
				}
			}
		}()
	}
}
