package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// Names of the service.
const (
	busName        = "org.freedesktop.secrets"
	servicePath    = dbus.ObjectPath("/org/freedesktop/secrets")
	serviceFace    = "org.freedesktop.Secret.Service"
	collectionFace = "org.freedesktop.Secret.Collection"
	itemFace       = "org.freedesktop.Secret.Item"
	promptFace     = "org.freedesktop.Secret.Prompt"
	noObject       = dbus.ObjectPath("/") // stands for none
)

// Why something can't be done.
var (
	ErrNone     = errors.New("there is no keyring")
	ErrNotFound = errors.New("the keyring has no such secret")
	ErrRefused  = errors.New("the keyring stays locked")
)

// maxSecret is how long a secret can be, in bytes.
const maxSecret = 64 << 10

// Ring is a connection with the person's keyring.
type Ring struct {
	conn    *dbus.Conn
	service dbus.BusObject
	session *session
}

// Open connects with the keyring on the bus at an address. It is ErrNone if nobody
// offers one.
func Open(ctx context.Context, address string) (*Ring, error) {
	if address == "" {
		return nil, ErrNone
	}
	conn, err := dbus.Connect(address, dbus.WithContext(context.WithoutCancel(ctx)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	r := &Ring{conn: conn, service: conn.Object(busName, servicePath)}
	if err = r.there(ctx); err == nil {
		r.session, err = openSession(ctx, r.service)
	}
	if err != nil {
		_ = conn.Close() // the error is the one to tell
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return r, nil
}

// there reports whether somebody has the name, or would be started for it.
func (r *Ring) there(ctx context.Context) error {
	bus := r.conn.BusObject()
	for _, list := range []string{"ListNames", "ListActivatableNames"} {
		var names []string
		if err := bus.CallWithContext(ctx, "org.freedesktop.DBus."+list, 0).Store(&names); err != nil {
			return err
		}
		if slices.Contains(names, busName) {
			return nil
		}
	}
	return ErrNone
}

// Close ends the connection.
func (r *Ring) Close() error { return r.conn.Close() }

// Store keeps a secret under attributes, in place of one that has the same. People find
// it by its label.
func (r *Ring) Store(ctx context.Context, label string, attributes map[string]string, value []byte) error {
	if len(value) > maxSecret {
		return fmt.Errorf("keyring: a secret of %d bytes; the limit is %d", len(value), maxSecret)
	}
	var path dbus.ObjectPath
	if err := r.call(ctx, servicePath, serviceFace+".ReadAlias", "default").Store(&path); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	if path == noObject {
		return fmt.Errorf("keyring: %w: it has no collection by the name of default", ErrNone)
	}
	if err := r.unlock(ctx, path); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	k, err := r.session.seal(value)
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	properties := map[string]dbus.Variant{
		itemFace + ".Label":      dbus.MakeVariant(label),
		itemFace + ".Attributes": dbus.MakeVariant(attributes),
	}
	var item, prompt dbus.ObjectPath
	if err := r.call(ctx, path, collectionFace+".CreateItem", properties, k, true).Store(&item, &prompt); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	if err := r.prompt(ctx, prompt); err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return nil
}

// Lookup returns the secret that has the attributes, or ErrNotFound.
func (r *Ring) Lookup(ctx context.Context, attributes map[string]string) ([]byte, error) {
	items, err := r.find(ctx, attributes)
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("keyring: %w", ErrNotFound)
	}
	var k secret
	if err := r.unlock(ctx, items[0]); err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	if err := r.call(ctx, items[0], itemFace+".GetSecret", r.session.path).Store(&k); err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	value, err := r.session.open(k)
	if err == nil && len(value) > maxSecret {
		err = fmt.Errorf("a secret of %d bytes; the limit is %d", len(value), maxSecret)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring: %w", err)
	}
	return value, nil
}

// Delete removes all secrets that have the attributes.
func (r *Ring) Delete(ctx context.Context, attributes map[string]string) error {
	items, err := r.find(ctx, attributes)
	for _, item := range items {
		if err != nil {
			break
		}
		if err = r.unlock(ctx, item); err != nil {
			break
		}
		var prompt dbus.ObjectPath
		if err = r.call(ctx, item, itemFace+".Delete").Store(&prompt); err == nil {
			err = r.prompt(ctx, prompt)
		}
	}
	if err != nil {
		return fmt.Errorf("keyring: %w", err)
	}
	return nil
}

func (r *Ring) call(ctx context.Context, path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return r.conn.Object(busName, path).CallWithContext(ctx, method, 0, args...)
}

// find returns the items that have attributes, those that are not locked first.
func (r *Ring) find(ctx context.Context, attributes map[string]string) ([]dbus.ObjectPath, error) {
	var open, locked []dbus.ObjectPath
	err := r.call(ctx, servicePath, serviceFace+".SearchItems", attributes).Store(&open, &locked)
	return append(open, locked...), err
}

// unlock makes an object readable; the person may be asked.
func (r *Ring) unlock(ctx context.Context, path dbus.ObjectPath) error {
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	if err := r.call(ctx, servicePath, serviceFace+".Unlock", []dbus.ObjectPath{path}).Store(&done, &prompt); err != nil {
		return err
	}
	return r.prompt(ctx, prompt)
}

// prompt has the service ask the person what it wants to, and waits for the answer.
func (r *Ring) prompt(ctx context.Context, path dbus.ObjectPath) error {
	if path == noObject {
		return nil
	}
	signals := make(chan *dbus.Signal, 4)
	r.conn.Signal(signals)
	defer r.conn.RemoveSignal(signals)
	match := []dbus.MatchOption{dbus.WithMatchObjectPath(path), dbus.WithMatchInterface(promptFace), dbus.WithMatchMember("Completed")}
	if err := r.conn.AddMatchSignalContext(ctx, match...); err != nil {
		return err
	}
	// The connection is gone when this fails, and its rules with it.
	defer func() { _ = r.conn.RemoveMatchSignal(match...) }()
	if err := r.call(ctx, path, promptFace+".Prompt", "").Err; err != nil {
		return err
	}
	for {
		select {
		case s := <-signals:
			if s == nil {
				return dbus.ErrClosed
			}
			if s.Path != path || s.Name != promptFace+".Completed" {
				continue
			}
			if len(s.Body) < 1 {
				return errors.New("an answer of nothing")
			}
			if dismissed, ok := s.Body[0].(bool); !ok || dismissed {
				return ErrRefused
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
