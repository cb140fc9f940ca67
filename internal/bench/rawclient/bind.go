package rawclient

import "fmt"

// MissingError names a protocol that the compositor does not offer.
type MissingError struct{ Interface string }

func (e *MissingError) Error() string { return "compositor does not offer " + e.Interface }

// bindFirst makes an object of a global that only some benchmarks use.
func (c *Conn) bindFirst(name string, version uint32, r receiver) (uint32, error) {
	offer, ok := c.globals.offered[name]
	if !ok {
		return 0, fmt.Errorf("bind: %w", &MissingError{name})
	}
	id := c.newID(r)
	c.requestString(c.globals.registry, 0, []uint32{offer.name}, name, min(version, offer.version), id)
	return id, nil
}
