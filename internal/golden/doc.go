// Package golden compares pictures that tests draw with reference pictures
// that people have looked at.
//
// The references of a package are the PNG files in its testdata folder:
//
//	func TestButton(t *testing.T) {
//		golden.Pixels(t, "button", draw())
//	}
//
// The comparison is exact: the software renderer draws the same bits on every
// machine. Pictures of a GPU pass WithTolerance(GPU).
//
// A picture that differs fails the test with one line that says how many
// pixels, how far and where, and leaves NAME.want.png, NAME.got.png and
// NAME.diff.png in testdata/_fail. After a look at them,
//
//	go test ./that/package -update           // all that differ
//	go test ./that/package -update=button    // those whose name matches
//
// rewrites the references and prints each path. What has not changed is left
// alone, and nothing is rewritten where CI=true. Commit a reference only after
// looking at it.
//
// The package is for tests. It depends on nothing but pixels.
package golden
