package rayapps

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
	"rayos/rayapps/applink"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// linked is an app with a session at the other end.
type linked struct {
	t     *testing.T
	w     *Window
	loop  *loop.Loop
	far   int
	names []string
}

func (*linked) View(*Window) ui.Node             { return ui.Label{} }
func (l *linked) Open(_ *Window, names []string) { l.names = append(l.names, names...) }

func newLinked(t *testing.T) *linked {
	t.Helper()
	lp, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	l := &linked{t: t, loop: lp, far: fds[1]}
	o := Options{ID: "org.example.Linked"}
	if err := o.complete(); err != nil {
		t.Fatal(err)
	}
	l.w = newWindow(lp, o, l, settings{}, text.NewFonts(text.Options{}))
	t.Setenv(applink.Variable, strconv.Itoa(fds[0]))
	if err := l.w.openLink(); err != nil {
		t.Fatal(err)
	}
	if _, ok := os.LookupEnv(applink.Variable); ok {
		t.Error("what the app starts would have the socket too")
	}
	t.Cleanup(func() {
		if l.w.link != nil {
			l.w.link.close()
		}
		_ = unix.Close(l.far)
		if err := lp.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func (l *linked) says(line string, fds ...int) {
	l.t.Helper()
	var rights []byte
	if fds != nil {
		rights = unix.UnixRights(fds...)
	}
	if err := unix.Sendmsg(l.far, []byte(line), rights, nil, 0); err != nil {
		l.t.Fatal(err)
	}
	if err := l.loop.Dispatch(0); err != nil {
		l.t.Fatal(err)
	}
}

// TestLooksOfTheSession: colours change while the app runs, but not what the
// person has fixed for it.
func TestLooksOfTheSession(t *testing.T) {
	l := newLinked(t)
	l.w.settings.fixedAccent, l.w.settings.Accent = true, 0xff102030
	l.says(`{"looks":"light #5aa9ff still"}`)
	if th := l.w.Theme(); th.Scheme != theme.Light || l.w.settings.Accent != 0xff102030 || !th.Still {
		t.Errorf("%v, %x, %v", th.Scheme, l.w.settings.Accent, th.Still)
	}
	l.says(`{"looks":"dark-contrast"}`)
	if th := l.w.Theme(); th.Scheme != theme.DarkContrast || th.Still {
		t.Errorf("%v, %v", th.Scheme, th.Still)
	}
}

func TestPickFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(path, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	l := newLinked(t)
	var got []string
	done := func(f *os.File, name string, err error) {
		if f == nil {
			got = append(got, err.Error())
			return
		}
		data, err := io.ReadAll(f)
		got = append(got, name+" "+string(data))
		if err := errors.Join(err, f.Close()); err != nil {
			t.Error(err)
		}
	}
	for range 3 {
		l.w.PickFile(Pick{Save: true, Name: "n"}, done)
	}
	buf := make([]byte, 1000)
	n, err := unix.Read(l.far, buf)
	if want := `{"id":1,"save":true,"name":"n"}`; err != nil || string(buf[:n]) != want {
		t.Errorf("asks %q, %v; want %s", buf[:n], err, want)
	}
	l.says(`{"id":2,"name":"x"}`, int(file.Fd()))
	l.says(`{"id":1,"why":"cancelled"}`)
	l.says(`{"id":3,"why":"busy"}`)
	l.says(`{"id":3,"name":"x"}`, int(file.Fd())) // nobody asks any more
	want := []string{"x hello", ErrCancelled.Error(), "rayapps: no file: busy"}
	if !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	// The session goes.
	l.w.PickFile(Pick{}, done)
	if err := unix.Shutdown(l.far, unix.SHUT_RDWR); err != nil {
		t.Fatal(err)
	}
	if err := l.loop.Dispatch(0); err != nil {
		t.Fatal(err)
	}
	l.w.PickFile(Pick{}, done)
	if err := l.loop.Dispatch(0); err != nil {
		t.Fatal(err)
	}
	if got = got[3:]; !slices.Equal(got, []string{ErrNoPicker.Error(), ErrNoPicker.Error()}) {
		t.Errorf("without a session: %q", got)
	}
}

func TestStartedAgain(t *testing.T) {
	l := newLinked(t)
	l.says(`{"open":["a","b"],"token":"t"}`)
	l.says(`{"token":"t"}`)
	if !slices.Equal(l.names, []string{"a", "b"}) {
		t.Errorf("opens %q", l.names)
	}
	l.says("no message")
	if l.w.link != nil {
		t.Error("the link is still there")
	}
}

func TestLinksThatAreNone(t *testing.T) {
	for _, v := range []string{"", "x", "-1", "2", "9999999"} {
		t.Setenv(applink.Variable, v)
		lp, err := loop.NewVirtual()
		if err != nil {
			t.Fatal(err)
		}
		w := &Window{loop: lp}
		if err := w.openLink(); err == nil || !strings.Contains(err.Error(), applink.Variable) {
			t.Errorf("%q: %v", v, err)
		}
		if err := lp.Close(); err != nil {
			t.Error(err)
		}
	}
}
