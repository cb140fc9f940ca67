// Package auth asks another process whether a password is the person's.
//
//	h := auth.Helper{Command: []string{"/usr/bin/rayos-auth"}}
//	if err := h.Usable(ctx); err != nil { ... } // nobody could unlock: don't lock
//	ok, said, err := h.Check(ctx, password)
//
// Whoever holds a lock never runs modules of PAM itself: one that crashes or
// hangs takes a process with it that holds nothing. The helper, whose side is
// package helper, lives for one question. It says yes by a word and by the
// status of its end; anything else, a crash above all, is no.
//
// # Secrets
//
// Check overwrites the password before it returns. It goes through a pipe, never
// by arguments, the environment or a log.
//
// Calls wait for a process and are not for a loop's goroutine.
package auth
