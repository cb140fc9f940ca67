package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// appProbe measures the smallest app with a toolkit of its own, rayos-apps
// counter: from its exec to its first frame on the screen, and what it holds
// and does when nobody touches it. Compositors share the app, not the way to
// the screen.
func appProbe() Probe {
	return Probe{
		Name: "app",
		Rows: []Row{
			{Key: "app.start", Name: "counter: exec to first frame on the screen", Unit: "ms", Bar: limitBar(60)},
			{Key: "app.pss", Name: "counter: PSS", Unit: "MiB", Bar: limitBar(15)},
			{Key: "app.idle", Name: "counter: wakeups when nothing happens", Unit: "1/s", Bar: limitBar(0)},
		},
		Start: func(l *Launcher, c *Compositor, e Effort) (Values, error) {
			s, err := l.Start(c, Setup{})
			if err != nil {
				return nil, err
			}
			v, err := s.measureApp(filepath.Join(l.base, "rayos-apps"), e)
			return v, errors.Join(err, s.Alive(), s.Stop())
		},
	}
}

func (s *Session) measureApp(path string, e Effort) (Values, error) {
	var starts []float64
	v := Values{}
	for i := range e.Starts + 1 {
		a, took, err := s.startApp(path)
		if err != nil {
			return nil, err
		}
		if i > 0 { // the first warms the page cache
			starts = append(starts, took.Seconds()*1e3)
		}
		if i == e.Starts {
			err = a.rest(v, time.Duration(e.IdleSeconds)*time.Second)
		}
		if err := errors.Join(err, a.end()); err != nil {
			return nil, err
		}
	}
	v["app.start"] = Median(starts)
	return v, nil
}

// startApp returns when the app has said that its first frame was seen, and how
// long that took.
func (s *Session) startApp(path string) (*program, time.Duration, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, 0, &UnfitError{"there is no rayos-apps beside the session"}
	}
	cmd := s.command(path, "counter")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	a := &program{Process{cmd.Process.Pid}, cmd}
	late := time.AfterFunc(startLimit, func() { _ = cmd.Process.Kill() }) // it may have ended
	line, err := bufio.NewReader(out).ReadString('\n')
	took := time.Since(begin)
	late.Stop()
	if err != nil || !strings.HasPrefix(line, "RAYOS_GUI_APP_READY:") {
		_ = cmd.Process.Kill()
		return nil, 0, errors.Join(fmt.Errorf("the app said %q: %w", line, err), cmd.Wait())
	}
	return a, took, nil
}

// rest measures an app that nobody touches.
func (a *program) rest(v Values, window time.Duration) error {
	time.Sleep(2 * time.Second) // the fonts of the machine are looked for
	m, err := a.Memory()
	if err != nil {
		return err
	}
	v["app.pss"] = float64(m.PSS) / 1024
	before, err := a.Wakeups()
	if err != nil {
		return err
	}
	time.Sleep(window)
	after, err := a.Wakeups()
	v["app.idle"] = float64(after-before) / window.Seconds()
	return err
}
