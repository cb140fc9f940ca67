// Gen trains the model of the desktop's intents: go generate ./intent/data.
package main

import (
	"fmt"
	"os"

	"rayos/intent/classify"
	"rayos/intent/data"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	examples, err := data.Train()
	if err != nil {
		return err
	}
	m, err := classify.Train(examples, data.Options)
	if err != nil {
		return err
	}
	file := m.Encode()
	origin, err := data.Origin(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile("model.bin", file, 0o644); err != nil {
		return err
	}
	return os.WriteFile("model.origin", []byte(origin), 0o644)
}
