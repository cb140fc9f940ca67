package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

// patience is how long a service may take for anything.
const patience = time.Minute

// standIn is a keyring written from the specification. All its objects are one: who is
// meant is in the path.
type standIn struct {
	conn   *dbus.Conn
	plain  bool // it knows no other way
	locked bool
	refuse bool // the person doesn't unlock it
	weird  any  // in place of its number

	mu    sync.Mutex
	s     session
	items map[dbus.ObjectPath]*item
	asked int // prompts
	n     int
}

type item struct {
	label string
	attrs map[string]string
	value []byte
}

const collection = dbus.ObjectPath("/org/freedesktop/secrets/collection/all")

// serve offers the keyring on a bus.
func (k *standIn) serve(t *testing.T, address string) {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	k.conn, k.items = conn, map[dbus.ObjectPath]*item{}
	if err := errors.Join(conn.Export(k, servicePath, serviceFace), conn.Export(k, collection, collectionFace)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(busName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

func (k *standIn) OpenSession(way string, theirs dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	none := dbus.MakeVariant("")
	k.s = session{path: "/org/freedesktop/secrets/session/1"}
	if way == plainWay {
		return none, k.s.path, nil
	}
	if k.plain || way != sealedWay {
		return none, noObject, dbus.NewError("org.freedesktop.DBus.Error.NotSupported", []any{"no"})
	}
	own, public, err := newNumber()
	if err == nil {
		k.s.key, err = exchange(own, new(big.Int).SetBytes(theirs.Value().([]byte)))
	}
	if err != nil {
		return none, noObject, dbus.MakeFailedError(err)
	}
	if k.weird != nil {
		return dbus.MakeVariant(k.weird), k.s.path, nil
	}
	return dbus.MakeVariant(public), k.s.path, nil
}

func (k *standIn) ReadAlias(name string) (dbus.ObjectPath, *dbus.Error) { return collection, nil }

func (k *standIn) SearchItems(attrs map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := []dbus.ObjectPath{}
	for path, it := range k.items {
		all := true
		for name, v := range attrs {
			all = all && it.attrs[name] == v
		}
		if all {
			list = append(list, path)
		}
	}
	if k.locked {
		return []dbus.ObjectPath{}, list, nil
	}
	return list, []dbus.ObjectPath{}, nil
}

func (k *standIn) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.locked {
		return paths, noObject, nil
	}
	k.n++
	path := dbus.ObjectPath(fmt.Sprint("/org/freedesktop/secrets/prompt/", k.n))
	if err := k.conn.Export(&prompter{k, path}, path, promptFace); err != nil {
		return nil, noObject, dbus.MakeFailedError(err)
	}
	return []dbus.ObjectPath{}, path, nil
}

// prompter asks nobody.
type prompter struct {
	k    *standIn
	path dbus.ObjectPath
}

func (p *prompter) Prompt(string) *dbus.Error {
	p.k.mu.Lock()
	defer p.k.mu.Unlock()
	p.k.asked++
	p.k.locked = p.k.refuse
	if err := p.k.conn.Emit(p.path, promptFace+".Completed", p.k.refuse, dbus.MakeVariant("")); err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}

func (k *standIn) CreateItem(properties map[string]dbus.Variant, s secret, replace bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	value, err := k.s.open(s)
	if err == nil && k.locked {
		err = errors.New("locked")
	}
	if err == nil && k.s.key != nil && bytes.Equal(s.Value, value) {
		err = errors.New("not sealed")
	}
	if err != nil {
		return noObject, noObject, dbus.MakeFailedError(err)
	}
	it := &item{properties[itemFace+".Label"].Value().(string), properties[itemFace+".Attributes"].Value().(map[string]string), value}
	path := dbus.ObjectPath("")
	for p, old := range k.items {
		if replace && maps.Equal(old.attrs, it.attrs) {
			path = p
		}
	}
	if path == "" {
		k.n++
		path = dbus.ObjectPath(fmt.Sprint(collection, "/", k.n))
		if err := k.conn.Export(&itemObject{k, path}, path, itemFace); err != nil {
			return noObject, noObject, dbus.MakeFailedError(err)
		}
	}
	k.items[path] = it
	return path, noObject, nil
}

type itemObject struct {
	k    *standIn
	path dbus.ObjectPath
}

func (o *itemObject) GetSecret(dbus.ObjectPath) (secret, *dbus.Error) {
	o.k.mu.Lock()
	defer o.k.mu.Unlock()
	if o.k.locked {
		return secret{}, dbus.MakeFailedError(errors.New("locked"))
	}
	s, err := o.k.s.seal(o.k.items[o.path].value)
	if err != nil {
		return s, dbus.MakeFailedError(err)
	}
	return s, nil
}

func (o *itemObject) Delete() (dbus.ObjectPath, *dbus.Error) {
	o.k.mu.Lock()
	defer o.k.mu.Unlock()
	delete(o.k.items, o.path)
	return noObject, nil
}

func open(t *testing.T, address string) *Ring {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	r, err := Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// keeps tries all that a keyring is for.
func keeps(t *testing.T, r *Ring) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	lab, other := map[string]string{"address": "lab:1"}, map[string]string{"address": "lab:2"}
	if _, err := r.Lookup(ctx, lab); !errors.Is(err, ErrNotFound) {
		t.Fatalf("Lookup of nothing: %v", err)
	}
	for _, value := range []string{"first", "", "exactly 16 bytes", "päss wörd " + strings.Repeat("long", 100)} {
		if err := r.Store(ctx, "RayOS: lab:1", lab, []byte(value)); err != nil {
			t.Fatal(err)
		}
		got, err := r.Lookup(ctx, lab)
		if err != nil || string(got) != value {
			t.Fatalf("Lookup = %q, %v; want %q", got, err, value)
		}
	}
	if _, err := r.Lookup(ctx, other); !errors.Is(err, ErrNotFound) {
		t.Errorf("Lookup of another: %v", err)
	}
	if err := r.Delete(ctx, other); err != nil {
		t.Errorf("Delete of nothing: %v", err)
	}
	if err := r.Delete(ctx, lab); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Lookup(ctx, lab); !errors.Is(err, ErrNotFound) {
		t.Errorf("Lookup of what was deleted: %v", err)
	}
	if err := r.Store(ctx, "long", lab, make([]byte, maxSecret+1)); err == nil {
		t.Error("a secret without end is kept")
	}
}

func TestRing(t *testing.T) {
	for name, k := range map[string]*standIn{"sealed": {}, "plain": {plain: true}} {
		t.Run(name, func(t *testing.T) {
			address := bustest.Bare(t)
			k.serve(t, address)
			r := open(t, address)
			if sealed := r.session.key != nil; sealed == k.plain {
				t.Errorf("secrets are sealed: %v", sealed)
			}
			keeps(t, r)
			k.mu.Lock()
			defer k.mu.Unlock()
			if len(k.items) != 0 {
				t.Errorf("%d items are left", len(k.items))
			}
		})
	}
}

// The person is asked once to unlock it, and may not want to.
func TestLocked(t *testing.T) {
	address := bustest.Bare(t)
	k := &standIn{locked: true}
	k.serve(t, address)
	r := open(t, address)
	attrs := map[string]string{"address": "a"}
	if err := r.Store(t.Context(), "a", attrs, []byte("x")); err != nil {
		t.Fatal(err)
	}
	k.mu.Lock()
	if k.asked != 1 {
		t.Errorf("the person was asked %d times", k.asked)
	}
	k.locked, k.refuse = true, true
	k.mu.Unlock()
	if _, err := r.Lookup(t.Context(), attrs); !errors.Is(err, ErrRefused) {
		t.Errorf("Lookup = %v", err)
	}
	k.mu.Lock()
	k.refuse = false
	k.mu.Unlock()
	if got, err := r.Lookup(t.Context(), attrs); err != nil || string(got) != "x" {
		t.Errorf("Lookup = %q, %v", got, err)
	}
}

func TestNone(t *testing.T) {
	for _, address := range []string{"", "unix:path=/nonexistent/bus", bustest.Bare(t)} {
		if _, err := Open(t.Context(), address); !errors.Is(err, ErrNone) {
			t.Errorf("Open(%q) = %v", address, err)
		}
	}
}

// A service whose number gives the key away, or is none, gets no secret.
func TestWeirdNumbers(t *testing.T) {
	for _, weird := range []any{[]byte{0}, []byte{1}, group.Bytes(), make([]byte, 4096), "text", uint32(7)} {
		address := bustest.Bare(t)
		(&standIn{weird: weird}).serve(t, address)
		if _, err := Open(t.Context(), address); err == nil || errors.Is(err, ErrNone) {
			t.Errorf("Open with %T %v: %v", weird, weird, err)
		}
	}
}

// What was sealed comes out as it was, and noise as an error or as something shorter.
func FuzzSecret(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), []byte("0123456789abcdef"))
	f.Add([]byte{}, []byte("x"))
	f.Fuzz(func(t *testing.T, params, value []byte) {
		s := &session{key: []byte("0123456789abcdef")}
		if out, err := s.open(secret{Params: params, Value: value}); err == nil && len(out) >= len(value) {
			t.Errorf("%d bytes of %d", len(out), len(value))
		}
		k, err := s.seal(value)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := s.open(k); err != nil || !bytes.Equal(out, value) {
			t.Errorf("%x, %v; want %x", out, err, value)
		}
	})
}

// GNOME's keyring, unlocked by a password on its standard input.
func TestGNOMEKeyring(t *testing.T) {
	if _, err := exec.LookPath("gnome-keyring-daemon"); err != nil {
		t.Skip("gnome-keyring is not installed")
	}
	address := bustest.Bare(t)
	dir := t.TempDir()
	cmd := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets", "--control-directory="+filepath.Join(dir, "control"))
	cmd.Env = []string{"HOME=" + dir, "XDG_DATA_HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "DBUS_SESSION_BUS_ADDRESS=" + address, "PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.Stdin = strings.NewReader("password")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	if err := conn.AddMatchSignal(dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, busName)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_, _ = cmd.Process.Kill(), cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("gnome-keyring-daemon: %s", &log)
		}
	}()
	end := time.After(patience)
	for there := false; !there; {
		select {
		case s := <-signals:
			there = s.Name == "org.freedesktop.DBus.NameOwnerChanged" && len(s.Body) == 3 && s.Body[0] == busName && s.Body[2] != ""
		case <-end:
			t.Fatal("it offers no keyring")
		}
	}
	r := open(t, address)
	if r.session.key == nil {
		t.Error("secrets cross the bus plain")
	}
	keeps(t, r)
}
