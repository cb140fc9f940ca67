package bench

import (
	"errors"
	"fmt"
	"math"
	"time"

	"rayos/internal/bench/rawclient"
)

// drawRate is how many pictures a second a guest draws: what an emulated
// processor can do beside all else.
const drawRate = 20

// guestOutput has room for the machine's window, whose middle is the output's.
var guestOutput = Setup{Width: 1920, Height: 1080}

// guestProbe measures a virtual machine as a window: linux-micro with 512 MiB,
// and QEMU's own VNC server with a viewer as the peer of what a picture costs.
func guestProbe() Probe {
	return Probe{
		Name:   "guest",
		Rounds: 1, // each figure is a median of its own
		Peers:  []string{viewerName},
		Setup:  guestOutput,
		Rows: []Row{
			{Key: "guest.show.p50", Name: "machine: show of a hidden one to pixels, p50", Unit: "ms", Bar: limitBar(refresh.Seconds() * 1e3)},
			{Key: "guest.show.max", Name: "machine: show of a hidden one to pixels, worst, in refreshes", Unit: "1", Bar: limitBar(1)},
			{Key: "guest.resize", Name: "machine: asked for another size to its picture", Unit: "ms", Bar: limitBar(50)},
			{Key: "guest.cpu", Name: "machine: CPU per full-screen picture, all but the guest's own", Unit: "ms", Bar: ratioBar(1)},
			{Key: "guest.copied", Name: "machine: bytes copied per byte that the guest has drawn", Unit: "x", Bar: limitBar(1)},
			{Key: "guest.hidden.cpu", Name: "machine: CPU of the session while a hidden one draws", Unit: "ms/s", Bar: limitBar(0)},
			{Key: "guest.hidden.wakeups", Name: "machine: wakeups of the session while a hidden one draws", Unit: "1/s", Bar: limitBar(0)},
			{Key: "guest.pss", Name: "machine: PSS of rayos-vm", Unit: "MiB", Bar: limitBar(20)},
			{Key: "guest.leak", Name: "machine: memory kept per 1000 shows and hides, session and rayos-vm", Unit: "KiB", Bar: limitBar(0)},
			{Key: "guest.leak.fds", Name: "machine: descriptors kept per 1000 shows and hides", Unit: "1", Bar: limitBar(0)},
			{Key: "guest.suspend", Name: "machine: suspend, 512 MiB", Unit: "ms", Bar: limitBar(100)},
			{Key: "guest.resume", Name: "machine: resume, 512 MiB", Unit: "ms", Bar: limitBar(100)},
			{Key: "guest.reattach", Name: "machine: start of a session after a crash to its pixels", Unit: "ms", Bar: limitBar(200)},
		},
		Start: func(l *Launcher, c *Compositor, e Effort) (Values, error) {
			if c.viewer {
				return measureVNC(l, e)
			}
			w, err := newWorld(l, c, guestOutput)
			if err != nil {
				return nil, err
			}
			v := Values{}
			for _, measure := range []func(*world, Effort, Values) error{
				(*world).measureDrawing, (*world).measureResize, (*world).measureHidden, (*world).measureShows, (*world).measureLeak,
				(*world).measureSuspend, (*world).measureReattach,
			} {
				if err := measure(w, e, v); err != nil {
					return nil, errors.Join(err, w.end())
				}
			}
			return v, w.end()
		},
	}
}

// draws has the guest draw pictures, and returns when the last is drawn.
func (w *world) draws(frames int) (end func() error, err error) {
	from, err := fileSize(w.serial())
	if err != nil {
		return nil, err
	}
	if err := w.vm.typed(fmt.Sprintf("DRAW:%d:%d", frames, drawRate)); err != nil {
		return nil, err
	}
	if from, err = w.logged(w.serial(), from, "RAYOS_LINUX_DRAW_BEGIN", bootLimit); err != nil {
		return nil, err
	}
	return func() error {
		_, err := w.logged(w.serial(), from, "RAYOS_LINUX_DRAW_END", bootLimit)
		return err
	}, nil
}

// measureDrawing is about pictures that are seen.
func (w *world) measureDrawing(e Effort, v Values) error {
	if err := w.do("show"); err != nil {
		return err
	}
	st, err := w.status()
	if err != nil {
		return err
	}
	cpus, err := guestThreads(w.folder() + "/run/qmp2.sock")
	if err != nil {
		return err
	}
	if w.l.machine, err = argumentsOf(st.PID); err != nil {
		return err
	}
	qemu := machineSide{Process{st.PID}, cpus}
	parts := []spender{w.session.Process, Process{st.HostPID}, qemu}
	if err := w.drawn(2 * warmFrames); err != nil {
		return err
	}
	frames := 2 * e.Frames
	cpu, err := spentBy(parts, func() error { return w.drawn(frames) })
	if err != nil {
		return err
	}
	v["guest.cpu"] = cpu.Seconds() * 1e3 / float64(frames)
	end, err := w.draws(frames)
	if err != nil {
		return err
	}
	before, err := w.vm.state()
	if err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	after, err := w.vm.state()
	if err != nil {
		return err
	}
	shown := after.Frames.Shown - before.Frames.Shown
	if shown < uint64(frames)/2 {
		return fmt.Errorf("of %d pictures %d were shown", frames, shown)
	}
	v["guest.copied"] = float64(after.Frames.Copied-before.Frames.Copied) / float64(after.Frames.Drawn-before.Frames.Drawn)
	m, err := Process{st.HostPID}.Memory()
	v["guest.pss"] = float64(m.PSS) / 1024
	return err
}

func (w *world) drawn(frames int) error {
	end, err := w.draws(frames)
	if err != nil {
		return err
	}
	return end()
}

// measureResize makes the window smaller and larger again. How long it lasts
// until a size is believed to stay is no part of the figure; how long the guest's
// kernel takes is.
func (w *world) measureResize(e Effort, v Values) error {
	st, err := w.status()
	if err != nil {
		return err
	}
	var ms []float64
	for i := range 2 * e.Starts {
		size := [...]string{"1024x700", fmt.Sprintf("%dx%d", st.Width, st.Height)}[i%2]
		if err := w.control.call("resize", map[string]any{"window": fmt.Sprint(st.Window), "size": size}, nil); err != nil {
			return err
		}
		err := w.vm.await(rawclient.Timeout, func(e *machineEvent) bool { return e.What == "first-scanout" && e.Detail == size })
		if err != nil {
			return &UnfitError{"its guest doesn't follow: " + err.Error()}
		}
		now, err := w.vm.state()
		if err != nil {
			return err
		}
		ms = append(ms, now.Frames.Followed)
	}
	v["guest.resize"] = Median(ms)
	return nil
}

// measureHidden is about pictures that nobody sees: a second with them, the
// median of some. In one of them the runtime may look around, as it does each
// minute whatever happens.
func (w *world) measureHidden(e Effort, v Values) error {
	if err := w.do("hide"); err != nil {
		return err
	}
	// What comes first is hiding's own: places and geometry are written, memory is
	// given back, and the time that we had to read the answer is over after five
	// seconds.
	const own = 6
	seconds := max(3, e.IdleSeconds)
	end, err := w.draws(drawRate * (own + seconds + 2))
	if err != nil {
		return err
	}
	time.Sleep(own * time.Second)
	frames, err := w.vm.state()
	if err != nil {
		return err
	}
	var cpu, wakeups []float64
	for range seconds {
		before, err := w.session.Wakeups()
		if err != nil {
			return err
		}
		spent, err := w.session.spent(func() error {
			time.Sleep(time.Second)
			return nil
		})
		if err != nil {
			return err
		}
		after, err := w.session.Wakeups()
		if err != nil {
			return err
		}
		cpu, wakeups = append(cpu, spent.Seconds()*1e3), append(wakeups, float64(after-before))
	}
	v["guest.hidden.cpu"], v["guest.hidden.wakeups"] = Median(cpu), Median(wakeups)
	st, err := w.vm.state()
	if err == nil && st.Frames.Received == frames.Frames.Received {
		err = errors.New("the guest has drawn nothing")
	}
	return errors.Join(err, end())
}

// measureShows follows the machine's pixels from the command to the screen, with
// commands spread evenly over the phase of the refresh.
func (w *world) measureShows(e Effort, v Values) error {
	var ms []float64
	err := w.session.withClient(func(c *rawclient.Conn) error {
		width, height := c.OutputSize()
		capture, err := c.NewCapture(width/2-8, height/2-8, 16, 16)
		if err != nil {
			return err
		}
		if err := capture.Start(false); err != nil {
			return err
		}
		empty, err := capture.Wait()
		if err != nil {
			return err
		}
		args := map[string]any{"machine": machineID}
		for i := range e.Latencies {
			_, phase := math.Modf(float64(i) * 0.6180339887)
			var begin time.Time
			_, err := w.seen(capture, rawclient.Timeout, func() error {
				time.Sleep(time.Duration(phase * float64(refresh)))
				begin = time.Now()
				return w.control.send(rawclient.Timeout, "vm show", args)
			}, func(color uint32) bool { return color != empty })
			if err != nil {
				return fmt.Errorf("show: %w", err)
			}
			ms = append(ms, time.Since(begin).Seconds()*1e3)
			if err := w.control.answer("vm show", args, nil); err != nil {
				return err
			}
			_, err = w.seen(capture, rawclient.Timeout, func() error { return w.do("hide") }, func(color uint32) bool { return color == empty })
			if err != nil {
				return fmt.Errorf("hide: %w", err)
			}
		}
		return capture.Close()
	})
	if err != nil {
		return err
	}
	v["guest.show.p50"] = Quantile(ms, 0.5)
	v["guest.show.max"] = Quantile(ms, 1) / (refresh.Seconds() * 1e3)
	return nil
}

// measureSuspend times the commands, as a person waits for them.
func (w *world) measureSuspend(e Effort, v Values) error {
	var down, up []float64
	for i := range e.Starts + 1 {
		saved, err := timed(func() error { return w.do("suspend") })
		if err != nil {
			return err
		}
		back, err := timed(func() error { return w.do("resume") })
		if err != nil {
			return err
		}
		if i > 0 { // the first warms the page cache
			down, up = append(down, saved), append(up, back)
		}
	}
	v["guest.suspend"], v["guest.resume"] = Median(down), Median(up)
	return nil
}

func timed(fn func() error) (ms float64, err error) {
	begin := time.Now()
	err = fn()
	return time.Since(begin).Seconds() * 1e3, err
}

// measureReattach kills the session and times the next one, from its start to
// the machine's pixels on the screen.
func (w *world) measureReattach(e Effort, v Values) error {
	before, err := w.status()
	if err != nil {
		return err
	}
	var ms []float64
	for i := range e.Starts + 1 {
		if err := w.crash(); err != nil {
			return err
		}
		took, err := timed(func() error { return errors.Join(w.begin(), w.do("show")) })
		if err != nil {
			return err
		}
		if i > 0 {
			ms = append(ms, took)
		}
	}
	after, err := w.status()
	if err == nil && (after.PID != before.PID || after.HostPID != before.HostPID) {
		err = fmt.Errorf("the machine is another: QEMU %d was %d, rayos-vm %d was %d", after.PID, before.PID, after.HostPID, before.HostPID)
	}
	v["guest.reattach"] = Median(ms)
	return err
}
