// Command rayos-agent is the first process of a Linux guest of RayOS.
package main

import (
	"fmt"
	"os"

	"rayos/vmm/agent/guest"
)

func main() {
	if err := guest.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "rayos-agent:", err)
		os.Exit(1)
	}
}
