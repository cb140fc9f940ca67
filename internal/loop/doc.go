// Package loop is the one goroutine that owns all state of a session: epoll
// for file descriptors, one timerfd for all timers, one eventfd for functions
// posted from elsewhere.
//
// A turn waits for something to happen, then
//
//	serves ready sources → due timers → posted functions
//	→ Idle functions → AtTurnEnd hooks
//
// and the next turn waits again. With nothing to do the thread sleeps in
// epoll_wait and is not woken at all; a turn in steady state allocates nothing.
//
// All methods belong to the loop goroutine except Post, Stop and Now, which
// any goroutine may call. A panic in a handler goes through Run or Dispatch to
// its caller; who wants to survive it recovers in the handler.
//
// A virtual loop (NewVirtual) serves real file descriptors, but its clock
// stands still until Advance moves it, so a test decides when a timer fires:
//
//	l, err := loop.NewVirtual()
//	t := l.NewTimer(func() { fmt.Println("at", l.Now()) })
//	t.Arm(l.Now() + 16*time.Millisecond)
//	l.Advance(20 * time.Millisecond)
package loop
