// Package bundle packs an app into one signed file, and takes nothing from such
// a file that its maker hasn't signed.
//
// A bundle (".rayapp") is a ZIP archive: an entry SIGNATURE, an entry FILES, and
// the app's files in the order of FILES, which has each one's SHA-256, size and
// whether it is a program. The signature is Ed25519, over FILES. The first file
// is the manifest.
//
// [Open] refuses whatever [Pack] would not have written: another order, an
// entry too many, links, paths that lead out, sizes beyond the limits, a wrong
// sum, a wrong signature. There are no warnings. Who the maker is it can't
// know: that is the key, and [Fingerprint] is what people compare.
//
//	err := bundle.Pack(w, os.DirFS("tally"), key)
//	b, err := bundle.Open("tally.rayapp")
//	err = b.Extract(dir) // an empty folder
package bundle
