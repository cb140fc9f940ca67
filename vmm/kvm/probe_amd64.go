package kvm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Requests of KVM (Documentation/virt/kvm/api.rst of the kernel).
const (
	getAPIVersion       = 0xae00
	createVM            = 0xae01
	checkExtension      = 0xae03
	getVCPUMmapSize     = 0xae04
	createVCPU          = 0xae41
	runVCPU             = 0xae80
	getSupportedCPUID   = 0xc008ae05
	setUserMemoryRegion = 0x4020ae46
	setRegs             = 0x4090ae82
	getSregs            = 0x8138ae83
	setSregs            = 0x4138ae84
	setCPUID2           = 0x4008ae90
)

const apiVersion = 12

// wanted are the extensions that QEMU doesn't do without.
var wanted = []struct {
	number int
	name   string
}{
	{0, "irqchip"},
	{3, "user_memory"},
	{4, "set_tss_addr"},
	{7, "ext_cpuid"},
	{14, "mp_state"},
	{21, "destroy_memory_region_works"},
	{25, "irq_routing"},
	{30, "join_memory_regions_works"},
	{32, "irqfd"},
	{36, "ioeventfd"},
	{40, "internal_error_data"},
	{77, "signal_msi"},
}

// Probe runs two small guests and says whether a real one could run.
func Probe(device string) Verdict {
	// A vCPU is run by one thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := unix.Open(device, unix.O_RDWR|unix.O_CLOEXEC, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ENODEV), errors.Is(err, unix.ENXIO):
		return no("no " + device)
	case errors.Is(err, fs.ErrPermission):
		return no("no permission for " + device + ", which the group kvm gives")
	case err != nil:
		return no(fmt.Sprintf("%s: %v", device, err))
	}
	defer unix.Close(fd)
	if v, err := ioctl(fd, getAPIVersion, 0); err != nil || v != apiVersion {
		return no(fmt.Sprintf("%s speaks version %d, not %d", device, v, apiVersion))
	}
	for _, w := range wanted {
		if v, err := ioctl(fd, checkExtension, uintptr(w.number)); err != nil || v == 0 {
			return no("KVM lacks " + w.name)
		}
	}
	m, err := newMachine(fd)
	if err != nil {
		return no(err.Error())
	}
	defer m.close()
	if err := m.real(); err != nil {
		return Verdict{Ran: true, Reason: "real mode: " + err.Error()}
	}
	if err := m.long(); err != nil {
		return Verdict{Ran: true, Reason: "64-bit kernel code: " + err.Error()}
	}
	return Verdict{Ran: true, Usable: true, Reason: "guests run on the processor"}
}

// ioctl calls a request that takes a number.
func ioctl(fd int, request, arg uintptr) (int, error) {
	r, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), request, arg)
	if errno != 0 {
		return 0, errno
	}
	return int(r), nil
}

// machine is a VM with one vCPU and a little memory.
type machine struct {
	vm, vcpu int
	mem      []byte // guest-physical 0
	run      []byte // struct kvm_run
	reset    sregs
}

const memSize = 64 << 10

type segment struct {
	base                                          uint64
	limit                                         uint32
	selector                                      uint16
	typ, present, dpl, db, s, l, g, avl, unusable uint8
	_                                             uint8
}

type table struct {
	base  uint64
	limit uint16
	_     [3]uint16
}

type sregs struct {
	cs, ds, es, fs, gs, ss, tr, ldt     segment
	gdt, idt                            table
	cr0, cr2, cr3, cr4, cr8, efer, apic uint64
	interrupts                          [4]uint64
}

type regs struct {
	rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags uint64
}

type memoryRegion struct {
	slot, flags         uint32
	physical, size, mem uint64
}

const maxCPUID = 256

type cpuid struct {
	count, _ uint32
	entries  [maxCPUID][10]uint32
}

func newMachine(kvm int) (_ *machine, err error) {
	m := &machine{vm: -1, vcpu: -1}
	defer func() {
		if err != nil {
			m.close()
		}
	}()
	if m.vm, err = ioctl(kvm, createVM, 0); err != nil {
		return nil, fmt.Errorf("no virtual machine: %w", err)
	}
	if m.mem, err = unix.Mmap(-1, 0, memSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS); err != nil {
		return nil, fmt.Errorf("no memory: %w", err)
	}
	region := memoryRegion{size: memSize, mem: uint64(uintptr(unsafe.Pointer(&m.mem[0])))}
	if _, err = ioctl(m.vm, setUserMemoryRegion, uintptr(unsafe.Pointer(&region))); err != nil {
		return nil, fmt.Errorf("no memory for a guest: %w", err)
	}
	if m.vcpu, err = ioctl(m.vm, createVCPU, 0); err != nil {
		return nil, fmt.Errorf("no vCPU: %w", err)
	}
	size, err := ioctl(kvm, getVCPUMmapSize, 0)
	if err != nil || size < 64 || size > 1<<20 {
		return nil, fmt.Errorf("vCPU of %d bytes: %w", size, err)
	}
	if m.run, err = unix.Mmap(m.vcpu, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return nil, fmt.Errorf("no vCPU: %w", err)
	}
	id := &cpuid{count: maxCPUID}
	if _, err = ioctl(kvm, getSupportedCPUID, uintptr(unsafe.Pointer(id))); err == nil {
		_, err = ioctl(m.vcpu, setCPUID2, uintptr(unsafe.Pointer(id)))
	}
	if err != nil {
		return nil, fmt.Errorf("processor features: %w", err)
	}
	if _, err = ioctl(m.vcpu, getSregs, uintptr(unsafe.Pointer(&m.reset))); err != nil {
		return nil, fmt.Errorf("vCPU: %w", err)
	}
	return m, nil
}

func (m *machine) close() {
	if m.run != nil {
		_ = unix.Munmap(m.run) // of a VM that nobody needs any more
	}
	if m.vcpu >= 0 {
		_ = unix.Close(m.vcpu)
	}
	if m.vm >= 0 {
		_ = unix.Close(m.vm)
	}
	if m.mem != nil {
		_ = unix.Munmap(m.mem)
	}
}

// Where things are in a guest's memory.
const (
	pageTables = 0x1000 // three pages
	gdtAt      = 0x4000
	idtAt      = 0x5000
	dataAt     = 0x6000
	stackAt    = 0x8000 // it grows down
	codeAt     = 0x9000
)

// start sets the registers of a guest that begins at codeAt.
func (m *machine) start(s *sregs) error {
	r := regs{rip: codeAt, rsp: stackAt, rdi: dataAt, rflags: 2}
	if _, err := ioctl(m.vcpu, setSregs, uintptr(unsafe.Pointer(s))); err != nil {
		return err
	}
	_, err := ioctl(m.vcpu, setRegs, uintptr(unsafe.Pointer(&r)))
	return err
}

// real runs code as a machine does after its reset.
func (m *machine) real() error {
	s := m.reset
	s.cs.base, s.cs.selector = 0, 0
	program := steps{{"out", nil}}
	copy(m.mem[codeAt:], program.code())
	if err := m.start(&s); err != nil {
		return err
	}
	return m.follow(program)
}

// long runs code in 64-bit mode with the rights of a kernel.
func (m *machine) long() error {
	le := binary.LittleEndian
	const present, writable, large = 1, 2, 1 << 7
	le.PutUint64(m.mem[pageTables:], pageTables+0x1000|present|writable)
	le.PutUint64(m.mem[pageTables+0x1000:], pageTables+0x2000|present|writable)
	le.PutUint64(m.mem[pageTables+0x2000:], present|writable|large)
	const code, data = 0x00209a0000000000, 0x0000920000000000
	le.PutUint64(m.mem[gdtAt+8:], code)
	le.PutUint64(m.mem[gdtAt+16:], data)
	// Breakpoints are answered: a kernel tests that when it starts.
	const handler = codeAt - 16
	copy(m.mem[handler:], []byte{0x48, 0xcf}) // iretq
	gate := m.mem[idtAt+3*16:]
	le.PutUint16(gate, handler)
	le.PutUint16(gate[2:], 8)
	gate[5] = 0x8e
	s := m.reset
	s.cs = segment{limit: 0xffffffff, selector: 8, typ: 11, present: 1, s: 1, l: 1, g: 1}
	s.ss = segment{limit: 0xffffffff, selector: 16, typ: 3, present: 1, db: 1, s: 1, g: 1}
	s.ds, s.es, s.fs, s.gs = s.ss, s.ss, s.ss, s.ss
	s.tr = segment{limit: 0xffff, typ: 11, present: 1}
	s.gdt, s.idt = table{base: gdtAt, limit: 3*8 - 1}, table{base: idtAt, limit: 4*16 - 1}
	const pe, mp, et, ne, wp, pg = 1, 1 << 1, 1 << 4, 1 << 5, 1 << 16, 1 << 31
	const pae, osfxsr, osxmmexcpt = 1 << 5, 1 << 9, 1 << 10
	const lme, lma = 1 << 8, 1 << 10
	s.cr0, s.cr3, s.cr4, s.efer = pe|mp|et|ne|wp|pg, pageTables, pae|osfxsr|osxmmexcpt, lme|lma
	program := kernelSteps()
	copy(m.mem[codeAt:], program.code())
	if err := m.start(&s); err != nil {
		return err
	}
	return m.follow(program)
}

// Exits of a vCPU, and where they are told in struct kvm_run.
const (
	exitIO            = 2
	exitHLT           = 5
	exitShutdown      = 8
	exitInternalError = 17

	immediateExitAt = 1
	reasonAt        = 8
	unionAt         = 32
	portAt          = unionAt + 2
	offsetAt        = unionAt + 8
)

// within is how long a guest of a few instructions may take. A machine that is
// busy is given time; one that can't run them says so at once, as a rule.
const within = 10 * time.Second

// follow runs the guest. Each step says its number at a port; the last one
// halts.
func (m *machine) follow(program steps) error {
	stop := m.watch(within)
	defer stop()
	le := binary.LittleEndian
	at := -1
	failed := func(format string, args ...any) error {
		name := "the first instruction"
		if at >= 0 {
			name = program[at].name
		}
		return fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...))
	}
	for {
		_, err := ioctl(m.vcpu, runVCPU, 0)
		switch {
		case errors.Is(err, unix.EINTR) && m.run[immediateExitAt] != 0:
			return failed("no end after %v", within)
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			continue
		case err != nil:
			return failed("%v", err)
		}
		switch reason := le.Uint32(m.run[reasonAt:]); reason {
		case exitIO:
			data := le.Uint64(m.run[offsetAt:])
			if le.Uint16(m.run[portAt:]) != port || data >= uint64(len(m.run)) || int(m.run[data]) != at+1 || at+1 >= len(program) {
				return failed("it goes astray")
			}
			at++
		case exitHLT:
			if at != len(program)-1 {
				return failed("it halts")
			}
			return nil
		case exitInternalError:
			return failed("KVM doesn't know it (internal error %d)", le.Uint32(m.run[unionAt:]))
		case exitShutdown:
			return failed("triple fault")
		default:
			return failed("exit %d", reason)
		}
	}
}

// watch makes the calling thread's vCPU return after d. Stop ends that.
func (m *machine) watch(d time.Duration) (stop func()) {
	pid, tid := unix.Getpid(), unix.Gettid()
	over := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-over:
			return
		case <-timer.C:
		}
		// The vCPU looks at the byte before it enters the guest; the signal, which
		// the runtime sends to its threads all the time, makes it leave.
		m.run[immediateExitAt] = 1
		_ = unix.Tgkill(pid, tid, unix.SIGURG) // the thread is ours and waits
	}()
	return func() {
		close(over)
		<-ended
	}
}
