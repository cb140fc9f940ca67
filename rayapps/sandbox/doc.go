// Package sandbox runs an app so that it can do what it was granted and
// nothing else.
//
// A [Launcher] starts the helper rayos-sandbox in namespaces of its own (user,
// mount, process ids, network, IPC, as far as the kernel gives them out). The
// helper builds a file system of what the app needs: the libraries and fonts of
// the machine, its bundle, a few devices, all to be read, and a private home.
// Then it gives up every capability, limits memory and descriptors, confines
// itself by Landlock and seccomp (vmm/confine) and becomes the app. The app can
// make no socket and no process; it speaks by the descriptors that it gets,
// the compositor's among them.
//
// Kernels and administrators forbid parts of this. Each layer holds without the
// others: paths inside and outside are the same, so Landlock alone protects the
// same files. What is missing is told by [Status]; where neither mount
// namespaces nor Landlock can protect files the app isn't started.
//
//	l := sandbox.Launcher{Helper: "/usr/lib/rayos/rayos-sandbox"}
//	p, err := l.Start(&sandbox.Spec{Program: "/apps/org.example.Tally/bin/tally", Dir: "/apps/org.example.Tally", Home: home})
//	status := <-p.Confined // before its first instruction
//	err = p.Wait()
//
// Any goroutine may call; a Process belongs to nobody.
package sandbox
