// Command rayos-apps is the apps that come with RayOS.
package main

import (
	"os"

	"rayos/shell/builtin"
)

func main() { os.Exit(builtin.Main(os.Args[1:], os.Stderr)) }
