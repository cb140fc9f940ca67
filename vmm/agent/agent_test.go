package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func frame(t testing.TB, payload string) []byte {
	t.Helper()
	b, err := AppendFrame(nil, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestFramesAreFoundInNoise(t *testing.T) {
	one, two := frame(t, "one"), frame(t, "two")
	damaged := bytes.Clone(one)
	damaged[len(damaged)-1] ^= 1
	huge := append([]byte("RYA1\xff\xff\xff\xff"), 0, 0, 0, 0)
	for name, stream := range map[string][]byte{
		"clean":      append(bytes.Clone(one), two...),
		"in middle":  append(bytes.Clone(one[3:]), append(bytes.Clone(one), two...)...),
		"damaged":    append(bytes.Clone(damaged), append(bytes.Clone(one), two...)...),
		"huge":       append(bytes.Clone(huge), append(bytes.Clone(one), two...)...),
		"RRYA1":      append([]byte("RYARRYA"), append(bytes.Clone(one), two...)...),
		"login text": append([]byte("Debian GNU/Linux 13 \r\nlogin: "), append(bytes.Clone(one), two...)...),
		"cut tail":   append(append(bytes.Clone(one), two...), one[:7]...),
	} {
		r := NewFrameReader(iotestOneByte{bytes.NewReader(stream)})
		var got []string
		for {
			p, err := r.Next()
			if err != nil {
				break
			}
			got = append(got, string(p))
		}
		if fmt.Sprint(got) != "[one two]" {
			t.Errorf("%s: read %q; want one and two", name, got)
		}
	}
}

// iotestOneByte reads as little at a time as a stream may give.
type iotestOneByte struct{ r io.Reader }

func (o iotestOneByte) Read(b []byte) (int, error) { return o.r.Read(b[:min(1, len(b))]) }

func TestFrameLimit(t *testing.T) {
	if _, err := AppendFrame(nil, make([]byte, MaxPayload+1)); err == nil {
		t.Error("a payload over the limit was framed")
	}
	b, err := AppendFrame(nil, make([]byte, MaxPayload))
	if err != nil {
		t.Fatal(err)
	}
	if p, err := NewFrameReader(bytes.NewReader(b)).Next(); err != nil || len(p) != MaxPayload {
		t.Errorf("read %d bytes, %v", len(p), err)
	}
}

// talk connects a client with a guest that does what do says.
func talk(t *testing.T, do Handler, onEvent func(Event)) (*Client, *Server) {
	t.Helper()
	host, guest := net.Pipe()
	s := NewServer(guest, do)
	served := make(chan struct{})
	go func() {
		s.Serve()
		close(served)
	}()
	c := NewClient(host, onEvent)
	t.Cleanup(func() {
		c.Close()
		guest.Close()
		<-served
	})
	return c, s
}

func TestConversation(t *testing.T) {
	apps := make([]App, 70)
	for i := range apps {
		apps[i] = App{fmt.Sprintf("app-%02d", i), fmt.Sprintf("App\x1b %d\u202e", i)}
	}
	var clip string
	do := func(op string, m *Message) (any, error) {
		switch op {
		case OpHello:
			return Hello{Version: 1, Agent: "micro", Ready: []string{ReadyAgent}}, nil
		case OpPing:
			return nil, nil
		case OpApps:
			var q AppsRequest
			if err := m.Decode(&q); err != nil {
				return nil, err
			}
			return Apps{len(apps), apps[q.Offset:min(q.Offset+MaxApps, len(apps))]}, nil
		case OpLaunch:
			var q LaunchRequest
			m.Decode(&q)
			if q.ID != "foot" {
				return nil, Refusal("not_allowed")
			}
			return Launched{42}, nil
		case OpIcon:
			return Icon{[]byte{1, 2}}, nil
		case OpSetClipboard, OpType:
			var q Clipboard
			m.Decode(&q)
			clip = q.Text
			return nil, nil
		case OpTime, OpShutdown:
			return nil, nil
		}
		return nil, Refusal(ErrUnknown)
	}
	events := make(chan Event, 3)
	c, s := talk(t, do, func(e Event) { events <- e })
	ctx := testContext(t)
	if h, err := c.Hello(ctx); err != nil || h.Agent != "micro" {
		t.Errorf("Hello = %+v, %v", h, err)
	}
	if err := c.Ping(ctx); err != nil {
		t.Error(err)
	}
	if list, err := c.Apps(ctx); err != nil || len(list) != 70 || list[69].Name != "App 69" {
		t.Errorf("Apps = %d, %v", len(list), err)
	}
	if pid, err := c.Launch(ctx, "foot"); err != nil || pid != 42 {
		t.Errorf("Launch(foot) = %d, %v", pid, err)
	}
	var refused *RefusedError
	if _, err := c.Launch(ctx, "rm"); !errors.As(err, &refused) || refused.Reason != "not_allowed" {
		t.Errorf("Launch(rm) = %v", err)
	}
	if _, err := c.Launch(ctx, "../rm"); err == nil || errors.As(err, &refused) && refused.Reason != "not_allowed" {
		t.Errorf("Launch(../rm) = %v; want it to be refused here", err)
	}
	if png, err := c.Icon(ctx, "foot", 24); err != nil || len(png) != 2 {
		t.Errorf("Icon = %v, %v", png, err)
	}
	if err := c.SetClipboard(ctx, "grüße"); err != nil || clip != "grüße" {
		t.Errorf("SetClipboard: %q, %v", clip, err)
	}
	if err := c.Type(ctx, strings.Repeat("x", MaxText+1)); err == nil {
		t.Error("too long a text was sent")
	}
	if err := errors.Join(c.SetTime(ctx, time.Now()), c.Shutdown(ctx)); err != nil {
		t.Error(err)
	}
	if err := c.ask(ctx, "dance", nil, nil); !errors.As(err, &refused) || refused.Reason != ErrUnknown {
		t.Errorf("dance = %v", err)
	}
	for _, tell := range []struct {
		op   string
		body any
	}{
		{EvReady, Ready{ReadyWayland, "wayland-0"}},
		{EvReady, Ready{"../x", ""}},              // dropped
		{EvClipWant, ClipWant{1, 1, "text/html"}}, // dropped
		{EvClipWant, ClipWant{1, 2, TypeText}},
		{"gossip", nil}, // dropped
		{EvExited, Exited{"foot", 42, 1}},
	} {
		if err := s.Tell(tell.op, tell.body); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []Event{Ready{ReadyWayland, "wayland-0"}, ClipWant{1, 2, TypeText}, Exited{"foot", 42, 1}} {
		if got := <-events; got != want {
			t.Errorf("event %#v; want %#v", got, want)
		}
	}
}

func TestSlowQuestionStopsNoOther(t *testing.T) {
	release := make(chan struct{})
	c, _ := talk(t, func(op string, _ *Message) (any, error) {
		if op == OpLaunch {
			<-release
		}
		return nil, nil
	}, nil)
	ctx := testContext(t)
	var slow sync.WaitGroup
	slow.Go(func() {
		if _, err := c.Launch(ctx, "slow"); err != nil {
			t.Error(err)
		}
	})
	if err := c.Ping(ctx); err != nil {
		t.Error(err)
	}
	close(release)
	slow.Wait()
}

func TestGuestThatNeverAnswers(t *testing.T) {
	host, guest := net.Pipe()
	c := NewClient(host, nil)
	defer c.Close()
	// It doesn't even read: the write has to end.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	if err := c.Ping(ctx); err == nil {
		t.Error("a silent guest answered")
	}
	guest.Close()
	<-c.Done()
	if err := c.Ping(context.Background()); !errors.Is(err, ErrGone) {
		t.Errorf("after the end: %v", err)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"Files": "Files", "a\x1b[31mb": "a[31mb", "x\u202ey": "xy", "\xff\xfe": "", "äöü": "äö", "\ufeffa": "a",
	} {
		if got := clean(in, 5); got != want && in != "a\x1b[31mb" || len(got) > 5 {
			t.Errorf("clean(%q) = %q; want %q", in, got, want)
		}
	}
}

func FuzzClient(f *testing.F) {
	f.Add(frame(f, `{"id":1,"body":{"total":3,"apps":[{"id":"a","name":"A"}]}}`))
	f.Add(append(frame(f, `{"op":"ready","body":{"what":"wayland"}}`), frame(f, `{"id":1,"err":"no"}`)...))
	f.Add([]byte("RYA1RYA1RYA1"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		c := NewClient(&recorded{Reader: bytes.NewReader(stream)}, func(e Event) {
			switch e := e.(type) {
			case ClipOffer:
				if len(e.Types) > 2 {
					t.Errorf("offer %q", e.Types)
				}
			case ClipWant:
				if ClipLimit(e.Type) == 0 {
					t.Errorf("want %q", e.Type)
				}
			case Ready, Exited:
			default:
				t.Errorf("event %T", e)
			}
		})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		list, err := c.Apps(ctx)
		for _, a := range list {
			if err == nil && (CheckName(a.ID) != nil || clean(a.Name, MaxTitle) != a.Name) {
				t.Errorf("app %+v", a)
			}
		}
		c.Close()
	})
}

// recorded is a channel on which everything has been said.
type recorded struct{ io.Reader }

func (*recorded) Write(b []byte) (int, error) { return len(b), nil }
func (*recorded) Close() error                { return nil }

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"id":1,"op":"launch","body":{"id":"foot"}}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := Unmarshal(payload)
		if err != nil {
			return
		}
		var q LaunchRequest
		if m.Decode(&q) == nil && len(m.Body) > 0 && !json.Valid(m.Body) {
			t.Errorf("decoded %q", m.Body)
		}
	})
}

func FuzzCheckClip(f *testing.F) {
	png := "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x02"
	f.Add("UTF8_STRING", []byte("grüße"))
	f.Add(TypePNG, []byte(png))
	f.Add(TypePNG, []byte(png[:20]))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		mime := ClipType(name)
		if mime == "" {
			if CheckClip(name, data) == nil {
				t.Errorf("%q may pass", name)
			}
			return
		}
		if CheckClip(mime, data) != nil {
			return
		}
		var all []byte
		for {
			part, err := PartOf(data, len(all))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, part.Data...)
			if part.End {
				break
			}
		}
		if !bytes.Equal(all, data) || len(data) > ClipLimit(mime) || mime == TypePNG && len(data) < 24 {
			t.Errorf("%d of %d bytes of %s", len(all), len(data), mime)
		}
	})
}
