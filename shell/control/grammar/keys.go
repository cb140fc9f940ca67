package grammar

import "rayos/vmm/keys"

// Keys is a key with the modifiers that are held for it. The zero value is
// none.
type Keys = keys.Chord

// MaxKeys is the longest key specification, in bytes.
const MaxKeys = keys.MaxSpec

// ParseKeys reads a key specification (package keys).
func ParseKeys(s string) (Keys, error) { return keys.Parse(s) }
