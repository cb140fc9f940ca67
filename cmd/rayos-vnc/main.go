// Command rayos-vnc shows an output of a Wayland compositor to VNC viewers.
package main

import (
	"os"

	"rayos/rayapps/vncserver"
)

func main() { os.Exit(vncserver.Main(os.Args[1:], os.Stdout, os.Stderr)) }
