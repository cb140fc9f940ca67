//go:build race

package classify

func init() { raced = true }
