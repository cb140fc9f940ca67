// Command rayos-sandbox confines itself and becomes an app. The session starts
// it.
package main

import (
	"os"

	"rayos/rayapps/sandbox"
)

func main() { os.Exit(sandbox.Main(os.Args[1:], os.Stderr)) }
