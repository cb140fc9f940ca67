//go:build !cgo

package session

const withCgo = false
