package control

import (
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// chatty is a session whose version is very long.
type chatty struct{ Session }

func (chatty) Version() string { return strings.Repeat("x", 1<<20) }

// now runs posts on the caller's goroutine, one at a time.
type now struct{ mu sync.Mutex }

func (n *now) Post(fn func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	fn()
}

func TestClientThatDoesNotReadIsDisconnected(t *testing.T) {
	srv, err := Listen(filepath.Join(t.TempDir(), "c.sock"), &now{}, chatty{})
	if err != nil {
		t.Fatal(err)
	}
	srv.mu.Lock()
	srv.writeLimit = 10 * time.Millisecond
	srv.mu.Unlock()
	c, err := net.Dial("unix", srv.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	// Writing fails once the server has hung up; until then it answers into
	// a socket that nobody reads.
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := c.Write([]byte(`{"id":1,"cmd":"version"}` + "\n")); err != nil {
			if ne, ok := err.(net.Error); ok && ne.Timeout() {
				t.Fatal("the server still bears a client that does not read")
			}
			break
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
}
