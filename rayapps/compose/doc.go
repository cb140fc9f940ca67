// Package compose puts characters together from several keys: a dead accent and
// a letter, or the compose key and what looks alike. It reads Compose files as
// Compose(5) describes them, but for modifiers, which no table of today needs.
//
//	t := compose.Load(os.Getenv)
//	s := compose.NewState(t)
//	switch text, what := s.Feed(xkb.KeysymByName("dead_acute")); what {
//	case compose.Composing: // swallow the key
//	case compose.Composed:  // text is typed instead of it
//	}
//
// A Table does not change and may be shared; a State belongs to one goroutine.
// Files may hold anything: their size, the number of sequences and the depth of
// includes are bounded, and a line that makes no sense is left out.
package compose
