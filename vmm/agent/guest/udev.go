package guest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Codes of linux/input-event-codes.h by which a device is known.
const (
	evKey, evRel, evAbs = 1, 2, 3
	keyEsc, keyD        = 1, 32
	keyPower            = 116
	btnLeft             = 0x110
	relX, relY          = 0, 1
	absX, absY          = 0, 1
	absMTPositionX      = 0x35
	propDirect          = 1
)

// bitmap is a set of numbers as sysfs writes it: words in hexadecimal, the
// highest first.
type bitmap []uint64

func parseBitmap(text string) bitmap {
	words := strings.Fields(text)
	b := make(bitmap, len(words))
	for i, w := range words {
		v, err := strconv.ParseUint(w, 16, 64)
		if err != nil {
			return nil
		}
		b[len(words)-1-i] = v
	}
	return b
}

func (b bitmap) has(n int) bool { return n/64 < len(b) && b[n/64]>>(n%64)&1 != 0 }

// inputDevice is what a device says that it can do.
type inputDevice struct{ ev, key, rel, abs, prop bitmap }

// readInput reads a device's folder in /sys/class/input.
func readInput(dir string) inputDevice {
	read := func(name string) bitmap {
		text, _ := os.ReadFile(filepath.Join(dir, "device", name)) // a device that can't say it can't do it
		return parseBitmap(string(text))
	}
	return inputDevice{read("capabilities/ev"), read("capabilities/key"), read("capabilities/rel"), read("capabilities/abs"), read("properties")}
}

// kinds are the kinds of device that it is, as udev names them.
func (d inputDevice) kinds() []string {
	var kinds []string
	switch {
	case d.ev.has(evAbs) && d.abs.has(absMTPositionX) && d.prop.has(propDirect):
		kinds = append(kinds, "ID_INPUT_TOUCHSCREEN")
	case d.key.has(btnLeft) && (d.ev.has(evRel) && d.rel.has(relX) && d.rel.has(relY) || d.ev.has(evAbs) && d.abs.has(absX) && d.abs.has(absY)):
		kinds = append(kinds, "ID_INPUT_MOUSE")
	}
	if d.ev.has(evKey) && d.key.has(keyEsc) && d.key.has(keyD) {
		kinds = append(kinds, "ID_INPUT_KEY", "ID_INPUT_KEYBOARD")
	}
	return kinds
}

// button reports whether it is the machine's power button, and no keyboard that
// has such a key.
func (d inputDevice) button() bool { return d.key.has(keyPower) && !d.key.has(keyD) }

// udevData is the text of udev's database on a device: the time that it came,
// its values and its tags.
func udevData(values, tags []string) string {
	var b strings.Builder
	b.WriteString("I:1000\n")
	for _, v := range values {
		fmt.Fprintf(&b, "E:%s\n", v)
	}
	for _, t := range tags {
		fmt.Fprintf(&b, "G:%s\n", t)
	}
	for _, t := range tags {
		fmt.Fprintf(&b, "Q:%s\n", t)
	}
	b.WriteString("V:1\n")
	return b.String()
}

// seedUdev writes udev's database below run, on the input devices and cards
// that sys has. There is no udev: what it would find out is known.
func seedUdev(sys, run string) error {
	data := filepath.Join(run, "udev/data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	events, err := filepath.Glob(filepath.Join(sys, "class/input/event*"))
	if err != nil {
		return err
	}
	for _, dir := range events {
		values := []string{"ID_INPUT=1"}
		kinds := readInput(dir).kinds()
		for _, k := range kinds {
			values = append(values, k+"=1")
		}
		if len(kinds) == 0 {
			continue // a power button or the like, which isn't for applications
		}
		if err := seedDevice(data, dir, udevData(append(values, "ID_SEAT=seat0"), []string{"seat"})); err != nil {
			return err
		}
	}
	cards, err := filepath.Glob(filepath.Join(sys, "class/drm/card[0-9]"))
	if err != nil {
		return err
	}
	for _, dir := range cards {
		if err := seedDevice(data, dir, udevData([]string{"ID_SEAT=seat0"}, []string{"master-of-seat", "seat"})); err != nil {
			return err
		}
	}
	// By this file libudev sees that there is a udev.
	return os.WriteFile(filepath.Join(run, "udev/control"), nil, 0o600)
}

// seedDevice writes on the device of a folder. One that has gone is left out.
func seedDevice(data, dir, text string) error {
	number, err := os.ReadFile(filepath.Join(dir, "dev"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(data, "c"+strings.TrimSpace(string(number))), []byte(text), 0o644)
}
