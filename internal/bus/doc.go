// Package bus is what everybody who speaks D-Bus has in common: where the bus of
// the person's session is, and numbers for the messages of a connection.
package bus
