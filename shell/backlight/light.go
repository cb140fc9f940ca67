package backlight

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// Class is where the kernel has the screens' lights.
const Class = "/sys/class/backlight"

const (
	loginName   = "org.freedesktop.login1"
	loginPath   = "/org/freedesktop/login1/session/auto" // of the caller's session
	sessionName = "org.freedesktop.login1.Session"
	// patience is how long the system may take to answer.
	patience = 5 * time.Second
	maxOps   = 16 // changes that wait
	// least is as dark as a key makes it: at 0 some screens show nothing.
	least = 0.01
)

var (
	// ErrNone says that there is no light that can be set.
	ErrNone = errors.New("there is no screen whose light can be set")
	// ErrBusy says that the system is too slow for what is asked of it.
	ErrBusy = errors.New("the system is busy")
)

// Change is what shall become of the light. The zero value changes nothing.
type Change struct {
	Set *float64 // the level, 0 to 1
	By  float64  // added to it
}

// Light is that of a screen. Its methods may be called on any goroutine; none
// waits.
type Light struct {
	dir  string
	most int
	conn *dbus.Conn
	ops  chan op
}

type op struct {
	change Change
	done   func(float64, error)
}

// Address returns where the system's bus is.
func Address() string {
	if a := os.Getenv("DBUS_SYSTEM_BUS_ADDRESS"); a != "" {
		return a
	}
	return "unix:path=/run/dbus/system_bus_socket"
}

// Open finds the light of the built-in screen below a folder of the kernel's, and
// who sets it on the bus of an address. It takes as long as the bus does.
func Open(class, address string) (*Light, error) {
	dir, most := find(class)
	if dir == "" {
		return nil, ErrNone
	}
	conn, err := dbus.Connect(address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	l := &Light{dir: dir, most: most, conn: conn, ops: make(chan op, maxOps)}
	go l.work()
	return l, nil
}

// kinds are the kernel's, by how well they know the screen.
var kinds = []string{"raw", "platform", "firmware"}

// find returns the folder of the light that is best to use, "" for none.
func find(class string) (dir string, most int) {
	list, err := filepath.Glob(filepath.Join(class, "*"))
	if err != nil {
		return "", 0
	}
	best := -1
	for _, d := range list {
		kind, err := os.ReadFile(filepath.Join(d, "type"))
		rank := slices.Index(kinds, strings.TrimSpace(string(kind)))
		n, nerr := number(filepath.Join(d, "max_brightness"))
		if err == nil && nerr == nil && n > 0 && rank > best {
			dir, most, best = d, n, rank
		}
	}
	return dir, most
}

func number(path string) (int, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || n < 0 || n > math.MaxInt32 {
		return 0, fmt.Errorf("%s: %.20q is no level", path, b)
	}
	return n, nil
}

// Close ends the use of the bus.
func (l *Light) Close() error { return l.conn.Close() }

// Change changes the light; done is called on any goroutine with the level that
// came of it.
func (l *Light) Change(c Change, done func(level float64, err error)) {
	select {
	case l.ops <- op{c, done}:
	default:
		done(0, ErrBusy)
	}
}

// work carries out changes until the connection ends.
func (l *Light) work() {
	for {
		select {
		case o := <-l.ops:
			o.done(l.carry(o.change))
		case <-l.conn.Context().Done():
			return
		}
	}
}

func (l *Light) carry(c Change) (float64, error) {
	n, err := number(filepath.Join(l.dir, "brightness"))
	if err != nil {
		return 0, err
	}
	now := float64(n) / float64(l.most)
	to := now
	switch {
	case c.Set != nil:
		to = *c.Set
	case c.By != 0:
		to = max(now+c.By, least)
	default:
		return now, nil
	}
	to = min(max(to, 0), 1)
	want := int(to*float64(l.most) + 0.5)
	if want == n && c.By != 0 { // few steps: at least one
		want = min(max(n+int(math.Copysign(1, c.By)), 0), l.most)
	}
	ctx, cancel := context.WithTimeout(l.conn.Context(), patience)
	defer cancel()
	err = l.conn.Object(loginName, loginPath).CallWithContext(ctx, sessionName+".SetBrightness", 0, "backlight", filepath.Base(l.dir), uint32(want)).Err
	if err != nil {
		return now, fmt.Errorf("set the light of the screen: %w", err)
	}
	return float64(want) / float64(l.most), nil
}
