// Package plan makes of a line's intent and of what the line names a plan: what is
// to be done, in steps of a fixed set of deeds with typed arguments. It decides
// nothing and does nothing: the caller's policy and, where something would be
// lost, the person come after it.
//
//	p := plan.Make(line, model, scene)
//	for _, s := range p.Steps { … }
//
// # Trust
//
// The line is the person's. All else, titles of windows first, is untrusted: it is
// only compared with words of the line, and what it can add to a plan is the id
// of a thing that is there. A title that is also the name of a machine or an
// application names neither. So a plan is fixed before anything that others have
// written could say what should be in it.
package plan
