// Command hello is the shortest app.
package main

import (
	"os"

	"rayos/rayapps"
	"rayos/rayapps/ui"
)

type hello struct{}

func (hello) View(*rayapps.Window) ui.Node { return ui.Centred(ui.Title("Hello")) }

func main() {
	os.Exit(rayapps.Main(rayapps.Options{ID: "org.rayos.Hello", Title: "Hello"}, hello{}))
}
