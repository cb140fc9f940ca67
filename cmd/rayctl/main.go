// Rayctl commands a running RayOS session. See "rayctl help".
package main

import (
	"os"

	"rayos/shell/control/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
