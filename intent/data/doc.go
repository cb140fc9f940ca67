// Package data is what people say to the desktop: templates for its intents,
// how they are filled, and the model trained on them.
//
// train.txt, more.txt and test.txt hold templates. Those of the test were
// written last and apart, none stands in two files, and applications, machines
// and texts that are filled in differ as well: the test asks whether what
// nobody has thought of is understood, too. more.txt holds tests of before:
// once somebody has looked at what a model gets wrong in a test, it is training. Lines of chat, which mean nothing to the
// desktop, are in oos_train.txt and oos_test.txt; many of them have words of
// the desktop ("the window in my kitchen is broken").
//
// model.bin is made of this by
//
//	go generate ./intent/data
//
// and a test holds what it was made of, which is in model.origin, against what
// there is now.
package data

//go:generate go run ./gen
