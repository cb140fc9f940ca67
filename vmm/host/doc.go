// Package host is rayos-vm: the process that runs one machine and shows it.
//
// # Processes
//
//	supervisor ── vm.sock ── rayos-vm ── QMP, D-Bus, agent, serial ── QEMU
//	compositor ── Wayland ────┘
//
// QEMU is in a session of its own and outlives rayos-vm; rayos-vm outlives the
// compositor. Each finds the other again: QEMU by run/machine.json (pid, start
// time, boot, uuid) and what its monitor says; rayos-vm by its socket.
//
// # Invariants
//
//   - There is one rayos-vm and one QEMU for a machine. Each holds a lock on a
//     file in run/ as long as it lives: QEMU inherits its own.
//   - Before every cold boot state/generation counts on, on the disk. A saved
//     state is resumed only at the generation it was saved at, by the same
//     command line and the same QEMU, and once: state/saved.json says consumed
//     before the guest runs.
//   - What can't be resumed is kept under another name. No disk is ever
//     deleted or made.
//   - Nothing is committed to a window that isn't seen; of several pictures
//     the newest is shown.
//   - All keys and buttons that the guest was told of are up when the window
//     has lost the focus or isn't seen.
//   - Of the session's clipboard the guest hears while its window has the
//     keyboard; it gives the session something to paste at most once for each
//     thing that a person does there, and only what policy lets pass.
//
// # Goroutines
//
// Lifecycle operations run one after the other on the Host's own goroutine;
// input goes through one queue in order; a window belongs to the goroutine
// that dispatches its Wayland connection. Pictures pass from QEMU's to the
// window's goroutine through a screen, which has a lock.
//
// # Example
//
//	c, err := host.Dial(dir.Socket("vm"))
//	answer, err := c.Call(ctx, host.Request{Op: host.OpStart}, nil)
//	for ev := range c.Events() {
//		fmt.Println(ev.Event, ev.State, ev.Detail)
//	}
package host
