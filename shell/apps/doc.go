// Package apps knows the applications of the machine: an index of their .desktop
// files, which follows what is installed and removed, and what it takes to start
// one of them (Desktop Entry Specification 1.5, Desktop Menu Specification 1.1,
// XDG Base Directory Specification 0.8).
//
//	config := apps.FromEnv(os.Getenv)
//	go apps.Watch(ctx, config, func(x *apps.Index) { loop.Post(func() { shell.apps = x }) })
//	…
//	plan, err := x.Find("org.gnome.Evince.desktop").Launch(apps.Request{Files: files, Terminal: terminal})
//	for _, argv := range plan.Commands {
//		…
//	}
//
// # Invariants
//
//   - An Index is immutable: goroutines may share it.
//   - Nothing in a folder can stop a scan or make it endless: folders, files and
//     bytes are counted, a folder is read once however many links lead to it, and
//     what isn't a regular file is never opened for long.
//   - Nothing is started here, and nobody is called: a Plan is a value.
package apps
