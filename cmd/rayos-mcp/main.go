// Command rayos-mcp offers a session's commands to a program that speaks the
// Model Context Protocol on standard input and output.
package main

import (
	"os"

	"rayos/shell/mcp"
)

func main() { os.Exit(mcp.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
