// Package registry is the apps that a person has installed, what each may do,
// and who opens which files and addresses.
//
// Everything lies below one folder ([Root]):
//
//	apps/<id>/          a bundle's files, replaced whole
//	keys/<id>           whose bundles are taken for that id
//	grants/<id>.json    what the person has decided, 0600
//	home/<id>/          the app's own folder
//
// An id belongs to the key that it was first installed with: a bundle of
// another key, or of a lower version, is refused. What is under apps/<id> is
// always one bundle or nothing, whenever the machine stops.
//
// rayctl and the session use the same folder at the same time; changes are made
// under a lock, and a reader sees the state before or after one.
package registry
