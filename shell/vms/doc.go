// Package vms is the supervisor of the session: it keeps virtual machines
// living, hidden until they are shown.
//
// # Who does what
//
// A machine is run by its rayos-vm, a process of its own that outlives the
// session (package vmm/host). The supervisor starts that process, tells it what
// to do, gives it a Wayland connection, and writes down in the registry what it
// says of itself. The session (a [Desktop]) makes the windows that come by such
// a connection a machine's: the owner is what the registry says.
//
//	session loop ── Supervisor ── Machine ── goroutine ── vm.sock ── rayos-vm
//	      └───────── View ──────────┘
//
// # Goroutines
//
// The exported methods, and all callbacks, are of the session's loop. Whatever
// may take time (sockets, processes, the registry's disk) is done on goroutines
// of each machine, which only post to the loop: one that hangs holds up none of
// the others, nor the session.
//
// # Invariants
//
//   - Without a registry or policy that can be read no machine runs, and
//     nothing is written.
//   - Hiding, closing a window and the end of the session's process never end a
//     machine. Only shutdown and kill do.
//   - There is one rayos-vm for a machine (it holds a lock); who asks a second
//     time gets the first.
//   - Only a machine that is shown gets input.
//
// # Example
//
//	sup := vms.New(vms.Options{Root: root, Desktop: session, Binary: "/usr/bin/rayos-vm"})
//	sup.Start()
//	defer sup.Close()
//	sup.Do("linux-desktop-001", vms.Show, func(detail string, err error) { … })
package vms
