// Package confine lets a process begin without the rights it doesn't need: a
// program that is taken over can then do little with what it has.
//
// [Exec] replaces the calling process, as execve does, by one that has
//
//   - the files that [Rules] name, by Landlock, and no others, not even by
//     another path or by a descriptor of a folder;
//   - the system calls on a list, by a seccomp filter: none that makes
//     namespaces, mounts, traces, loads programs into the kernel or goes round
//     the filter (io_uring), and sockets only as the rules say;
//   - no way to more rights by a set-user-id program (no_new_privs);
//   - no descriptors but standard input, output and error and those it is
//     given;
//   - no core dumps, and so many descriptors.
//
// What the process starts inherits all of it and can take away more. A process
// is confined from its first instruction on, with all its threads, which is why
// this replaces it instead of changing the running one.
//
// Kernels differ in how much of this they can do: [Detect] says how much this
// one can, and Exec does that much. Sources: landlock(7), seccomp(2), and
// Documentation/userspace-api/landlock.rst of Linux.
//
//	rules := confine.Rules{Read: []string{"/usr/lib"}, Run: []string{"/usr/bin/env", "/lib64/ld-linux-x86-64.so.2"}}
//	err := confine.Exec(&rules, []string{"/usr/bin/env"}, os.Environ(), nil) // returns only with an error
package confine
