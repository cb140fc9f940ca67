// Command rayos-vm runs one machine and shows it as a window.
package main

import (
	"os"

	"rayos/vmm/host"
)

func main() { os.Exit(host.Main(os.Args[1:], os.Stdout, os.Stderr)) }
