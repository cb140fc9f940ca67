package xkb

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Names select a keymap as xkeyboard-config(7) describes: layouts, variants
// and options separated by commas. Empty fields mean evdev, pc105, us.
type Names struct {
	Rules, Model, Layout, Variant, Options string
}

// ErrNoCompiler means that xkbcli is not installed, so that only the built-in
// us keymap can be had.
var ErrNoCompiler = errors.New("xkbcli not found (install libxkbcommon-tools): keyboard layout is us")

// compileTimeout bounds xkbcli, which takes about 10 ms.
const compileTimeout = 5 * time.Second

var compiled struct {
	mu    sync.Mutex
	texts map[Names]string
}

// Compile returns the resolved keymap of names, from xkbcli or from earlier
// calls. Without xkbcli it returns the built-in us keymap; the error is then
// ErrNoCompiler unless us was asked for. It may be called from any goroutine
// and blocks while xkbcli runs.
func Compile(names Names) (text string, err error) {
	if names.Layout == "" {
		names.Layout = "us"
	}
	compiled.mu.Lock()
	defer compiled.mu.Unlock()
	if text, ok := compiled.texts[names]; ok {
		return text, nil
	}
	path, err := exec.LookPath("xkbcli")
	if err != nil {
		if names == (Names{Layout: "us"}) {
			return builtinText, nil
		}
		return builtinText, ErrNoCompiler
	}
	text, err = runCompiler(path, names)
	if err != nil {
		return "", err
	}
	if compiled.texts == nil {
		compiled.texts = map[Names]string{}
	}
	compiled.texts[names] = text
	return text, nil
}

func runCompiler(path string, names Names) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), compileTimeout)
	defer cancel()
	args := []string{"compile-keymap"}
	for _, f := range [...]struct{ flag, value string }{
		{"--rules", names.Rules},
		{"--model", names.Model},
		{"--layout", names.Layout},
		{"--variant", names.Variant},
		{"--options", names.Options},
	} {
		if f.value != "" {
			args = append(args, f.flag, f.value)
		}
	}
	cmd := exec.CommandContext(ctx, path, args...)
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return "", fmt.Errorf("compile keymap %+v: %w: %s", names, err, firstLine(diag.String()))
	}
	return strings.TrimRight(out.String(), "\n") + "\n", nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// Load compiles and parses the keymap of names. With ErrNoCompiler the keymap
// is the built-in one and usable.
func Load(names Names) (*Keymap, error) {
	text, err := Compile(names)
	if errors.Is(err, ErrNoCompiler) {
		return Builtin(), err
	}
	if err != nil {
		return nil, err
	}
	return Parse(text)
}
