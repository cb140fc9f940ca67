// Command rayos-session is the RayOS desktop session.
package main

import (
	"os"
	"runtime"

	"rayos/shell/session"
)

// The window display belongs to the main thread; the session lets go of it when
// it has another display.
func init() { runtime.LockOSThread() }

func main() { os.Exit(session.Main(os.Args[1:], os.Stdout, os.Stderr)) }
