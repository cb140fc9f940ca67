// Package manifest is what an app says about itself before anybody runs it:
// its file rayapp.toml, and the permissions that the file can ask for.
//
// A manifest is obeyed to the letter or refused. [Parse] knows every key and
// its range; what it doesn't know is an error with line and column. An app may
// do nothing that it hasn't asked for: [Permissions] is the table of what there
// is to ask, how it is granted, and which globals of the compositor come with
// it. [Globals] is what every app sees.
//
//	m, err := manifest.Parse(data) // *strictoml.Error
//	allowed := manifest.Allowed(granted)
//
// All of it is values; nothing here touches a file or a screen.
package manifest
