// Package rules holds, by its tests alone, what docs/ARCHITECTURE.md promises
// of the whole tree: which room may import which, who may need cgo or a module
// of others, that packages explain themselves, and that what is embedded has
// its licence beside it. A failure says the reason of the rule; change rule,
// code and document together.
//
// That generated code is fresh is held where it is generated: cmd/wlgen for
// the protocols.
package rules
