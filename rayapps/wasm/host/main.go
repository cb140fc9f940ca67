package host

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"rayos/rayapps"
)

// Main runs a module: args are flags, its path, and what it is to open. It returns
// what to leave the process with.
func Main(args []string, stderr io.Writer) int {
	f := flag.NewFlagSet("rayos-wasm", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprintln(stderr, "usage: rayos-wasm [flags] MODULE.wasm [ADDRESS...]")
		f.PrintDefaults()
	}
	id := f.String("id", "org.rayos.Wasm", "the window's app id, which also names the saved state")
	memory := f.Int("memory", 256, "memory of the module, in MiB, 16 to 4095")
	if err := f.Parse(args); err != nil {
		return 2
	}
	if f.NArg() == 0 || *memory < 16 || *memory > 4095 {
		f.Usage()
		return 2
	}
	path := f.Arg(0)
	err := run(path, f.Args()[1:], *id, *memory, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", path, err)
		return 1
	}
	return 0
}

func run(path string, names []string, id string, memory int, stderr io.Writer) error {
	module, err := load(path)
	if err != nil {
		return err
	}
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(dir, "rayos", "wasm")
	}
	g, err := Compile(module, Options{MemoryMiB: memory, Cache: cache, Output: stderr})
	if err != nil {
		return err
	}
	a, err := NewApp(g)
	if err != nil {
		return err
	}
	o := a.Options(rayapps.Options{
		ID: id, Title: strings.TrimSuffix(filepath.Base(path), ".wasm"), Names: names,
		Log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	return errors.Join(rayapps.Run(o, a), a.Err())
}

func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxModule+1))
	if err == nil && len(data) > MaxModule {
		err = fmt.Errorf("larger than %d MiB", MaxModule>>20)
	}
	return data, err
}
