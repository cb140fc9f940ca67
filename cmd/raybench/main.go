// Command raybench measures RayOS side by side with the compositors that are
// installed: weston, sway and cage, all headless and with their software
// renderers. docs/BENCHMARKS.md explains the rows.
//
//	raybench                     all rows, in about 22 minutes; writes build/bench.json
//	raybench --quick             a smoke run, below a minute
//	raybench --only sync,commit  some probes
//	raybench --soak 1h           open, resize and close windows for an hour
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"rayos/internal/bench"
)

func main() {
	// Compositors are to end with the thread that started them, so that one
	// must last as long as the process.
	runtime.LockOSThread()
	err := run(os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "raybench:", err)
		os.Exit(1)
	}
}

type options struct {
	rayos, peers, only, json string
	quick, long, markdown    bool
	soak                     time.Duration
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("raybench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.rayos, "rayos", "build/rayos-session", "session to measure; empty measures peers only")
	f.StringVar(&o.peers, "peers", "weston,sway,cage,vnc,hnswlib", "compositors to compare with, viewers of virtual machines, an index of vectors, where installed")
	f.StringVar(&o.only, "only", "", "probes to run, by prefixes with commas between (start,sync,commit,compose,damage,scanout,latency,panel,app,xwayland,capture,idle,footprint,leak,shell,guest,vnc,compute,conductor,volume)")
	f.StringVar(&o.json, "json", "build/bench.json", "file for the figures; empty writes none")
	f.BoolVar(&o.quick, "quick", false, "small samples: a smoke run")
	f.BoolVar(&o.long, "long", false, "large samples: 10,000 windows for the leak row, more rounds")
	f.BoolVar(&o.markdown, "markdown", false, "print the table as docs/BENCHMARKS.md has it")
	f.DurationVar(&o.soak, "soak", 0, "instead of the table, run scripted windows for this `time` of each compositor's clock; RayOS's runs 20 times as fast")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q (see raybench --help)", f.Arg(0))
	}
	if o.quick && o.long {
		return o, errors.New("--quick and --long exclude each other")
	}
	return o, nil
}

func run(args []string, stdout, stderr io.Writer) (err error) {
	if len(args) == 2 && args[0] == bench.DecodeArg { // started by the driver
		return bench.Decode(args[1])
	}
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	launcher, err := bench.NewLauncher()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, launcher.Close()) }()
	compositors, err := find(o, launcher)
	if err != nil {
		return err
	}
	if o.soak > 0 {
		return soak(ctx, launcher, compositors, o.soak, stdout)
	}
	effort := bench.Full
	if o.quick {
		effort = bench.Quick
	}
	if o.long {
		effort = bench.Long
	}
	r := bench.Runner{Launcher: launcher, Compositors: compositors, Effort: effort, Progress: stderr}
	if o.only != "" {
		r.Only = strings.Split(o.only, ",")
	}
	res, err := r.Run(ctx)
	if err != nil {
		return err
	}
	if err := report(res, o, stdout); err != nil {
		return err
	}
	return res.Failed()
}

// find returns RayOS, if it is wanted, and the wanted peers that are installed.
func find(o options, l *bench.Launcher) ([]bench.Compositor, error) {
	var found []bench.Compositor
	if o.rayos != "" {
		staged, err := l.Stage(o.rayos)
		if err != nil {
			return nil, fmt.Errorf("no session to measure: %w (build it with `make build`, or name another with --rayos)", err)
		}
		for _, name := range []string{"rayos-vm", "rayos-agent", "rayos-apps", "rayos-vnc"} { // beside it, if they are there
			if _, err := l.Stage(filepath.Join(filepath.Dir(o.rayos), name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
		}
		c, err := bench.Rayos(staged)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	peers, err := bench.Peers()
	if err != nil {
		return nil, err
	}
	wanted := strings.Split(o.peers, ",")
	for _, p := range peers {
		if slices.Contains(wanted, p.Name) {
			found = append(found, p)
		}
	}
	if viewer, ok, err := bench.VNC(); err != nil {
		return nil, err
	} else if ok && slices.Contains(wanted, viewer.Name) {
		found = append(found, viewer)
	}
	if library, ok, err := bench.Hnswlib(); err != nil {
		return nil, err
	} else if ok && o.soak == 0 && slices.Contains(wanted, library.Name) {
		found = append(found, library)
	}
	if len(found) == 0 {
		return nil, errors.New("nothing to measure: no session named and no peer installed")
	}
	return found, nil
}

func report(res *bench.Result, o options, stdout io.Writer) error {
	write := res.WriteTable
	if o.markdown {
		write = res.WriteMarkdown
	}
	if err := write(stdout); err != nil || o.json == "" {
		return err
	}
	text, err := json.MarshalIndent(res, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.json), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.json, append(text, '\n'), 0o644)
}

func soak(ctx context.Context, l *bench.Launcher, cs []bench.Compositor, length time.Duration, stdout io.Writer) error {
	for i := range cs {
		fmt.Fprintln(stdout, cs[i].Name, cs[i].Version)
		res, err := bench.Soak(ctx, l, &cs[i], length, stdout)
		if err != nil {
			return fmt.Errorf("soak %s: %w", cs[i].Name, err)
		}
		if err := res.Write(stdout); err != nil {
			return err
		}
		if err := res.Creeps(); err != nil && cs[i].Name == bench.RayOS {
			return err
		}
	}
	return nil
}
