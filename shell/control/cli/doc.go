// Package cli is rayctl: the command table of shell/control on a command
// line. It finds the session, checks the arguments before it sends them and
// prints the answer for people, or with --json for machines. Usage, completion
// and man page come from the same table.
//
//	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
package cli
