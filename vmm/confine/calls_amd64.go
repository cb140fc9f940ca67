package confine

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_X86_64

// commonArch are older forms of common calls, and those of this machine.
var commonArch = []uint32{
	unix.SYS_OPEN, unix.SYS_CREAT, unix.SYS_STAT, unix.SYS_LSTAT, unix.SYS_NEWFSTATAT, unix.SYS_ACCESS, unix.SYS_READLINK,
	unix.SYS_MKDIR, unix.SYS_RMDIR, unix.SYS_UNLINK, unix.SYS_RENAME, unix.SYS_RENAMEAT, unix.SYS_LINK, unix.SYS_SYMLINK, unix.SYS_CHMOD,
	unix.SYS_PIPE, unix.SYS_DUP2, unix.SYS_GETDENTS, unix.SYS_EVENTFD, unix.SYS_POLL, unix.SYS_SELECT, unix.SYS_PAUSE, unix.SYS_ALARM,
	unix.SYS_EPOLL_CREATE, unix.SYS_EPOLL_WAIT, unix.SYS_TIME, unix.SYS_GETPGRP, unix.SYS_GETRLIMIT, unix.SYS_SETRLIMIT, unix.SYS_ARCH_PRCTL,
}

var spawningArch = []uint32{unix.SYS_FORK, unix.SYS_VFORK}
