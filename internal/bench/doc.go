// Package bench measures compositors side by side: RayOS, and whichever of
// weston, sway and cage are installed. cmd/raybench is its command, and
// docs/BENCHMARKS.md explains each row and the traps.
//
// A Probe measures one or more rows on a freshly started compositor (a
// Session), with the client of package rawclient. The Runner takes the
// compositors in turn for every probe and round, A B C A B C and then backwards,
// so that a machine that gets busier or hotter meets all of them alike; a figure
// is the median over its rounds. Ratios are RayOS divided by the best peer of
// the same run, and less is better in every row. Where RayOS has a shell and others
// have programs for it, a desktop is measured with them.
//
// Invariants: nothing waits by sleeping for a time in which something should
// have happened (readiness comes from inotify, frames from frame callbacks, ends
// from wait4; timers only bound a measuring window); every compositor runs in
// its own runtime directory, as a user without rights when the driver is root;
// only the driver's own children are ended, and they end with it.
package bench
