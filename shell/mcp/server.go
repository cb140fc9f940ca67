// Package mcp offers the commands of a session to programs that speak the Model
// Context Protocol (2025-06-18): each command of the control table is a tool.
//
// It runs in a process of its own, which is a client of the session's control
// socket like rayctl: what such a program sends never reaches the session but
// as a command of the table. Tools that change something exist only where the
// person lets them (the setting privacy.agents).
package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"rayos/shell/control"
)

// maxLine is the longest message that is read, in bytes.
const maxLine = 1 << 20

// caller is a session.
type caller interface {
	Call(ctx context.Context, cmd string, args map[string]any, result any) error
}

// Main serves one program until it ends the input. It returns 1 after an error
// and 2 for wrong arguments.
func Main(args []string, in io.ReadCloser, out io.WriteCloser, stderr io.Writer) int {
	fs := flag.NewFlagSet("rayos-mcp", flag.ContinueOnError)
	fs.SetOutput(stderr)
	act := fs.Bool("act", false, "offer commands that change something, too")
	socket := fs.String("socket", "", "the session's control `SOCKET` (default: that of the environment)")
	if err := fs.Parse(args); err != nil || fs.NArg() > 0 {
		if fs.NArg() > 0 {
			fmt.Fprintf(stderr, "rayos-mcp: %q is too much: there are --act and --socket\n", fs.Arg(0))
		}
		return 2
	}
	if err := run(*socket, *act, in, out); err != nil {
		fmt.Fprintln(stderr, "rayos-mcp:", err)
		return 1
	}
	return 0
}

func run(socket string, act bool, in io.ReadCloser, out io.WriteCloser) error {
	if socket == "" {
		found, err := control.FindSocket(os.Getenv)
		if err != nil {
			return err
		}
		socket = found
	}
	c, err := control.Dial(socket)
	if err != nil {
		return err
	}
	defer c.Close()
	err = newServer(c, act).Run(context.Background(), &sdk.IOTransport{Reader: in, Writer: out, MaxLineLength: maxLine})
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// newServer returns a server with the tools that are allowed.
func newServer(c caller, act bool) *sdk.Server {
	s := sdk.NewServer(&sdk.Implementation{Name: "rayos", Title: "RayOS", Version: "1"}, &sdk.ServerOptions{
		Instructions: "The commands of a RayOS desktop. Windows and machines are named as the tools windows and vm_list tell them.",
	})
	for _, cmd := range control.Commands() {
		if !cmd.Reads && !act {
			continue
		}
		s.AddTool(tool(cmd), func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			return call(ctx, c, cmd, r.Params.Arguments), nil
		})
	}
	return s
}

// toolName is a command's name as MCP allows it.
func toolName(cmd *control.Command) string { return strings.ReplaceAll(cmd.Name, " ", "_") }

// tool describes a command.
func tool(cmd *control.Command) *sdk.Tool {
	type schema map[string]any
	props, required := map[string]schema{}, []string{}
	for i := range cmd.Args {
		a := &cmd.Args[i]
		help := a.Help
		if a.Default != "" {
			help += " (default: " + a.Default + ")"
		}
		p := schema{"type": "string", "description": help}
		switch a.Kind {
		case control.KindBool:
			p["type"] = "boolean"
		case control.KindInt:
			p["type"] = "integer"
			if a.Max > 0 {
				p["minimum"], p["maximum"] = 0, a.Max
			}
		case control.KindFloat:
			p["type"] = "number"
		case control.KindChoice:
			p["enum"] = a.Choices
		}
		props[a.Name] = p
		if a.Required {
			required = append(required, a.Name)
		}
	}
	destructive := !cmd.Reads
	return &sdk.Tool{
		Name: toolName(cmd), Description: cmd.Help,
		InputSchema: schema{"type": "object", "properties": props, "required": required, "additionalProperties": false},
		Annotations: &sdk.ToolAnnotations{ReadOnlyHint: cmd.Reads, DestructiveHint: &destructive},
	}
}

// call carries a command out. What goes wrong is said in the result, so that a
// model can do it right.
func call(ctx context.Context, c caller, cmd *control.Command, arguments json.RawMessage) *sdk.CallToolResult {
	fail := func(err error) *sdk.CallToolResult {
		return &sdk.CallToolResult{IsError: true, Content: []sdk.Content{&sdk.TextContent{Text: err.Error()}}}
	}
	args := map[string]any{}
	if len(arguments) > 0 {
		if err := json.Unmarshal(arguments, &args); err != nil {
			return fail(fmt.Errorf("the arguments are no object: %w", err))
		}
	}
	for name := range args {
		if cmd.Arg(name) == nil {
			return fail(fmt.Errorf("%s has no argument %.60q; it has %s", cmd.Name, name, names(cmd)))
		}
	}
	var result json.RawMessage
	if err := c.Call(ctx, cmd.Name, args, &result); err != nil {
		return fail(err)
	}
	var pic control.Picture
	if json.Unmarshal(result, &pic) == nil && len(pic.PNG) > 0 {
		return &sdk.CallToolResult{Content: []sdk.Content{&sdk.ImageContent{Data: pic.PNG, MIMEType: "image/png"}}}
	}
	text := string(result)
	if len(result) == 0 || text == "null" {
		text = "done"
	}
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}
}

func names(cmd *control.Command) string {
	list := make([]string, len(cmd.Args))
	for i := range cmd.Args {
		list[i] = cmd.Args[i].Name
	}
	if slices.Sort(list); len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
