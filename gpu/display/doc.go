// Package display is the contract between the session and whatever shows its
// outputs and reads its input: headless memory, a window on a host Wayland
// compositor, a window on X11, later the kernel's KMS.
//
// A Display announces outputs to a Handler. The session draws into an output's
// framebuffer, commits it with its damage, and hears back when it was
// presented; it never draws more often than that. Everything happens on the
// loop goroutine.
package display
