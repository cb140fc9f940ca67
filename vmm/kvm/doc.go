// Package kvm finds out whether the kernel's virtual machines can run an
// ordinary operating system.
//
// That /dev/kvm can be opened doesn't say so: there are hosts, themselves
// virtual, whose KVM runs programs of a guest on the processor but its kernel
// by an emulator that knows only some instructions. [Probe] therefore runs two
// guests of a few bytes, one in real mode, where machines begin, and one as a
// 64-bit kernel would, with instructions that no stock kernel does without. It
// takes some milliseconds.
//
//	if v := kvm.Probe("/dev/kvm"); !v.Usable {
//		log.Print("software emulation: ", v.Reason)
//	}
package kvm
