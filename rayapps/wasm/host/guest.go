package host

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"

	"rayos/rayapps/wasm/abi"
)

// Limits of a guest.
const (
	// MaxModule bounds a module, in bytes.
	MaxModule = 64 << 20
	// Deadline is how long a guest may take until it waits again.
	Deadline = 2 * time.Second
	// startDeadline is the same from its first instruction: runtimes have to begin.
	startDeadline = 20 * time.Second
	// maxOutput bounds what a guest writes in its life, in bytes.
	maxOutput = 1 << 20
	pageSize  = 64 << 10
)

// Errors of a guest.
var (
	ErrDeadline = errors.New("the app did not answer in time")
	ErrMemory   = errors.New("the app named memory that it doesn't have")
)

// Options says how a guest runs.
type Options struct {
	// MemoryMiB bounds its memory; 0 is 256.
	MemoryMiB int
	// Cache is a folder for machine code that only this app's host writes to; "" is
	// none.
	Cache string
	// Deadline is 0 for the usual one.
	Deadline time.Duration
	// Output gets what it writes; nil is nobody.
	Output io.Writer
}

// Guest is a running module.
type Guest struct {
	opt     Options
	runtime wazero.Runtime
	module  wazero.CompiledModule
	queue   *queue
	ctx     context.Context
	cancel  context.CancelCauseFunc
	watch   *time.Timer
	told    func(abi.Message)
	done    chan struct{}
	err     error
}

// Compile makes machine code of a module, or takes it from the cache.
func Compile(module []byte, o Options) (*Guest, error) {
	if o.MemoryMiB <= 0 {
		o.MemoryMiB = 256
	}
	if o.Deadline <= 0 {
		o.Deadline = Deadline
	}
	if o.Output == nil {
		o.Output = io.Discard
	}
	o.Output = &bounded{w: o.Output, left: maxOutput}
	g := &Guest{opt: o, queue: newQueue(), done: make(chan struct{})}
	config := wazero.NewRuntimeConfig().WithCloseOnContextDone(true).
		WithMemoryLimitPages(uint32(o.MemoryMiB << 20 / pageSize)).WithDebugInfoEnabled(false)
	if o.Cache != "" {
		if err := os.MkdirAll(o.Cache, 0o700); err != nil {
			return nil, err
		}
		cache, err := wazero.NewCompilationCacheWithDir(o.Cache)
		if err != nil {
			return nil, fmt.Errorf("cache of machine code: %w", err)
		}
		config = config.WithCompilationCache(cache)
	}
	ctx := context.Background()
	g.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	fail := func(err error) (*Guest, error) { return nil, errors.Join(err, g.runtime.Close(ctx)) }
	if _, err := wasi_snapshot_preview1.Instantiate(ctx, g.runtime); err != nil {
		return fail(err)
	}
	_, err := g.runtime.NewHostModuleBuilder(abi.Module).
		NewFunctionBuilder().WithFunc(g.wait).Export("wait").
		NewFunctionBuilder().WithFunc(g.send).Export("send").
		Instantiate(ctx)
	if err != nil {
		return fail(err)
	}
	if g.module, err = g.runtime.CompileModule(ctx, module); err != nil {
		return fail(fmt.Errorf("not a module that runs here: %w", err))
	}
	return g, nil
}

// Start runs it on a goroutine of its own, on which told gets what it sends: whose
// bytes are the message's own. It is called once.
func (g *Guest) Start(told func(abi.Message)) {
	g.told = told
	g.ctx, g.cancel = context.WithCancelCause(context.Background())
	g.watch = time.AfterFunc(startDeadline, func() { g.cancel(ErrDeadline) })
	go func() {
		defer close(g.done)
		// No arguments, environment, files or sockets.
		config := wazero.NewModuleConfig().WithName("app").WithStdout(g.opt.Output).WithStderr(g.opt.Output).
			WithSysNanotime().WithSysWalltime().WithNanosleep(g.sleep).WithRandSource(rand.Reader)
		_, err := g.runtime.InstantiateModule(g.ctx, g.module, config)
		g.watch.Stop()
		g.err = g.cause(err)
	}()
}

// sleep is for a guest that sleeps otherwise than by waiting.
func (g *Guest) sleep(ns int64) {
	t := time.NewTimer(time.Duration(ns))
	defer t.Stop()
	select {
	case <-t.C:
	case <-g.ctx.Done():
	}
}

// cause tells why it has ended: nil if by itself and well.
func (g *Guest) cause(err error) error {
	if cause := context.Cause(g.ctx); cause != nil {
		return cause
	}
	var exit *sys.ExitError
	if errors.As(err, &exit) {
		if exit.ExitCode() == 0 {
			return nil
		}
		return fmt.Errorf("the app has ended with status %d", exit.ExitCode())
	}
	return err
}

// Send puts a message into the guest's queue. Any goroutine may call it.
func (g *Guest) Send(m abi.Message) { g.queue.put(m) }

// Done is closed when the guest has ended.
func (g *Guest) Done() <-chan struct{} { return g.done }

// Err returns why it has ended, after Done.
func (g *Guest) Err() error { return g.err }

// Kill ends the guest at once.
func (g *Guest) Kill(why error) {
	if g.cancel != nil {
		g.cancel(why)
	}
}

// Close ends the guest and frees what it has.
func (g *Guest) Close() error {
	if g.cancel != nil {
		g.cancel(errors.New("closed"))
		<-g.done
	}
	return g.runtime.Close(context.Background())
}

// wait is the guest's function. It runs on the guest's goroutine, as send.
func (g *Guest) wait(_ context.Context, mod api.Module, buffer, size uint32, timeout int64) int32 {
	g.watch.Stop()
	m, ok := g.queue.wait(time.Duration(timeout), g.ctx.Done())
	if g.ctx.Err() != nil {
		return 0 // it goes no further
	}
	g.watch.Reset(g.opt.Deadline)
	if !ok {
		return 0
	}
	data := abi.Append(nil, m)
	if uint64(len(data)) > uint64(size) || !mod.Memory().Write(buffer, data) {
		g.cancel(ErrMemory)
		return 0
	}
	return int32(len(data))
}

func (g *Guest) send(_ context.Context, mod api.Module, message, size uint32) {
	if g.ctx.Err() != nil {
		return
	}
	var err error
	var m abi.Message
	view, ok := mod.Memory().Read(message, size)
	switch {
	case !ok:
		err = ErrMemory
	case size > abi.MaxToHost:
		err = fmt.Errorf("%w: %d bytes", abi.ErrMessage, size)
	default:
		m, err = abi.ToHost(append([]byte(nil), view...))
	}
	if err != nil {
		g.cancel(err)
		return
	}
	g.told(m)
}

// bounded drops what is beyond left.
type bounded struct {
	mu   sync.Mutex
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(p), b.left)
	b.left -= n
	if n > 0 {
		if _, err := b.w.Write(p[:n]); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}
