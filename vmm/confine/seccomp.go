package confine

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Where the filter finds what it looks at (struct seccomp_data): the low half
// of an argument, as this is for little-endian machines.
const (
	numberAt = 0
	archAt   = 4
)

func argumentAt(i int) uint32 { return uint32(16 + 8*i) }

// Verdicts.
const (
	allowed = unix.SECCOMP_RET_ALLOW
	refused = unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)
	// unknown is what a kernel without the call says: who asks does without it.
	unknown = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	killed  = unix.SECCOMP_RET_KILL_PROCESS
)

// program is a filter in classic BPF. Jumps are of conditions alone and go
// forward over so many instructions.
type program []unix.SockFilter

func (p *program) load(at uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at})
}

// jump goes on behind skip instructions.
func (p *program) jump(skip int) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(skip)})
}

func (p *program) ret(verdict uint32) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: verdict})
}

// equals goes on if the loaded value is v, else behind skip instructions.
func (p *program) equals(v uint32, skip int) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: uint8(skip), K: v})
}

// differs goes on if the loaded value isn't v, else behind skip instructions.
func (p *program) differs(v uint32, skip int) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: uint8(skip), K: v})
}

// has goes on if the loaded value has one of bits, else behind skip
// instructions.
func (p *program) has(bits uint32, skip int) {
	*p = append(*p, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, Jf: uint8(skip), K: bits})
}

// call gives the verdict on a system call: its arguments are looked at by
// check, whose last instruction is a verdict.
func (p *program) call(number uint32, check program) {
	p.equals(number, len(check))
	*p = append(*p, check...)
}

// only is a check that lets an argument have one of values.
func only(argument int, values ...uint32) (check program) {
	check.load(argumentAt(argument))
	for _, v := range values {
		check.equals(v, 1)
		check.ret(allowed)
	}
	check.ret(refused)
	return check
}

// namespaces are the flags of clone that leave a namespace.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER |
	unix.CLONE_NEWPID | unix.CLONE_NEWNET

// clone makes threads, and processes where rules allow that.
func clone(spawn bool) (check program) {
	check.load(argumentAt(0))
	check.has(namespaces, 1)
	check.ret(refused)
	if !spawn {
		check.has(unix.CLONE_THREAD, 1)
		check.ret(allowed)
		check.ret(refused)
		return check
	}
	check.ret(allowed)
	return check
}

// control leaves out what puts words into the mouth of who sits at a terminal.
func control() (check program) {
	check.load(argumentAt(1))
	for _, request := range []uint32{unix.TIOCSTI, unix.TIOCLINUX} {
		check.equals(request, 1)
		check.ret(refused)
	}
	check.ret(allowed)
	return check
}

// families are the kinds of sockets that rules allow.
func families(r *Rules) (list []uint32) {
	if r.Local {
		list = append(list, unix.AF_UNIX)
	}
	if r.Network {
		list = append(list, unix.AF_INET, unix.AF_INET6)
	}
	return list
}

// socketKind are the bits of socket's second argument that aren't flags.
const socketKind = 0xf

// sockets are those that rules allow. Where ports are to be held, on the Internet
// those of TCP alone and, with datagrams, of UDP: others, as multipath TCP and
// SCTP, Landlock doesn't know.
func sockets(r *Rules) (check program) {
	if !r.Network || len(r.Ports) == 0 {
		return only(0, families(r)...)
	}
	check.load(argumentAt(0))
	if r.Local {
		check.equals(unix.AF_UNIX, 1)
		check.ret(allowed)
	}
	check.equals(unix.AF_INET, 1) // on to the kind
	check.jump(3)
	check.equals(unix.AF_INET6, 1)
	check.jump(1)
	check.ret(refused)
	check.load(argumentAt(1))
	check = append(check, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: socketKind})
	if udp := only(2, 0, unix.IPPROTO_UDP); r.Datagrams {
		check.equals(unix.SOCK_DGRAM, len(udp))
		check = append(check, udp...)
	}
	tcp := only(2, 0, unix.IPPROTO_TCP)
	check.equals(unix.SOCK_STREAM, len(tcp))
	check = append(check, tcp...)
	check.ret(refused)
	return check
}

// filter is the program of rules.
func filter(r *Rules) program {
	var p program
	p.load(archAt)
	p.differs(auditArch, 1)
	p.ret(killed) // the numbers of another machine mean other calls
	p.load(numberAt)
	for _, n := range numbers(r) {
		p.equals(n, 1)
		p.ret(allowed)
	}
	p.call(unix.SYS_CLONE, clone(r.Spawn))
	p.call(unix.SYS_IOCTL, control())
	p.call(unix.SYS_SOCKET, sockets(r))
	// Its flags lie in memory, where a filter can't look; all fall back on clone.
	p.equals(unix.SYS_CLONE3, 1)
	p.ret(unknown)
	p.ret(refused)
	return p
}

// numbers are the system calls that need no look at their arguments.
func numbers(r *Rules) (list []uint32) {
	list = append(list, common...)
	list = append(list, commonArch...)
	if r.Local || r.Network {
		list = append(list, unix.SYS_CONNECT, unix.SYS_BIND)
	}
	if r.Owners {
		list = append(list, owners...)
	}
	if r.Spawn {
		list = append(list, spawning...)
		list = append(list, spawningArch...)
	}
	return list
}

func seccompWorks() bool {
	action := uint32(unix.SECCOMP_RET_ERRNO)
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	return errno == 0
}

// install puts a filter on the calling thread. It needs no_new_privs.
func install(p program) error {
	if len(p) > 4096 {
		return errors.New("the filter is too long")
	}
	prog := unix.SockFprog{Len: uint16(len(p)), Filter: &p[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return errno
	}
	return nil
}
