package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
)

// systemFiles are what programs of the machine read to begin: libraries, fonts,
// icons, time zones. None of it is a person's.
var systemFiles = []string{
	"/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/fonts", "/usr/share/X11", "/usr/share/icons", "/usr/share/mime",
	"/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/fonts", "/etc/localtime",
}

// networkFiles are for those who look up names and check certificates.
var networkFiles = []string{"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/ssl/certs", "/usr/share/ca-certificates"}

var devices = []string{"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}

// Main is the helper; args[0] is the number of its first own descriptor, behind
// those of the app. It becomes the app, and returns only when it can't: what to
// leave the process with.
func Main(args []string, stderr io.Writer) int {
	// Namespaces and what is given up are the thread's.
	runtime.LockOSThread()
	first := 0
	if len(args) == 1 {
		first, _ = strconv.Atoi(args[0]) // 0 is answered below
	}
	if first < 3 || first > 3+maxInherit {
		fmt.Fprintln(stderr, "rayos-sandbox runs an app confined; the session starts it")
		return 2
	}
	in, status := os.NewFile(uintptr(first), "plan"), os.NewFile(uintptr(first)+1, "status")
	unix.CloseOnExec(first + 1)
	var p plan
	err := json.NewDecoder(in).Decode(&p)
	err = errors.Join(err, in.Close())
	said := Status{Has: append([]string{}, p.Has...), Lacks: p.Lacks}
	if err == nil {
		err = p.Spec.check()
	}
	if err == nil {
		for fd := 3; fd < first; fd++ {
			p.keep = append(p.keep, fd)
		}
		err = p.run(&said, status)
	}
	said.Error = err.Error()
	if err := json.NewEncoder(status).Encode(said); err != nil {
		fmt.Fprintln(stderr, "rayos-sandbox:", said.Error)
	}
	return 1
}

// run confines the process and becomes the app; it returns only with an error.
func (p *plan) run(said *Status, status *os.File) error {
	rules, err := p.rules()
	if err != nil {
		return err
	}
	if p.Namespaces {
		said.Has = append(said.Has, "user, process and IPC namespaces")
		if !p.Network {
			said.Has = append(said.Has, "network namespace")
		}
		if err := p.root(&rules); err != nil {
			said.Lacks = append(said.Lacks, "mount namespace: "+err.Error())
		} else {
			said.Has = append(said.Has, "mount namespace")
		}
	}
	if err := dropCapabilities(); err != nil {
		return fmt.Errorf("capabilities: %w", err)
	}
	support := confine.Detect()
	if len(p.Ports) > 0 && support.Landlock < confine.LandlockPorts {
		said.Lacks = append(said.Lacks, fmt.Sprintf("ports of the network: landlock %d is needed", confine.LandlockPorts))
	}
	if len(p.Ports) > 0 && p.Lookups {
		said.Lacks = append(said.Lacks, "network: names are looked up by UDP, which can't be held to ports")
	}
	if support.Landlock > 0 {
		said.Has = append(said.Has, fmt.Sprintf("landlock %d", support.Landlock))
	}
	if support.Landlock < 3 {
		said.Lacks = append(said.Lacks, "landlock 3: the kernel has "+fmt.Sprint(support.Landlock))
	}
	if support.Seccomp {
		said.Has = append(said.Has, "seccomp")
	} else {
		said.Lacks = append(said.Lacks, "seccomp: the kernel has none")
	}
	if support.Landlock == 0 && !slices.Contains(said.Has, "mount namespace") {
		return errors.New("neither Landlock nor a mount namespace can protect files here")
	}
	if err := p.limit(); err != nil {
		return err
	}
	// Said before the last step: a failure of it overrides this.
	if err := json.NewEncoder(status).Encode(said); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	if err := os.Chdir(p.Home); err != nil {
		return err
	}
	return confine.Exec(&rules, p.argv(), p.environ(), p.keep)
}

// argv is the program that the kernel runs, and its arguments.
func (p *plan) argv() []string {
	return append(append(slices.Clone(p.Runner), p.Program), p.Args...)
}

// rules are what the app may do to files and by system calls.
func (p *plan) rules() (confine.Rules, error) {
	programs, err := confine.Programs(p.argv()[0])
	if err != nil {
		return confine.Rules{}, err
	}
	r := confine.Rules{
		Read: append(slices.Clone(systemFiles), p.Dir), Run: programs, Write: []string{p.Home}, Devices: devices,
		Network: p.Network, Ports: p.Ports, Datagrams: p.Lookups || len(p.Ports) == 0, Files: p.Files,
	}
	if p.Lookups && len(p.Ports) > 0 {
		r.Ports = append(slices.Clone(p.Ports), domain)
	}
	if len(p.Runner) > 0 {
		r.Read = append(r.Read, p.Runner[0])
	}
	if p.Network {
		r.Read = append(r.Read, networkFiles...)
	}
	return r, nil
}

// environ is the app's: what it keeps goes to its home.
func (p *plan) environ() []string {
	h := p.Home
	return append(slices.Clone(p.Env), "HOME="+h, "TMPDIR="+filepath.Join(h, "tmp"), "XDG_CONFIG_HOME="+filepath.Join(h, "config"),
		"XDG_DATA_HOME="+filepath.Join(h, "data"), "XDG_STATE_HOME="+filepath.Join(h, "state"), "XDG_CACHE_HOME="+filepath.Join(h, "cache"))
}

// domain is the port of name servers.
const domain = 53

// limit bounds memory and, where they are counted for the app alone, tasks. What
// is mapped and shared, as pictures of windows are, isn't counted.
func (p *plan) limit() error {
	if err := os.MkdirAll(filepath.Join(p.Home, "tmp"), 0o700); err != nil {
		return err
	}
	if p.Tasks > 0 && p.Namespaces {
		n := uint64(p.Tasks)
		if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: n, Max: n}); err != nil {
			return fmt.Errorf("tasks: %w", err)
		}
	}
	if p.MemoryMiB == 0 {
		return nil
	}
	n := uint64(p.MemoryMiB) << 20
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: n, Max: n}); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}
