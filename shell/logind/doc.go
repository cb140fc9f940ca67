// Package logind speaks with systemd-logind, or who stands in for it: it suspends,
// restarts and shuts down the machine, and hears when the
// session is to be locked or unlocked.
//
//	m, err := logind.Connect(address, logind.Options{Lock: lock, Sleep: beforeSleep})
//	can := m.Can(ctx, logind.Suspend)
//	err = m.Do(ctx, logind.Suspend)
//
// A machine that goes to sleep waits for Sleep's answer, for as long as logind
// lets it (InhibitDelayMaxSec, 5 s). Signals are heard of the owner of logind's
// name alone, whoever else on the bus says something of the kind; texts are cut
// and cleaned.
//
// Calls wait for the bus and are not for a loop's goroutine; the functions of
// Options are called on a goroutine of the package, one at a time.
//
// Source: org.freedesktop.login1(5).
package logind
