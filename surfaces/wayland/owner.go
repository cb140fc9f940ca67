package wayland

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"

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
	if int(cred.Uid) != os.Getuid() && os.Getuid() != 0 {
		o.Trust = surfaces.TrustUnknown
	}
	comm, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", cred.Pid))
	if err != nil {
		o.Label = fmt.Sprintf("pid %d", cred.Pid)
		return o
	}
	o.Label = strings.TrimSpace(string(comm))
	return o
}
