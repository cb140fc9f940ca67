package mcp

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

// desk is a program that is connected with a session of two windows.
type desk struct {
	t       *testing.T
	session *controltest.Session
	loop    *controltest.Loop
	client  *sdk.ClientSession
}

func newDesk(t *testing.T, flags ...string) *desk {
	t.Helper()
	d := &desk{t: t, session: controltest.New(), loop: controltest.NewLoop()}
	t.Cleanup(d.loop.Stop)
	srv, err := control.Listen(filepath.Join(t.TempDir(), "s"), d.loop, d.session)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { srv.Close() })
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan int, 1)
	go func() { ended <- Main(append(flags, "--socket", srv.Path()), toServer, fromServer, os.Stderr) }()
	client := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil)
	d.client, err = client.Connect(t.Context(), &sdk.IOTransport{Reader: toClient, Writer: fromClient}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = fromClient.Close() // a pipe
		if code := <-ended; code != 0 {
			t.Errorf("it ends with %d", code)
		}
	})
	return d
}

func (d *desk) tools() map[string]*sdk.Tool {
	d.t.Helper()
	all := map[string]*sdk.Tool{}
	for tool, err := range d.client.Tools(d.t.Context(), nil) {
		if err != nil {
			d.t.Fatal(err)
		}
		all[tool.Name] = tool
	}
	return all
}

func (d *desk) call(name string, args map[string]any) (text string, failed bool) {
	d.t.Helper()
	r, err := d.client.CallTool(d.t.Context(), &sdk.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		return err.Error(), true
	}
	switch c := r.Content[0].(type) {
	case *sdk.TextContent:
		text = c.Text
	case *sdk.ImageContent:
		text = "image " + c.MIMEType
	}
	return text, r.IsError
}

func TestWhatOneMayRead(t *testing.T) {
	d := newDesk(t)
	tools := d.tools()
	for _, name := range []string{"windows", "outputs", "vm_list", "processes", "settings"} {
		if tools[name] == nil || !tools[name].Annotations.ReadOnlyHint {
			t.Errorf("there is no %s to read", name)
		}
	}
	for _, name := range []string{"close", "quit", "input_type", "set", "vm_kill", "prompt", "screenshot", "process_end"} {
		if tools[name] != nil {
			t.Errorf("%s is offered to who may only read", name)
		}
		if text, failed := d.call(name, map[string]any{"window": "1"}); !failed {
			t.Errorf("%s was carried out: %s", name, text)
		}
	}
	if text, failed := d.call("windows", nil); failed || !strings.Contains(text, `"id":`) {
		t.Errorf("windows: %s", text)
	}
	d.loop.Do(func() {
		for _, did := range d.session.Log {
			if !strings.HasPrefix(did, "vms") {
				t.Errorf("the session did %q", did)
			}
		}
	})
}

func TestWhatOneMayDo(t *testing.T) {
	d := newDesk(t, "--act")
	tools := d.tools()
	if n := len(control.Commands()); len(tools) != n {
		t.Errorf("%d tools for %d commands", len(tools), n)
	}
	if tool := tools["close"]; tool == nil || tool.Annotations.ReadOnlyHint || !*tool.Annotations.DestructiveHint {
		t.Errorf("close: %+v", tool)
	}
	if text, failed := d.call("focus", map[string]any{"window": "1"}); failed || text != "done" {
		t.Errorf("focus: %s", text)
	}
	if text, failed := d.call("screenshot", map[string]any{"window": "1"}); failed || text != "image image/png" {
		t.Errorf("screenshot: %s", text)
	}
	if text, failed := d.call("focus", map[string]any{"window": "nobody"}); !failed || !strings.Contains(text, "nobody") {
		t.Errorf("a window that there isn't: %s", text)
	}
	if text, failed := d.call("focus", map[string]any{"windw": "1"}); !failed || !strings.Contains(text, "it has window") {
		t.Errorf("an argument that there isn't: %s", text)
	}
}

func TestWrongArguments(t *testing.T) {
	var said bytes.Buffer
	if code := Main([]string{"more"}, os.Stdin, os.Stdout, &said); code != 2 || !strings.Contains(said.String(), "--act") {
		t.Errorf("%d: %s", code, said.String())
	}
	said.Reset()
	if code := Main([]string{"--socket", "/nonexistent"}, os.Stdin, os.Stdout, &said); code != 1 || said.Len() == 0 {
		t.Errorf("%d: %s", code, said.String())
	}
}

// FuzzArguments calls a command with what a model may make up.
func FuzzArguments(f *testing.F) {
	f.Add("focus", []byte(`{"window": 1}`))
	f.Add("input_type", []byte(`{"text": ["a"]}`))
	f.Add("vm_list", []byte(`[]`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		for _, cmd := range control.Commands() {
			if toolName(cmd) == name {
				if r := call(t.Context(), nobody{}, cmd, data); len(r.Content) != 1 {
					t.Errorf("%d parts", len(r.Content))
				}
			}
		}
	})
}

// nobody is a session that takes everything.
type nobody struct{}

func (nobody) Call(context.Context, string, map[string]any, any) error { return nil }
