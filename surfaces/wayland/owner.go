package wayland

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/procstat"
	"rayos/surfaces"
)

// ownerOf asks the kernel who is at the other end of a socket. A client that
// it can't tell is unknown, never trusted.
func ownerOf(fd int) surfaces.Owner {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil || cred.Pid <= 0 {
		return surfaces.Owner{Trust: surfaces.TrustUnknown, Label: "unknown"}
	}
	o := surfaces.Owner{PID: cred.Pid, UID: cred.Uid, GID: cred.Gid, Trust: surfaces.TrustSession}
	if st, err := procstat.Read(int(cred.Pid)); err == nil { // else it has just ended
		o.Start = st.Start
	}
	if uid := os.Getuid(); int(cred.Uid) != uid && uid != 0 {
		o.Trust = surfaces.TrustUnknown
	}
	if o.Label = programName(cred.Pid); o.Label == "" {
		o.Label = "pid " + strconv.Itoa(int(cred.Pid))
	}
	return o
}

// programName returns what the kernel calls a process, or "". It is asked for
// every client, so the file is read without the runtime's poller.
func programName(pid int32) string {
	fd, err := unix.Open("/proc/"+strconv.Itoa(int(pid))+"/comm", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return ""
	}
	defer unix.Close(fd)
	var name [64]byte // the kernel's are shorter than 16
	n, err := unix.Read(fd, name[:])
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(name[:n]))
}
