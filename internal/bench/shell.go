package bench

import (
	"errors"
	"fmt"
	"os/exec"
	"time"

	"rayos/internal/bench/rawclient"
)

// shellProbes measure the desktop: the launcher, a clock, notifications and
// memory.
func shellProbes() []Probe {
	return []Probe{launcherProbe(), keystrokeProbe(), clockProbe(), noticeProbe(), desktopProbe()}
}

// entries are the applications that a launcher finds.
const entries = 2000

// launchers are those that sway's users have.
var launchers = []struct {
	name string
	args []string
}{
	{"wofi", []string{"--show", "drun"}},
	{"fuzzel", nil},
}

// launcherProbe measures a launcher that is opened for the first time, over
// 2,000 applications: from the key, and for others from the exec that a key
// would cause, to the first frame that has it. Each row has another peer.
func launcherProbe() Probe {
	p := Probe{Name: "shell.launch", Setup: Setup{Shell: true, Entries: entries}}
	for _, l := range launchers {
		p.Rows = append(p.Rows,
			Row{Key: "launch." + l.name, Name: "launcher, cold, to its first frame; peer " + l.name, Unit: "ms", Bar: limitBar(100)},
			Row{Key: "launch." + l.name + ".cpu", Name: "the same, CPU of compositor and launcher", Unit: "ms", Bar: ratioBar(1)})
	}
	p.Start = func(l *Launcher, c *Compositor, e Effort) (Values, error) {
		switch c.Name {
		case RayOS:
			took, cpu, err := l.ownLauncher(c, p.Setup, min(e.Starts, ownStarts))
			if err != nil {
				return nil, err
			}
			v := Values{}
			for _, o := range launchers {
				v["launch."+o.name], v["launch."+o.name+".cpu"] = Median(took), Median(cpu)
			}
			return v, nil
		case "sway":
			return l.foreignLaunchers(c, p.Setup, e.Starts)
		}
		return nil, &UnfitError{"it has no launcher"}
	}
	return p
}

// middle captures the middle of the output, without the lower edge, where panels are.
func middle(c *rawclient.Conn) (*rawclient.Capture, error) {
	w, h := c.OutputSize()
	return c.NewCapture(w/4, 0, w/2, h*7/8)
}

// untilChanged does something, and returns when the middle of the output looks
// different, and the CPU that was used until then.
func (s *Session) untilChanged(spends func() (time.Duration, error), do func() error) (ms, cpu float64, err error) {
	err = s.withClient(func(c *rawclient.Conn) error {
		shot, err := middle(c)
		if err != nil {
			return err
		}
		before, err := shot.Take(false)
		if err != nil {
			return err
		}
		if err := shot.Start(true); err != nil {
			return err
		}
		from, err := spends()
		if err != nil {
			return err
		}
		begin := time.Now()
		if err := do(); err != nil {
			return err
		}
		for {
			if _, err := shot.Wait(); err != nil {
				return err
			}
			took := time.Since(begin)
			if shot.Sum() != before {
				to, err := spends()
				ms, cpu = took.Seconds()*1e3, (to-from).Seconds()*1e3
				return errors.Join(err, shot.Close())
			}
			if took > rawclient.Timeout {
				return fmt.Errorf("nothing has changed on the output within %v", rawclient.Timeout)
			}
			if err := shot.Start(true); err != nil {
				return err
			}
		}
	})
	return ms, cpu, err
}

// ownStarts is how many sessions a round starts for it.
const ownStarts = 3

// ownLauncher opens RayOS's own launcher in new sessions.
func (l *Launcher) ownLauncher(c *Compositor, setup Setup, n int) (took, cpu []float64, err error) {
	for range n {
		s, err := l.Start(c, setup)
		if err != nil {
			return nil, nil, err
		}
		err = func() error {
			time.Sleep(desktopRest)
			ctl, err := s.dialControl()
			if err != nil {
				return err
			}
			ms, used, err := s.keyUntilChanged(ctl, "super+space")
			took, cpu = append(took, ms), append(cpu, used)
			return errors.Join(err, ctl.close())
		}()
		if err := errors.Join(err, s.Alive(), s.Stop()); err != nil {
			return nil, nil, err
		}
	}
	return took, cpu, nil
}

// key presses a chord.
func (c *control) key(chord string) error {
	return c.call("input key", map[string]any{"chord": chord}, nil)
}

// keyUntilChanged presses a chord, and returns when the middle of the output
// looks different. The answer is read afterwards: it comes by another way.
func (s *Session) keyUntilChanged(c *control, chord string) (ms, cpu float64, err error) {
	args := map[string]any{"chord": chord}
	ms, cpu, err = s.untilChanged(s.CPU, func() error { return c.send(rawclient.Timeout, "input key", args) })
	if err != nil {
		return 0, 0, err
	}
	return ms, cpu, c.answer("input key", args, nil)
}

// foreignLaunchers starts launchers that are programs.
func (l *Launcher) foreignLaunchers(c *Compositor, setup Setup, n int) (Values, error) {
	s, err := l.Start(c, setup)
	if err != nil {
		return nil, err
	}
	v := Values{}
	for _, o := range launchers {
		if _, err := exec.LookPath(o.name); err != nil {
			continue
		}
		var took, cpu []float64
		for i := range n + 1 {
			ms, used, err := s.launched(o.name, o.args)
			if err != nil {
				return nil, errors.Join(fmt.Errorf("%s: %w", o.name, err), s.Stop())
			}
			if i > 0 { // the first warms the page cache
				took, cpu = append(took, ms), append(cpu, used)
			}
		}
		v["launch."+o.name], v["launch."+o.name+".cpu"] = Median(took), Median(cpu)
	}
	return v, errors.Join(s.Alive(), s.Stop())
}

// launched starts a launcher and ends it when it is seen.
func (s *Session) launched(name string, args []string) (ms, cpu float64, err error) {
	time.Sleep(settle)
	var p *program
	ms, cpu, err = s.untilChanged(func() (time.Duration, error) {
		all, err := s.CPU()
		if p != nil && err == nil {
			own, e := p.CPU()
			all, err = all+own, e
		}
		return all, err
	}, func() (err error) {
		p, err = s.run(name, args...)
		return err
	})
	if p != nil {
		err = errors.Join(err, p.end())
	}
	return ms, cpu, err
}

// keystrokeProbe types into the launcher.
func keystrokeProbe() Probe {
	return Probe{
		Name: "shell.key",
		Rows: []Row{
			{Key: "key.p95", Name: "launcher over 2,000 applications: key to results on screen, p95", Unit: "ms", Bar: limitBar(16)},
			{Key: "key.cpu", Name: "the same, CPU for each key", Unit: "ms"},
		},
		Setup: Setup{Shell: true, Entries: entries, Hertz: 1000},
		Run: func(s *Session, e Effort) (Values, error) {
			if s.Compositor.Name != RayOS {
				return nil, &UnfitError{"it has no launcher of its own"}
			}
			time.Sleep(desktopRest)
			ctl, err := s.dialControl()
			if err != nil {
				return nil, err
			}
			if _, _, err := s.keyUntilChanged(ctl, "super+space"); err != nil {
				return nil, errors.Join(err, ctl.close())
			}
			var took, cpu []float64
			keys := []string{"t", "e", "x", "BackSpace", "BackSpace", "BackSpace", "m", "a", "p", "BackSpace", "BackSpace", "BackSpace"}
			for i := range e.Latencies {
				time.Sleep(50 * time.Millisecond) // a person's pace; carets and lists come to rest
				ms, used, err := s.keyUntilChanged(ctl, keys[i%len(keys)])
				if err != nil {
					return nil, errors.Join(err, ctl.close())
				}
				took, cpu = append(took, ms), append(cpu, used)
			}
			return Values{"key.p95": Quantile(took, 0.95), "key.cpu": Median(cpu)}, ctl.close()
		},
	}
}

// clockProbe leaves a desktop with a clock alone for a minute.
func clockProbe() Probe {
	return Probe{
		Name: "shell.clock",
		Rows: []Row{
			{Key: "clock.wakeups", Name: "desktop with a clock, left alone: wakeups a minute", Unit: "1/min", Bar: limitBar(1)},
			{Key: "clock.cpu", Name: "the same, CPU a minute", Unit: "ms/min", Bar: ratioBar(1)},
		},
		Rounds: 1,
		Start: func(l *Launcher, c *Compositor, e Effort) (Values, error) {
			if e.IdleSeconds < Full.IdleSeconds {
				return nil, &UnfitError{"a quick run has no minute to wait"}
			}
			d, err := l.startDesktop(c, desktopSetup)
			if err != nil {
				return nil, err
			}
			v, err := d.minute()
			return v, errors.Join(err, d.end())
		},
	}
}

// clockRest is how long a desktop is left alone before its wakeups count: what
// its start leaves to do is over then.
const clockRest = 35 * time.Second

func (d *desktop) minute() (Values, error) {
	time.Sleep(clockRest)
	cpu, err := d.CPU()
	if err != nil {
		return nil, err
	}
	wakeups, err := d.Wakeups()
	if err != nil {
		return nil, err
	}
	time.Sleep(time.Minute)
	after, err := d.Wakeups()
	if err != nil {
		return nil, err
	}
	later, err := d.CPU()
	return Values{"clock.wakeups": float64(after - wakeups), "clock.cpu": (later - cpu).Seconds() * 1e3}, err
}

// notices is how many notifications are sent.
const notices = 20

// noticeProbe sends notifications that leave by themselves.
func noticeProbe() Probe {
	return Probe{
		Name: "shell.notify",
		Rows: []Row{{Key: "notify.cpu", Name: "CPU for each notification, until it is gone (sway: mako)", Unit: "ms", Bar: ratioBar(1)}},
		Start: func(l *Launcher, c *Compositor, _ Effort) (Values, error) {
			if c.Name == "weston" {
				return nil, &UnfitError{"it shows no notifications"}
			}
			if _, err := exec.LookPath("notify-send"); err != nil {
				return nil, &UnfitError{"notify-send is not installed"}
			}
			d, err := l.startDesktop(c, desktopSetup)
			if err != nil {
				return nil, err
			}
			v, err := d.notify()
			return v, errors.Join(err, d.end())
		},
	}
}

// noticeWindow is longer than all notifications are shown.
const noticeWindow = 6 * time.Second

// notify measures an idle window, and one with notifications.
func (d *desktop) notify() (Values, error) {
	window := func(do func() error) (time.Duration, error) {
		return spentBy([]spender{d}, func() error {
			over := time.After(noticeWindow)
			err := do()
			<-over
			return err
		})
	}
	idle, err := window(func() error { return nil })
	if err != nil {
		return nil, err
	}
	busy, err := window(func() error {
		for i := range notices {
			cmd := d.command("notify-send", "--expire-time=1500", "--app-name=bench", fmt.Sprintf("Message %d", i), "Something has happened that is told in one line.")
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("notify-send: %w: %s", err, out)
			}
			time.Sleep(100 * time.Millisecond)
		}
		return nil
	})
	return Values{"notify.cpu": (busy - idle).Seconds() * 1e3 / notices}, err
}

// desktopProbe measures the memory of a desktop after each part of RayOS's was
// used once, and that of the others as they have begun.
func desktopProbe() Probe {
	return Probe{
		Name: "shell.memory",
		Rows: []Row{
			{Key: "desktop.added", Name: "PSS that the shell adds", Unit: "MiB", Bar: limitBar(20)},
			{Key: "desktop.pss", Name: "PSS of the desktop: compositor, panel, notifications", Unit: "MiB", Bar: ratioBar(1)},
		},
		Start: func(l *Launcher, c *Compositor, _ Effort) (Values, error) {
			bare, err := l.bareMemory(c)
			if err != nil {
				return nil, err
			}
			d, err := l.startDesktop(c, desktopSetup)
			if err != nil {
				return nil, err
			}
			err = d.useShell()
			all, e := d.pss()
			return Values{"desktop.added": all - bare, "desktop.pss": all}, errors.Join(err, e, d.end())
		},
	}
}

// bareMemory is the PSS, in MiB, of a compositor without a desktop.
func (l *Launcher) bareMemory(c *Compositor) (float64, error) {
	s, err := l.Start(c, Setup{Bus: true})
	if err != nil {
		return 0, err
	}
	time.Sleep(desktopRest)
	m, err := s.Memory()
	return float64(m.PSS) / 1024, errors.Join(err, s.Alive(), s.Stop())
}

// useShell opens and closes RayOS's launcher, overview and screenshot tool.
func (d *desktop) useShell() error {
	if d.Compositor.Name != RayOS {
		return nil
	}
	ctl, err := d.dialControl()
	if err != nil {
		return err
	}
	for _, chord := range []string{"super+space", "Escape", "super+w", "Escape"} {
		if err := ctl.key(chord); err != nil {
			return errors.Join(err, ctl.close())
		}
		time.Sleep(settle)
	}
	for _, what := range []string{"region", "cancel"} {
		if err := ctl.call("capture", map[string]any{"what": what}, nil); err != nil {
			return errors.Join(err, ctl.close())
		}
		time.Sleep(settle)
	}
	err = ctl.close()
	time.Sleep(desktopRest)
	return err
}
