// Package foreign judges the session by a client that shares no code with it.
//
// The tree's own client and server are generated from one description, so a
// fault in it could cancel out. The client here stands on go-wayland, and that
// library's habits are part of the test: it sends each request in a message of
// its own, gives strings their padded length, never takes an id twice and
// forgets objects while events for them are under way. A session has to bear
// all of it.
//
// go-wayland has faults of its own: it loses descriptors, and panics over
// objects that the server creates. The client recovers and counts them, and no
// test relies on keymaps or on reading a clipboard.
//
// There are only tests here; they run the built session, see internal/proctest.
package foreign
