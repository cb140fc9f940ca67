package vnc

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/apptest"
	"rayos/internal/bustest"
	"rayos/internal/proctest"
	"rayos/rayapps"
	"rayos/rayapps/rfb"
	"rayos/rayapps/rfb/rfbserver"
)

// ring is a keyring for one secret, that knows no other way than plain.
type ring struct {
	mu    sync.Mutex
	attrs map[string]string
	value []byte
}

type ringSecret struct {
	Session       dbus.ObjectPath
	Params, Value []byte
	Type          string
}

const ringItem = dbus.ObjectPath("/org/freedesktop/secrets/item")

func newRing(t *testing.T) (*ring, secrets) {
	t.Helper()
	address := bustest.Bare(t)
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	r := &ring{}
	err = errors.Join(
		conn.Export(r, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"),
		conn.Export(r, "/org/freedesktop/secrets/all", "org.freedesktop.Secret.Collection"),
		conn.Export(r, ringItem, "org.freedesktop.Secret.Item"),
	)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	return r, secrets{address}
}

func (r *ring) OpenSession(way string, _ dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	if way != "plain" {
		return dbus.MakeVariant(""), "/", dbus.NewError("org.freedesktop.DBus.Error.NotSupported", nil)
	}
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session", nil
}

func (r *ring) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return "/org/freedesktop/secrets/all", nil
}

func (r *ring) Unlock(list []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return list, "/", nil
}

func (r *ring) SearchItems(attrs map[string]string) (open, locked []dbus.ObjectPath, _ *dbus.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.value == nil || r.attrs["address"] != attrs["address"] {
		return []dbus.ObjectPath{}, []dbus.ObjectPath{}, nil
	}
	return []dbus.ObjectPath{ringItem}, []dbus.ObjectPath{}, nil
}

func (r *ring) CreateItem(properties map[string]dbus.Variant, s ringSecret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attrs, r.value = properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string), s.Value
	return ringItem, "/", nil
}

func (r *ring) GetSecret(session dbus.ObjectPath) (ringSecret, *dbus.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return ringSecret{session, []byte{}, r.value, "text/plain"}, nil
}

func (r *ring) Delete() (dbus.ObjectPath, *dbus.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.value = nil
	return "/", nil
}

func (r *ring) has() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.value)
}

// settle runs the window's loop until something holds.
func settle(t *testing.T, p *rayapps.Preview, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(proctest.Patience); !holds(); p.Settle() {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", proctest.Patience, what)
		}
		runtime.Gosched()
	}
}

// A password goes to the keyring and leaves the file, and goes with its server. What the
// keyring doesn't take stays in the file.
func TestPasswordInKeyring(t *testing.T) {
	r, s := newRing(t)
	v := viewer(t)
	p := apptest.Preview(t, Options, v, rayapps.Look{})
	v.secrets = s
	v.findRing()
	settle(t, p, "the keyring is found", func() bool { return v.ring })
	if err := v.book.put(server{Address: "lab:1", Password: "from before"}); err != nil {
		t.Fatal(err)
	}
	v.server = server{Address: "lab:1", Name: "lab", Password: "pa55word"}
	v.keep()
	if got := v.book.get("lab:1").Password; got != "from before" {
		t.Errorf("the book has %q before the keyring has it", got)
	}
	settle(t, p, "the keyring has it", func() bool { return v.book.get("lab:1").Ring })
	data, err := os.ReadFile(v.book.path)
	if err != nil || strings.Contains(string(data), "pa55word") || strings.Contains(string(data), "from before") {
		t.Errorf("the file: %s, %v", data, err)
	}
	if r.has() != "pa55word" || v.server.Password != "" || !v.server.Ring {
		t.Errorf("the keyring has %q, the viewer %+v", r.has(), v.server)
	}
	v.forget("lab:1")
	settle(t, p, "it is forgotten", func() bool { return r.has() == "" })

	v.secrets.bus = "unix:path=/nonexistent"
	v.server = server{Address: "lab:2", Password: "other"}
	v.keep()
	settle(t, p, "it is in the book", func() bool { return v.book.get("lab:2").Password == "other" })
	if v.warn == "" || v.book.get("lab:2").Ring {
		t.Errorf("warned of %q", v.warn)
	}
	v.secrets = s
	v.kept(server{Address: "gone", Password: "x"}, nil)
	if v.book.has("gone") {
		t.Error("what was forgotten comes back")
	}
}

// What the keyring knows, nobody is asked for; what it doesn't, the person is.
func TestConnectsByKeyring(t *testing.T) {
	r, s := newRing(t)
	_, path := serve(t, rfbserver.Options{Password: "secret", TLS: certificate(t)})
	if err := s.put(t.Context(), path, "secret"); err != nil {
		t.Fatal(err)
	}
	e := listenWith(t, path, server{Address: path, Ring: true}, s)
	until[wantTrust](e).answer(true)
	for {
		switch ev := e.next().(type) {
		case wantPassword:
			t.Fatal("the person is asked")
		case connected:
			if ev.security != rfb.X509Vnc {
				t.Errorf("connected by %v", ev.security)
			}
			r.Delete()
			e = listenWith(t, path, server{Address: path, Ring: true}, s)
			until[wantTrust](e).answer(true)
			until[wantPassword](e).answer("", "", false)
			return
		}
	}
}
