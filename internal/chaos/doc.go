// Package chaos does to a session what nobody should, and looks at what is
// left of it.
//
// TestStreams sends requests made from the protocol tables: every interface and
// request that surfaces/protocol knows, with arguments of the right types and
// now and then of wrong ones, in an order that no client would choose, from
// several clients at once. Between the requests a person types and clicks,
// outputs come and go, memory behind buffers shrinks, clients die or stop
// reading. The session is a whole one, headless, on a virtual clock.
//
// Whatever they do, no handler panics, no turn of the loop is long, and another
// client maps a window, gets its frame and sees its pixels. When they are gone,
// so is everything of theirs: nodes of the scene, mappings, descriptors,
// goroutines, memory.
//
// A stream is named by its seed. Each of its steps draws from a source of its
// own, so one that fails is made smaller by leaving steps out, and what stays
// does the same as before:
//
//	go test ./internal/chaos -run TestStreams -seed 4711
//	go test ./internal/chaos -run TestStreams -for 5m
//
// TestCrashes does the same to the built program with processes and sockets:
// clients that are killed, stopped, or leave in the middle of a message.
//
// There are only tests here.
package chaos
