package vnc

import (
	"context"
	"errors"
	"time"

	"rayos/rayapps/vnc/keyring"
)

// Secrets are kept in the person's keyring where there is one, and else in the book,
// which nobody else can read.

// ringWithin is how long a keyring may take; it may ask the person to unlock it.
const ringWithin = 2 * time.Minute

// secrets is what a keyring has for the viewer.
type secrets struct{ bus string } // address; "" has none

// attributes are what a server's password is found by.
func attributes(address string) map[string]string {
	return map[string]string{"xdg:schema": "org.rayos.VNC", "address": address}
}

// with calls fn with the keyring. It may take long.
func (s secrets) with(ctx context.Context, fn func(context.Context, *keyring.Ring) error) error {
	ctx, cancel := context.WithTimeout(ctx, ringWithin)
	defer cancel()
	ring, err := keyring.Open(ctx, s.bus)
	if err != nil {
		return err
	}
	return errors.Join(fn(ctx, ring), ring.Close())
}

// get returns a server's password, "" if there is none.
func (s secrets) get(ctx context.Context, address string) (password string, err error) {
	err = s.with(ctx, func(ctx context.Context, r *keyring.Ring) error {
		data, err := r.Lookup(ctx, attributes(address))
		password = string(data)
		return err
	})
	if errors.Is(err, keyring.ErrNotFound) {
		err = nil
	}
	return password, err
}

func (s secrets) put(ctx context.Context, address, password string) error {
	return s.with(ctx, func(ctx context.Context, r *keyring.Ring) error {
		return r.Store(ctx, "RayOS: "+address, attributes(address), []byte(password))
	})
}

func (s secrets) forget(ctx context.Context, address string) error {
	return s.with(ctx, func(ctx context.Context, r *keyring.Ring) error {
		return r.Delete(ctx, attributes(address))
	})
}

// findRing asks whether there is a keyring.
func (v *Viewer) findRing() {
	s := v.secrets
	go func() {
		err := s.with(context.Background(), func(context.Context, *keyring.Ring) error { return nil })
		v.w.Post(func() {
			v.ring = err == nil
			if err != nil && !errors.Is(err, keyring.ErrNone) {
				v.warn = err.Error()
			}
		})
	}()
}

// keep writes down what is known of the server, its password in the keyring: until that
// has taken it, and if it doesn't, it is in the book.
func (v *Viewer) keep() {
	known, s := v.server, v.secrets
	if known.Password == "" || !v.ring {
		v.write(known)
		return
	}
	book := known
	book.Password = v.book.get(known.Address).Password
	v.write(book)
	go func() {
		err := s.put(context.Background(), known.Address, known.Password)
		v.w.Post(func() { v.kept(known, err) })
	}()
}

// kept notes how a keyring has taken a password.
func (v *Viewer) kept(known server, err error) {
	now := v.book.get(known.Address)
	switch {
	case !v.book.has(known.Address): // it was forgotten meanwhile
		v.dropSecret(known.Address, err == nil)
		return
	case err == nil:
		now.Ring, now.Password = true, ""
	default:
		v.warn = err.Error()
		now.Ring, now.Password = false, known.Password
	}
	v.write(now)
	if v.server.Address == known.Address && v.server.Password == known.Password {
		v.server.Ring, v.server.Password = now.Ring, now.Password
	}
}

// write puts a server into the book.
func (v *Viewer) write(s server) {
	if err := v.book.put(s); err != nil {
		v.warn = err.Error()
	}
}

// forget removes what is known of a server from the book and from the keyring.
func (v *Viewer) forget(address string) {
	ring := v.book.get(address).Ring
	if err := v.book.forget(address); err != nil {
		v.warn = err.Error()
	}
	v.dropSecret(address, ring)
}

// dropSecret removes a password from the keyring, if it is there.
func (v *Viewer) dropSecret(address string, ring bool) {
	if !ring {
		return
	}
	s := v.secrets
	go func() {
		if err := s.forget(context.Background(), address); err != nil && !errors.Is(err, keyring.ErrNone) {
			v.w.Post(func() { v.warn = err.Error() })
		}
	}()
}
