package power

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Class is where the kernel has batteries.
const Class = "/sys/class/power_supply"

const (
	maxSupplies = 16  // that are looked at
	maxFile     = 256 // bytes of one that the kernel writes
	maxNumber   = 1e12
	maxLeft     = 100 * time.Hour // what is longer is no measurement
)

// State is that of all batteries of the machine together.
type State struct {
	There    bool          // there is a battery; without one the rest is zero
	Percent  int           // 0 to 100
	Charging bool          // it gets fuller
	Plugged  bool          // it doesn't get emptier
	Left     time.Duration // until it is empty, or full, to the minute; 0 if nobody knows
}

// Read reads the state below a folder like Class. What can't be read isn't
// there: batteries go at any time.
func Read(class string) State {
	list, err := os.ReadDir(class)
	if err != nil {
		return State{}
	}
	var all sum
	for _, d := range list[:min(len(list), maxSupplies)] {
		dir := filepath.Join(class, d.Name())
		if word(dir, "type") != "Battery" || word(dir, "scope") == "Device" || word(dir, "present") == "0" {
			continue // of a mouse, or an empty bay
		}
		all.add(dir)
	}
	return all.state()
}

// sum is what several batteries have together.
type sum struct {
	n, percent            int
	charging, discharging bool
	now, full, rate       float64 // in µWh and µW, or µAh and µA
}

func (a *sum) add(dir string) {
	percent, ok := number(dir, "capacity")
	if !ok {
		return
	}
	a.n++
	a.percent += min(int(percent), 100)
	switch word(dir, "status") {
	case "Charging":
		a.charging = true
	case "Discharging":
		a.discharging = true
	}
	for _, names := range [][3]string{{"energy_now", "energy_full", "power_now"}, {"charge_now", "charge_full", "current_now"}} {
		now, ok1 := number(dir, names[0])
		full, ok2 := number(dir, names[1])
		if rate, ok3 := number(dir, names[2]); ok1 && ok2 && ok3 {
			a.now, a.full, a.rate = a.now+now, a.full+full, a.rate+rate
			return
		}
	}
}

func (a *sum) state() State {
	if a.n == 0 {
		return State{}
	}
	s := State{There: true, Percent: a.percent / a.n, Charging: a.charging && !a.discharging, Plugged: !a.discharging}
	amount := a.now
	if s.Charging {
		amount = a.full - a.now
	}
	if a.rate > 0 && amount > 0 && (s.Charging || !s.Plugged) {
		if hours := amount / a.rate; hours < maxLeft.Hours() {
			s.Left = time.Duration(hours * float64(time.Hour)).Truncate(time.Minute)
		}
	}
	return s
}

// word returns the first line of a file, "" if it can't be read.
func word(dir, name string) string {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(b), "\n")
	return strings.TrimSpace(line)
}

// number returns the amount that a file has. Some drivers tell currents below
// zero while the battery gets emptier.
func number(dir, name string) (float64, bool) { return parseNumber(word(dir, name)) }

func parseNumber(s string) (float64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < -maxNumber || n > maxNumber {
		return 0, false
	}
	return float64(max(n, -n)), true
}
