// Package golden holds whole-session scenes: a session on a headless display
// and a virtual clock, with clients in the same process and on the same
// goroutine. Each scene is a test that compares what the outputs show with
// the pictures in testdata, and where the windows are with a text beside them.
//
//	go test ./golden                 // compare
//	go test ./golden -update=popup   // accept the scenes of that name
//
// Every comparison also repaints the outputs in full and wants the same
// pictures: damage tracking must not show. scripts/golden-arch runs the scenes
// with other instructions (GOAMD64=v3, arm64) and wants the same bits.
package golden
