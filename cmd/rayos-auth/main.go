// Command rayos-auth says whether a password is that of the user who runs it.
package main

import (
	"os"

	"rayos/shell/auth/helper"
)

func main() { os.Exit(helper.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
