// Package apptest shows apps to tests.
package apptest

import (
	"testing"

	"rayos/rayapps"
	"rayos/rayapps/ui"
)

// Preview shows an app without a compositor until the test ends.
func Preview(t testing.TB, o rayapps.Options, a rayapps.App, look rayapps.Look) *rayapps.Preview {
	t.Helper()
	p, err := rayapps.NewPreview(o, a, look)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Find returns the first thing of that name that one can do something with, nil
// if there is none.
func Find(i *ui.Info, name string) *ui.Info {
	if i.Name == name && len(i.Actions) > 0 {
		return i
	}
	for _, k := range i.Children {
		if f := Find(k, name); f != nil {
			return f
		}
	}
	return nil
}
