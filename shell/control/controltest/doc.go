// Package controltest is a session of two windows that does what control
// commands ask and remembers it, for tests of whatever speaks to a session.
package controltest
