// Package iconload finds icons by their names and loads them, as the Icon Theme
// Specification 0.13 has it: in the theme that the person has chosen, in those
// that it inherits, in hicolor, and among the pictures that belong to none.
//
//	icons := iconload.New(iconload.Options{Config: iconload.FromEnv(os.Getenv), Post: loop.Post, Changed: view.Invalidate})
//	…
//	if m := icons.Lookup("org.gnome.Evince", 24, scale); m != nil {
//		return ui.Image{Image: m, W: 24, H: 24, Fit: ui.Contain}
//	}
//	return badge
//
// # Goroutines
//
// A Loader belongs to one goroutine, whose Post it has. Files are read on
// another one, which there is only while icons are awaited: Lookup returns nil
// for an icon that has not come yet, and Changed is called when some have.
//
// # Hostile files
//
// Anybody may install an icon. Files, folders, names and pictures are counted
// and bounded; of SVG only shapes and gradients are drawn, with a bound on how
// much there is to draw. What can't be read, or is too much, is as if it weren't
// there.
//
// # Units
//
// Sizes are logical pixels; the scale makes pixels of them.
package iconload
