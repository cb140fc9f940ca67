package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/bench/rawclient"
	"rayos/rayapps/rfb"
)

// decodeProbe measures what it costs to decode what TigerVNC's server sends, for
// each pixel: the CPU of our client in a process of its own, and that of
// tigervnc-viewer, both without what the same rectangles cost as fills of one
// colour.
func decodeProbe() Probe {
	p := Probe{Name: "vnc.decode", Peers: []string{viewerName}, Start: measureDecode}
	for _, s := range []struct{ key, name string }{{"scroll", "text that scrolls"}, {"video", "a film"}, {"photo", "photos"}} {
		for _, enc := range remoteEncodings {
			p.Rows = append(p.Rows, Row{
				Key:  "decode." + s.key + "." + strings.ToLower(enc.String()),
				Name: fmt.Sprintf("VNC client, %s, %v: CPU", s.name, enc), Unit: "ms/Mpx", Bar: ratioBar(1),
			})
		}
	}
	for _, s := range []string{"video", "spin"} {
		bar := limitBar(1 / 1.5)
		if s == "spin" {
			bar = limitBar(1.05)
		}
		p.Rows = append(p.Rows, Row{Key: "decode." + s + ".two", Name: "… " + s + ", Tight with JPEG: time with two workers by that with none", Unit: "x", Bar: bar})
	}
	return p
}

func measureDecode(l *Launcher, c *Compositor, e Effort) (Values, error) {
	if l.captures == nil {
		list, err := l.record(e)
		if err != nil {
			return nil, err
		}
		l.captures = list
	}
	v := Values{}
	for _, k := range l.captures {
		if err := l.decode(c, k, v); err != nil {
			return nil, fmt.Errorf("%s: %w", k.key, err)
		}
	}
	return v, nil
}

// decode has a competitor decode a capture.
func (l *Launcher) decode(c *Compositor, k *capture, v Values) error {
	if k.lossy {
		if c.viewer {
			return nil
		}
		ratio, err := k.withWorkers()
		if err != nil {
			return err
		}
		v[k.key] = ratio
		return nil
	}
	run := l.ownClient
	if c.viewer {
		run = l.peerClient
	}
	cpu, err := run(k.tape)
	if err != nil {
		return err
	}
	// What else a rectangle costs, showing it first of all, is the same whatever it
	// came as.
	rest, err := run(k.fills())
	if err != nil {
		return err
	}
	cpu -= rest
	v[k.key] = cpu.Seconds() * 1e3 / (float64(k.pixels()) / 1e6)
	return nil
}

// How often a tape is played with and without workers: until so many pairs were not
// disturbed, or so many have been played.
const (
	quietPairs = 9
	mostPairs  = 60
)

// disturbed is the part of one processor from which on others count as in the way.
const disturbed = 0.1

// withWorkers is the time with two workers by that with none: the median of pairs,
// played one after the other in turn, in which nobody else needed the processors. If
// there are too few of them it is that of the least disturbed.
func (k *capture) withWorkers() (float64, error) {
	type pair struct{ ratio, others float64 }
	var all []pair
	quiet := 0
	for n := 0; n < mostPairs && quiet < quietPairs; n++ {
		var seconds [2]float64
		others, elapsed, err := undisturbed(func() error {
			for i := range 2 {
				i ^= n & 1
				took, err := k.through([]int{-1, 2}[i])
				if err != nil {
					return err
				}
				seconds[i] = took.Seconds()
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		p := pair{seconds[1] / seconds[0], others / elapsed}
		if p.others < disturbed {
			quiet++
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.others, b.others) })
	var ratios []float64
	for _, p := range all[:min(len(all), quietPairs)] {
		ratios = append(ratios, p.ratio)
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2], nil
}

// undisturbed tells how many seconds of the processors others needed while fn ran,
// steal and interrupts with them, and how many went by.
func undisturbed(fn func() error) (others, elapsed float64, err error) {
	before, err := busySeconds()
	if err != nil {
		return 0, 0, err
	}
	var own [2]unix.Rusage
	start := time.Now()
	if err := unix.Getrusage(unix.RUSAGE_SELF, &own[0]); err != nil {
		return 0, 0, err
	}
	if err := fn(); err != nil {
		return 0, 0, err
	}
	if err := unix.Getrusage(unix.RUSAGE_SELF, &own[1]); err != nil {
		return 0, 0, err
	}
	elapsed = time.Since(start).Seconds()
	after, err := busySeconds()
	if err != nil {
		return 0, 0, err
	}
	cpu := func(u *unix.Rusage) float64 {
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	return max(after-before-(cpu(&own[1])-cpu(&own[0])), 0), elapsed, nil
}

// busySeconds is what all processors have done since the machine started (proc(5),
// stat): in hundredths, so it is good for runs of some tenths of a second.
func busySeconds() (float64, error) {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(data), "\n")
	total := 0.0
	for i, f := range strings.Fields(line) {
		if i == 0 || i == 4 || i == 5 || i > 8 { // the name, idle, iowait; guests are in user
			continue
		}
		v, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return 0, fmt.Errorf("/proc/stat: %w", err)
		}
		total += v / 100
	}
	return total, nil
}

// DecodeArg is the argument with which the driver starts itself to decode: a socket
// follows.
const DecodeArg = "decode-vnc"

// Decode connects with a socket and decodes what comes until it ends, on one
// processor: the rows compare decoders, and what threads wake each other for isn't
// decoding.
func Decode(socket string) error {
	runtime.GOMAXPROCS(1)
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	c, err := rfb.Connect(context.Background(), conn, rfb.Options{Workers: -1})
	if err != nil {
		return err
	}
	err = c.Run(rfb.Handler{Resize: func(d rfb.Desktop) rfb.Framebuffer { return rfb.NewFramebuffer(d.Size) }})
	return fmt.Errorf("decode: %w", err) // the driver ends it
}

// record draws all scenes for TigerVNC's server and keeps what it sends.
func (l *Launcher) record(e Effort) ([]*capture, error) {
	list, err := scenes()
	if err != nil {
		return nil, err
	}
	m := &vnc{}
	if m.dir, err = os.MkdirTemp(l.base, "record-"); err != nil {
		return nil, err
	}
	if err := giveAway(m.dir); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	d, err := m.drawn11("Xtigervnc", "-ac", "-SecurityTypes", "None", "-rfbport", port, "-localhost", "-geometry", geometry(sceneSize.W, sceneSize.H), "-depth", "24", "-noreset")
	if err != nil {
		return nil, errors.Join(err, m.end())
	}
	d.address = net.JoinHostPort("127.0.0.1", port)
	if err := listens(d.address); err != nil {
		return nil, errors.Join(err, d.close())
	}
	var out []*capture
	for _, s := range list {
		steps := max(2, 2*e.Frames/max(s.share, 2))
		if s.name == "spin" { // so small that it takes more to see something
			steps *= 20
		}
		for _, enc := range remoteEncodings {
			if s.name == "spin" {
				break // what it costs to show is far more than to decode
			}
			k := &capture{key: "decode." + s.name + "." + strings.ToLower(enc.String())}
			if err := k.record(d, s, enc, 0, steps); err != nil {
				return nil, errors.Join(fmt.Errorf("%s: %w", k.key, err), d.close())
			}
			out = append(out, k)
		}
		if s.name == "video" || s.name == "spin" {
			k := &capture{key: "decode." + s.name + ".two", lossy: true}
			if err := k.record(d, s, rfb.Tight, 9, steps); err != nil {
				return nil, errors.Join(fmt.Errorf("%s: %w", k.key, err), d.close())
			}
			out = append(out, k)
		}
	}
	return out, d.close()
}

// ownClient is the CPU that our client needs for a tape.
func (l *Launcher) ownClient(tape []byte) (spent, error) {
	return l.replay(tape, func(m *vnc, socket string) error {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		program := filepath.Join(l.base, filepath.Base(self))
		if _, err := os.Stat(program); err != nil {
			if program, err = l.Stage(self); err != nil {
				return err
			}
		}
		return m.start(program, nil, DecodeArg, socket)
	})
}

// peerClient is the CPU that tigervnc-viewer needs.
func (l *Launcher) peerClient(tape []byte) (spent, error) {
	return l.replay(tape, func(m *vnc, socket string) error {
		name, err := m.display(sceneSize.W, sceneSize.H)
		if err != nil {
			return err
		}
		return m.start(vncPrograms[1], nil, "-display", name, "-RemoteResize=0", "-AutoSelect=0", "-FullColor=1", socket)
	})
}

// replay starts a client and plays a tape to it.
func (l *Launcher) replay(tape []byte, start func(m *vnc, socket string) error) (cpu spent, err error) {
	m := &vnc{}
	if m.dir, err = os.MkdirTemp(l.base, "replay-"); err != nil {
		return 0, err
	}
	if err := giveAway(m.dir); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, m.end()) }()
	socket := filepath.Join(m.dir, "s"+strconv.Itoa(len(tape)))
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return 0, err
	}
	defer ln.Close() // nothing is lost
	if err := errors.Join(os.Chmod(socket, 0o777), start(m, socket)); err != nil {
		return 0, err
	}
	if err := ln.SetDeadline(soon()); err != nil {
		return 0, err
	}
	conn, err := ln.Accept()
	if err != nil {
		return 0, err
	}
	p := &player{conn: conn}
	defer conn.Close() // the client is ended with it
	if err := p.begin(); err != nil {
		return 0, err
	}
	client := Process{m.programs[len(m.programs)-1].Process.Pid}
	return spentBy([]spender{client}, func() error { return p.play(tape) })
}

// keep remembers what a client was sent.
func (k *capture) keep(damage *geom.Region) {
	k.rects = append(k.rects, damage.Rects()...)
	k.rects = append(k.rects, geom.Rect{}) // the update's end
}

// record shows a scene to a client and keeps what came.
func (k *capture) record(d *display, s *scene, enc rfb.Encoding, quality, steps int) error {
	conn, err := net.Dial("tcp", d.address)
	if err != nil {
		return err
	}
	t := &taped{Conn: conn}
	w := &watcher{seen: make(chan struct{}, 1), ended: make(chan error, 1), near: k.lossy}
	ctx, cancel := context.WithTimeout(context.Background(), rawclient.Timeout)
	defer cancel()
	if w.c, err = rfb.Connect(ctx, t, rfb.Options{Encodings: []rfb.Encoding{enc, rfb.CopyRect}, Quality: quality, Workers: -1}); err != nil {
		return err
	}
	t.begin()
	go func() {
		w.ended <- w.c.Run(rfb.Handler{
			Resize: func(d rfb.Desktop) rfb.Framebuffer { w.fb = rfb.NewFramebuffer(d.Size); return w.fb },
			Frame:  func(damage *geom.Region) { k.keep(damage); w.look() },
		})
	}()
	for n := range steps {
		if err := d.step(s, w, n); err != nil {
			return errors.Join(err, w.close())
		}
	}
	err = w.close()
	k.tape = t.tape
	return err
}
