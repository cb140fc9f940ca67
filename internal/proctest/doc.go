// Package proctest runs the built session and real programs in it, for tests
// that see RayOS as its user does: through processes, sockets and pixels.
//
// Main builds rayos-session, rayctl and rayos-apps once for a test binary. Start
// runs a session in a runtime directory of its own; Launch runs a program as its
// client. Both end with the test, and a session that does not end cleanly, or
// logs an error, fails it.
//
// Nothing here sleeps. A test waits with Until, which looks again whenever the
// session has drawn a frame, and gives up after Patience.
//
//	func TestMain(m *testing.M) { os.Exit(proctest.Main(m)) }
//
//	func TestTerminal(t *testing.T) {
//		s := proctest.Start(t)
//		w := s.Window(s.Launch("foot", "sh"))
//		s.Call("input type", proctest.Args{"text": "ls\n"})
//		…
//	}
package proctest
