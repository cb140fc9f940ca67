package host

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/client"
	"rayos/vmm"
)

// Exit statuses of Main.
const (
	StatusFailed  = 1
	StatusUsage   = 2
	StatusRunning = 3 // another rayos-vm has the machine: speak with that one
)

const usage = `usage: rayos-vm [--root DIR] [--accel auto|tcg|kvm] [--qemu PROGRAM] [--start] [--show] ID

Rayos-vm runs the machine ID of the data folder (default: $RAYOS_DATA, or rayos
below $XDG_STATE_HOME) and serves its control socket. QEMU outlives it: run it
again to find the machine where it was.

  --start    start the machine, or resume it
  --dry-run  print QEMU's command line as a JSON array and start nothing
  --show     show it as a window of $WAYLAND_DISPLAY
  --accel    kvm runs the guest on the processor, tcg emulates one; auto tries
             which of them works here
`

// Main is the command rayos-vm. It returns the exit status.
func Main(args []string, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == launchFlag {
		return runLaunch(args[1], stderr)
	}
	err := command(args, stdout, stderr)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	}
	fmt.Fprintln(stderr, "rayos-vm:", err)
	var bad *usageError
	switch {
	case errors.As(err, &bad):
		fmt.Fprint(stderr, usage)
		return StatusUsage
	case errors.Is(err, ErrRunning):
		return StatusRunning
	}
	return StatusFailed
}

type usageError struct{ error }

func command(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("rayos-vm", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	rootDir := flags.String("root", "", "")
	accel := flags.String("accel", accelAuto, "")
	binary := flags.String("qemu", "qemu-system-x86_64", "")
	start := flags.Bool("start", false, "")
	dry := flags.Bool("dry-run", false, "")
	show := flags.Bool("show", false, "")
	before := flags.String(foundFlag[2:], "", "")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return &usageError{err}
	}
	if flags.NArg() != 1 {
		return &usageError{errors.New("want the id of one machine")}
	}
	id, err := vmm.ParseID(flags.Arg(0))
	if err != nil {
		return &usageError{err}
	}
	// The terminal's end is not the machine's.
	signal.Ignore(unix.SIGHUP)
	ctx, stop := signal.NotifyContext(context.Background(), unix.SIGINT, unix.SIGTERM)
	defer stop()
	root, err := dataRoot(*rootDir)
	if err != nil {
		return err
	}
	rec, err := vmm.ReadRecord(root, id)
	if err != nil {
		return err
	}
	policy, err := vmm.LoadPolicy(root.Policy())
	if err != nil {
		return err
	}
	var f found
	if *before == "" {
		f, err = explore(root, *accel)
	} else {
		f, err = decodeFound(*before)
	}
	if err != nil {
		return err
	}
	if err := f.Confined.enough(&policy); err != nil {
		return err
	}
	m, err := NewMachine(ctx, root, &rec, &policy, *binary, &f)
	if err != nil {
		return err
	}
	switch {
	case *dry:
		return json.NewEncoder(stdout).Encode(append([]string{m.Binary}, m.Arguments()...))
	case *before == "":
		return m.confined(root, root.VM(rec.Kind, rec.ID), &f, args)
	}
	// What lives is a picture's buffer and little else, and little is garbage:
	// a small heap costs next to nothing.
	debug.SetGCPercent(20)
	h, err := New(Options{Dir: root.VM(rec.Kind, rec.ID), Machine: m, Log: slog.New(slog.NewTextHandler(stderr, nil))})
	if err != nil {
		return err
	}
	if *start {
		h.Begin()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	switch {
	case *show:
		if err := h.showByHand(cancel); err != nil {
			return errors.Join(err, h.lock.Close())
		}
	default:
		h.server.idle = func() { h.jobs.put(func() { h.retire(cancel) }) }
	}
	fmt.Fprintf(stdout, "rayos-vm: %s at %s\n", id, h.dir.Socket("vm"))
	return h.Run(ctx)
}

func dataRoot(dir string) (vmm.Root, error) {
	if dir == "" {
		return vmm.DefaultRoot(os.Getenv)
	}
	return vmm.NewRoot(dir, os.Getenv("XDG_RUNTIME_DIR"))
}

// Begin starts the machine, or resumes it, when Run begins.
func (h *Host) Begin() {
	h.jobs.put(func() {
		a := h.operation(func(ctx context.Context) Answer {
			if h.now() == vmm.Suspended {
				return h.resume(ctx)
			}
			return h.start(ctx)
		})
		if !a.OK {
			h.log.Error("start", "err", a.Detail)
		}
	})
}

// showByHand shows the machine by the compositor of the environment. When the
// person closes the window, rayos-vm ends and the machine runs on.
func (h *Host) showByHand(cancel func()) error {
	conn, err := client.Connect("")
	if err != nil {
		return err
	}
	h.presenter.closed = cancel
	go func() {
		if err := h.presenter.open(conn); err != nil {
			h.log.Error("show", "err", err)
			cancel()
		}
	}()
	return nil
}

// retire ends a rayos-vm that nobody needs: without a machine that runs, is
// about to start, or a client.
func (h *Host) retire(cancel func()) {
	if h.link == nil && h.live == nil && !h.waiting && !h.server.busy() {
		cancel()
	}
}
