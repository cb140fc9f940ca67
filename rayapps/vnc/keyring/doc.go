// Package keyring keeps passwords in the person's keyring: whatever program offers
// the Secret Service on the session's bus, as gnome-keyring, KWallet and KeePassXC do
// (Secret Service API, draft 0.2, freedesktop.org).
//
//	ring, err := keyring.Open(ctx, bus.Address())
//	if errors.Is(err, keyring.ErrNone) {
//		// nobody offers one
//	}
//	err = ring.Store(ctx, "lab:1", map[string]string{"address": "lab:1"}, []byte("secret"))
//
// Secrets cross the bus encrypted, under a key that Diffie and Hellman's exchange made
// for the connection, unless the service only knows them plain. That keeps them out of
// what is logged of a bus; the bus itself lets in nobody but the person.
//
// A keyring that is locked has its service ask the person, for as long as the context
// lasts. A Ring may be used from any goroutine, one call after the other.
package keyring
