package guest

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// connector is where a screen is plugged in. Compositors take no notice when
// the screen that they know has another size, so it is pulled and put back.
type connector struct {
	dir  string // in /sys/class/drm
	mode string // what the compositor was last told of
}

// unplugged is how long a compositor gets to see that a screen is gone.
const unplugged = 30 * time.Millisecond

func findConnectors(sys string) ([]*connector, error) {
	dirs, err := filepath.Glob(filepath.Join(sys, "class/drm/card*-*"))
	if err != nil {
		return nil, err
	}
	var list []*connector
	for _, dir := range dirs {
		if state, err := os.ReadFile(filepath.Join(dir, "status")); err == nil && strings.TrimSpace(string(state)) == "connected" {
			list = append(list, &connector{dir: dir, mode: preferred(dir)})
		}
	}
	return list, nil
}

// preferred is the screen's size, like 1280x800: the first of its modes.
func preferred(dir string) string {
	text, _ := os.ReadFile(filepath.Join(dir, "modes")) // one that is gone has none
	mode, _, _ := strings.Cut(string(text), "\n")
	return mode
}

// changed looks at the screen anew and reports whether its size is another.
func (c *connector) changed() (bool, error) {
	if err := c.force("detect"); err != nil {
		return false, err
	}
	mode := preferred(c.dir)
	if mode == "" || mode == c.mode {
		return false, nil
	}
	c.mode = mode
	return true, nil
}

// replug pulls the screen and puts it back, and has each told.
func (c *connector) replug(tell func() error) error {
	for _, state := range []string{"off", "detect"} {
		if err := c.force(state); err != nil {
			return err
		}
		if err := tell(); err != nil {
			return err
		}
		if state == "off" {
			time.Sleep(unplugged)
		}
	}
	return nil
}

func (c *connector) force(state string) error {
	return os.WriteFile(filepath.Join(c.dir, "status"), []byte(state), 0)
}
