package guest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

// system is a guest that is up.
type system struct {
	kind     string // "micro" or "desktop"
	log      io.Writer
	launcher *launcher // nil where there is no desktop
	server   *agent.Server

	mu    sync.Mutex
	ready []string

	ending sync.Once
	ended  chan struct{} // closed when the guest is to power off
}

// Run is the whole of rayos-agent. It returns when the guest ends, or at once
// when it can't begin.
func Run() error {
	if os.Getpid() != 1 {
		return errors.New("rayos-agent is the first process of a guest; start the guest with it as init")
	}
	s := &system{log: os.Stderr, ended: make(chan struct{})}
	err := s.boot()
	if err == nil {
		err = s.serve()
	}
	if err != nil {
		s.say("rayos-agent: %v", err)
	}
	return errors.Join(err, powerOff())
}

func (s *system) say(format string, args ...any) { fmt.Fprintf(s.log, format+"\n", args...) }

// boot makes a system out of a kernel.
func (s *system) boot() error {
	if err := mountAll("/"); err != nil {
		return err
	}
	console, err := os.OpenFile("/dev/console", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	s.log = console
	if err := loadModules("/modules", s.say); err != nil {
		return err
	}
	words, err := readCmdline()
	if err != nil {
		return err
	}
	s.kind = "micro"
	if kind := words["rayos.system"]; kind != "" {
		s.kind = kind
	}
	go s.reap()
	return nil
}

// serve answers until the guest is to end.
func (s *system) serve() error {
	go s.listen()
	for _, path := range []string{"/dev/ttyS0", "/dev/tty1"} {
		tty, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			continue // this machine has none
		}
		// What is said on the screen is on the log too, where tests read it.
		out := io.Writer(tty)
		if path != "/dev/ttyS0" {
			out = io.MultiWriter(tty, s.log)
		}
		fmt.Fprint(out, "RAYOS_LINUX_AGENT_READY\n")
		go func() {
			s.say("console %s: %v", path, s.console(tty, out))
		}()
	}
	if s.kind == "micro" {
		s.disk()
		go s.watchInput()
	}
	s.become(agent.ReadyAgent, "")
	<-s.ended
	return nil
}

// end begins the shutdown. The answer that promises it is given first.
func (s *system) end() {
	s.ending.Do(func() { time.AfterFunc(100*time.Millisecond, func() { close(s.ended) }) })
}

// become tells the host that something is ready.
func (s *system) become(what, detail string) {
	s.mu.Lock()
	s.ready = append(s.ready, what)
	server := s.server
	s.mu.Unlock()
	if server != nil {
		// A host that isn't there asks by hello when it comes.
		_ = server.Tell(agent.EvReady, agent.Ready{What: what, Detail: detail})
	}
}

// reap takes the ends of processes whose parents are gone.
func (s *system) reap() {
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, unix.SIGCHLD)
	for range sig {
		for {
			var status unix.WaitStatus
			pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil)
			if pid <= 0 || err != nil {
				break
			}
			if s.launcher != nil {
				s.launcher.exited(pid, status)
			}
		}
	}
}
