// Package sessionbus connects to the message bus of the person's session, and starts
// applications by it.
package sessionbus
