// Package atomicfile replaces files whole: whenever the program or the machine
// stops, the old or the new one is under the name, never a part.
//
//	err := atomicfile.Write(path, data)
//
// Files that are also appended to are written through an [FS], so that tests can
// fail, crash or forget at any step.
package atomicfile
