package guest

import (
	"encoding/binary"
	"os"
	"path/filepath"
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

// watchInput tells once that an event has come from a device, which proves
// the whole way of a key into the guest.
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
				if _, err := f.Read(event[:]); err != nil {
					return
				}
				if binary.NativeEndian.Uint16(event[16:]) != 0 { // anything but EV_SYN
					once.Do(func() { s.say("RAYOS_LINUX_INPUT_EVENT_RX") })
					return
				}
			}
		}()
	}
}
