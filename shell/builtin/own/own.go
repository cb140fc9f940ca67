// Package own is what the apps that come with RayOS say of themselves: a
// manifest for each, by the name that rayos-apps has for it. The session runs
// them by these as it runs those that were installed.
//
//	r.Own, err = own.Apps("/usr/lib/rayos/rayos-apps")
package own

import (
	"embed"
	"fmt"
	"path/filepath"
	"strings"

	"rayos/rayapps/manifest"
	"rayos/rayapps/registry"
)

//go:embed *.toml
var files embed.FS

// Apps returns the apps of a program, by its path, in the order of their names.
func Apps(program string) ([]*registry.App, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var apps []*registry.App
	for _, e := range entries {
		data, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, err
		}
		m, err := manifest.ParseOwn(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		m.Exec = filepath.Base(program)
		apps = append(apps, &registry.App{Manifest: *m, Dir: filepath.Dir(program), Command: strings.TrimSuffix(e.Name(), ".toml")})
	}
	return apps, nil
}
