// Package strictoml reads TOML files that people write and programs obey: a
// key that isn't known, or a value of another type, is an error with its line
// and column, never a thing to pass over.
//
//	var f struct{ Name string }
//	if err := strictoml.Decode(data, maxFile, &f); err != nil { ... } // *strictoml.Error
//	line, column := strictoml.Position(data, "name") // for checks of one's own
package strictoml
