package vnc

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"sync"
	"time"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// dialWithin is how long a server may take to answer.
const dialWithin = 20 * time.Second

// errNo is why a connection ends that the person didn't want after all.
var errNo = errors.New("given up")

// link is a connection with a server. Its functions are called on the window's
// goroutine, one after the other; run is the other goroutine.
type link struct {
	to     address
	known  server // what is known of it
	keys   secrets
	post   func(func()) bool
	ctx    context.Context
	cancel context.CancelFunc
	told   func(event any)

	mu     sync.Mutex
	client *rfb.Client
}

// What a link tells.
type (
	// wantPassword asks for one; answer is called once, ok with it.
	wantPassword struct {
		method rfb.Security
		answer func(user, password string, ok bool)
	}
	// wantTrust asks whether a certificate, or a key, is the server's.
	wantTrust struct {
		key    string // SHA-256, in hex
		before string // that it was when the person trusted it; "" for never
		answer func(ok bool)
	}
	connected struct {
		name     string
		security rfb.Security
	}
	resized struct{ desktop rfb.Desktop }
	painted struct {
		fb     *rfb.Framebuffer
		damage *geom.Region
	}
	cursorSet struct{ cursor rfb.Cursor }
	clipSet   struct{ text string }
	ended     struct{ err error }
)

// dial begins to connect.
func dial(to address, known server, keys secrets, post func(func()) bool, told func(event any)) *link {
	ctx, cancel := context.WithCancel(context.Background())
	l := &link{to: to, known: known, keys: keys, post: post, ctx: ctx, cancel: cancel, told: told}
	go func() {
		err := l.run(ctx)
		cancel()
		post(func() { told(ended{err}) })
	}()
	return l
}

// say tells the window something and waits until it has heard.
func (l *link) say(event any) {
	heard := make(chan struct{})
	if !l.post(func() { l.told(event); close(heard) }) {
		return
	}
	select {
	case <-heard:
	case <-l.ctx.Done():
	}
}

// ask tells the window a question and waits for the answer.
func ask[T any](ctx context.Context, l *link, question func(answer func(T)) any) (T, error) {
	got := make(chan T, 1)
	var none T
	if !l.post(func() { l.told(question(func(v T) { got <- v })) }) {
		return none, errNo
	}
	select {
	case v := <-got:
		return v, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (l *link) run(ctx context.Context) error {
	dialing, stop := context.WithTimeout(ctx, dialWithin)
	defer stop()
	var d net.Dialer
	conn, err := d.DialContext(dialing, l.to.network, l.to.at)
	if err != nil {
		return err
	}
	c, err := rfb.Connect(ctx, conn, rfb.Options{
		Credentials: l.credentials,
		TLS:         &tls.Config{ServerName: l.to.host},
		Pin:         func(state tls.ConnectionState) error { return l.judge(ctx, state) },
		PinKey:      func(k *rsa.PublicKey) error { return l.trusts(ctx, x509.MarshalPKCS1PublicKey(k)) },
		Quality:     9,
	})
	if err != nil {
		return err
	}
	l.mu.Lock()
	l.client = c
	l.mu.Unlock()
	stopClose := context.AfterFunc(ctx, func() { _ = c.Close() }) // Run tells why
	defer stopClose()
	l.say(connected{c.Name, c.Security})
	var fb rfb.Framebuffer
	return c.Run(rfb.Handler{
		Resize: func(d rfb.Desktop) rfb.Framebuffer {
			fb = rfb.NewFramebuffer(d.Size)
			l.say(resized{d})
			return fb
		},
		Frame:     func(damage *geom.Region) { l.say(painted{&fb, damage}) },
		Cursor:    func(c rfb.Cursor) { l.say(cursorSet{c}) },
		Name:      func(name string) { l.say(connected{name, c.Security}) },
		Clipboard: func(k rfb.Clip) { l.say(clipSet{string(k.Text)}) },
		Offer: func(f rfb.Formats) {
			if f&rfb.FormatText != 0 {
				_ = c.RequestClipboard(rfb.FormatText) // Run tells of a connection that has ended
			}
		},
	})
}

// credentials is asked on run's goroutine.
func (l *link) credentials(ctx context.Context, method rfb.Security) (user, password string, err error) {
	if l.known.Password != "" && (l.known.User != "" || !method.Named()) {
		return l.known.User, l.known.Password, nil
	}
	if l.known.Password == "" && l.known.Ring && (l.known.User != "" || !method.Named()) {
		// What the keyring doesn't tell, the person does.
		if password, err := l.keys.get(ctx, l.known.Address); err == nil && password != "" {
			return l.known.User, password, nil
		}
	}
	type answer struct {
		user, password string
		ok             bool
	}
	a, err := ask(ctx, l, func(done func(answer)) any {
		return wantPassword{method, func(user, password string, ok bool) { done(answer{user, password, ok}) }}
	})
	if err == nil && !a.ok {
		err = errNo
	}
	return a.user, a.password, err
}

// judge compares a server's certificate with the one that the person trusts.
func (l *link) judge(ctx context.Context, state tls.ConnectionState) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("the server has no certificate")
	}
	return l.trusts(ctx, state.PeerCertificates[0].Raw)
}

// trusts asks about a certificate or a key that isn't known.
func (l *link) trusts(ctx context.Context, raw []byte) error {
	sum := sha256.Sum256(raw)
	key := hex.EncodeToString(sum[:])
	if key == l.known.Key {
		return nil
	}
	ok, err := ask(ctx, l, func(done func(bool)) any { return wantTrust{key, l.known.Key, done} })
	if err == nil && !ok {
		err = errNo
	}
	return err
}

// do sends something, when there is a connection. What fails is told by its end. A
// nil link has none: it was lost.
func (l *link) do(fn func(*rfb.Client) error) {
	if l == nil {
		return
	}
	l.mu.Lock()
	c := l.client
	l.mu.Unlock()
	if c != nil {
		_ = fn(c)
	}
}

// close ends the connection.
func (l *link) close() { l.cancel() }
