// Package atomicfile replaces files whole: whenever the program or the machine
// stops, the old or the new one is under the name, never a part.
//
//	err := atomicfile.Write(path, data)
package atomicfile
