package guest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

// system is a guest that is up.
type system struct {
	kind     string // "micro" or "desktop"
	log      io.Writer
	output   *os.File  // of programs
	launcher *launcher // nil where there is no desktop
	desktop  *desktop  // likewise

	shares    []string // tags of the host's folders that are mounted
	processes *processes
	drawing   atomic.Bool // a moving picture
	playing   atomic.Bool // a tone
	inputs    presses

	mu     sync.Mutex
	server *agent.Server // nil until the host can be talked to
	ready  []string
	failed string // why the system will never be up

	ending sync.Once
	ended  chan struct{} // closed when the guest is to power off
}

// Run is the whole of rayos-agent. It returns when the guest ends, or at once
// when it can't begin.
func Run() error {
	if os.Getpid() != 1 {
		return errors.New("rayos-agent is the first process of a guest; start the guest with it as init")
	}
	s := &system{log: os.Stderr, processes: newProcesses(), ended: make(chan struct{})}
	err := s.boot()
	if err == nil {
		err = s.serve()
	}
	if err != nil {
		s.say("rayos-agent: %v", err)
		s.confess()
	}
	return errors.Join(err, powerOff())
}

// confessWithin is how long a host gets to ask what is wrong.
const confessWithin = 10 * time.Second

// confess tells the host why the system isn't up. To hear it is to end it.
func (s *system) confess() {
	s.mu.Lock()
	if s.failed == "" {
		s.failed = "init_failed"
	}
	listens := s.server != nil
	s.mu.Unlock()
	if !listens {
		go s.listen()
	}
	select {
	case <-s.ended:
	case <-time.After(confessWithin):
	}
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
	s.log, s.output = console, console
	words, err := readCmdline()
	if err != nil {
		return err
	}
	s.kind = "micro"
	if kind := words["rayos.system"]; kind != "" {
		s.kind = kind
	}
	var events *uevents
	if s.kind == "desktop" {
		s.say("RAYOS_LINUX_DESKTOP_INIT_START")
		// Before the modules, so that no device comes unseen.
		if events, err = openUevents(); err != nil {
			return err
		}
	}
	if err := loadModules("/modules", s.say); err != nil {
		return err
	}
	if err := s.startSound(); err != nil { // the system is of use without
		s.say("RAYOS_LINUX_SOUND_ERR %v", err)
	}
	if s.kind == "desktop" {
		s.say("RAYOS_LINUX_DESKTOP_MODLOOP_OK")
		if err := s.bootDesktop(events); err != nil {
			return err
		}
	}
	s.mountShares("/sys", sharesAt)
	go s.processes.reap(func(pid int, status unix.WaitStatus) {
		if s.launcher != nil {
			s.launcher.exited(pid, status)
		}
	})
	return nil
}

// serve answers until the guest is to end.
func (s *system) serve() error {
	go s.listen()
	consoles := []string{"/dev/ttyS0"}
	if s.desktop == nil { // else the screen is the compositor's
		consoles = append(consoles, "/dev/tty1")
	}
	for _, path := range consoles {
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
	if s.desktop != nil {
		if err := s.desktop.serve(); err != nil {
			return err
		}
	}
	<-s.ended
	if s.desktop != nil {
		s.processes.end()
	}
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
	s.mu.Unlock()
	s.tell(agent.EvReady, agent.Ready{What: what, Detail: detail})
}

// unbecome takes note that something isn't ready any more.
func (s *system) unbecome(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = slices.DeleteFunc(s.ready, func(r string) bool { return r == what })
}

// tell tells the host of an event. A host that isn't there asks by hello when
// it comes.
func (s *system) tell(event string, body any) {
	s.mu.Lock()
	server := s.server
	s.mu.Unlock()
	if server != nil {
		_ = server.Tell(event, body)
	}
}
