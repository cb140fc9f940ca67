package host

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
	"rayos/vmm"
)

// tpm is a machine's TPM 2.0: swtpm, a process beside QEMU that ends with it.
type tpm struct {
	Program string
	State   string // folder
}

// tpmGrace is how long swtpm may take to end after its QEMU has.
const tpmGrace = 5 * time.Second

// startTPM starts the machine's TPM, if it has one. QEMU can connect to it from
// then on. Who calls it has the machine's lock.
func (h *Host) startTPM() (err error) {
	t := h.machine.TPMState
	if h.machine.TPM == "" {
		return nil
	}
	if strings.Contains(t.State, ",") {
		return fmt.Errorf("swtpm can't have a folder with a comma in its name: %s", t.State)
	}
	if err := h.endTPM(tpmGrace); err != nil {
		return err
	}
	if err := os.MkdirAll(t.State, 0o700); err != nil {
		return err
	}
	// It is given a socket that listens already: there is nothing to wait for,
	// and when it can't start QEMU's connection ends.
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: h.machine.TPM, Net: "unix"})
	if err != nil {
		return err
	}
	l.SetUnlinkOnClose(false)
	defer l.Close()
	socket, err := l.File()
	if err != nil {
		return err
	}
	defer socket.Close()
	// It holds both ends of what it says, as QEMU does: that neither breaks with
	// us nor grows.
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return err
	}
	said, stderr := os.NewFile(uintptr(pipe[0]), "swtpm"), os.NewFile(uintptr(pipe[1]), "swtpm")
	defer stderr.Close()
	cmd := exec.Command(t.Program, "socket", "--tpm2", "--terminate", "--tpmstate", "dir="+t.State+",mode=0600", "--ctrl", "type=unixio,fd=3")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	cmd.Dir = "/"
	cmd.Stderr = stderr
	cmd.ExtraFiles = []*os.File{socket, said}
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return errors.Join(err, said.Close())
	}
	p := vmm.Process{PID: cmd.Process.Pid, Host: os.Getpid()}
	// Before it is waited for, the number is nobody else's.
	p.Start, err = startTime(p.PID)
	if err == nil {
		p.BootID, err = bootID()
	}
	err = errors.Join(err, unix.SetNonblock(pipe[0], true), unix.SetNonblock(pipe[1], true))
	go h.watchTPM(cmd, said)
	if err == nil {
		err = writeJSON(h.tpmFile(), &p)
	}
	if err != nil {
		_ = cmd.Process.Kill() // it may have ended
		return fmt.Errorf("swtpm: %w", err)
	}
	return nil
}

// watchTPM logs what a TPM has said that has failed.
func (h *Host) watchTPM(cmd *exec.Cmd, said *os.File) {
	defer said.Close()
	err := cmd.Wait()
	if err == nil {
		return
	}
	text := make([]byte, tailSize)
	n, rerr := unix.Read(int(said.Fd()), text)
	if rerr != nil && rerr != unix.EAGAIN {
		err = errors.Join(err, rerr)
	}
	h.log.Error("swtpm", "err", err, "said", strings.TrimSpace(string(text[:max(n, 0)])))
}

// endTPM ends the TPM that an earlier run has left. One whose QEMU is gone ends
// by itself, within grace.
func (h *Host) endTPM(grace time.Duration) error {
	var p vmm.Process
	err := readJSON(h.tpmFile(), &p)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	boot, berr := bootID()
	if err := errors.Join(err, berr); err != nil {
		return fmt.Errorf("TPM: %w", err)
	}
	if p.BootID == boot && p.PID > 1 {
		if err := endProcess(p.PID, p.Start, grace); err != nil {
			return fmt.Errorf("TPM: %w", err)
		}
	}
	return errors.Join(removeIfThere(h.machine.TPM), removeIfThere(h.tpmFile()))
}

// endProcess waits until a process has ended, and kills it after grace.
func endProcess(pid int, start uint64, grace time.Duration) error {
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("process %d: %w", pid, err)
	}
	defer unix.Close(fd)
	if now, err := startTime(pid); err != nil || now != start {
		return nil // another has the number
	}
	if ended(fd, grace) {
		return nil
	}
	if err := unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("kill %d: %w", pid, err)
	}
	if !ended(fd, answerTime) {
		return fmt.Errorf("process %d doesn't end", pid)
	}
	return nil
}

// ended waits for the end of a pidfd's process.
func ended(fd int, within time.Duration) bool {
	for until := time.Now().Add(within); ; {
		left := max(time.Until(until), 0)
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left/time.Millisecond))
		if err != unix.EINTR {
			return n == 1
		}
	}
}

func (h *Host) tpmFile() string { return filepath.Join(h.dir.Run(), "tpm.json") }

// ownVars gives the machine firmware variables of its own, if it hasn't any:
// from then on they are its disk's lock, and never made anew.
func (h *Host) ownVars() error {
	own := h.machine.FirmwareVars
	if own == "" {
		return nil
	}
	st, err := os.Stat(own)
	if err == nil && st.Size() == 0 {
		return fmt.Errorf("firmware variables: %s is empty", own)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.Open(h.machine.VarsTemplate)
	if err != nil {
		return fmt.Errorf("firmware variables: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxVars+1))
	if err == nil && len(data) > maxVars {
		err = errors.New(h.machine.VarsTemplate + ": larger than " + strconv.Itoa(maxVars) + " bytes")
	}
	if err == nil {
		err = atomicfile.Write(own, data)
	}
	if err != nil {
		return fmt.Errorf("firmware variables: %w", err)
	}
	return nil
}

// maxVars is the largest that firmware variables can be.
const maxVars = 8 << 20
