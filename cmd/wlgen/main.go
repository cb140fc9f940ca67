// Wlgen turns Wayland protocol descriptions into Go.
//
//	wlgen                                   generate surfaces/protocol from its compact files
//	wlgen import -source TEXT FILE.xml...   make compact files from protocol XML
//
// Both work on the folder named by -dir. Nothing is written if anything is
// wrong with the input.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "wlgen:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	if len(args) > 0 && args[0] == "import" {
		return runImport(args[1:], stdout)
	}
	fs := flag.NewFlagSet("wlgen", flag.ContinueOnError)
	dir := fs.String("dir", "surfaces/protocol", "the protocol `folder`; compact files are in its xml folder")
	if err := fs.Parse(args); err != nil {
		return err
	}
	files, err := generateDir(*dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		path := filepath.Join(*dir, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.text) {
			continue
		}
		if err := os.WriteFile(path, f.text, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(stdout, path)
	}
	return nil
}

// readDir reads all compact files of a protocol folder.
func readDir(dir string) ([]*protocol, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "xml", "*.wl"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no compact files in %s", filepath.Join(dir, "xml"))
	}
	var ps []*protocol
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		p, err := readCompact(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		ps = append(ps, p)
	}
	return ps, nil
}

// generateDir makes the Go files of a protocol folder, without writing them.
func generateDir(dir string) ([]file, error) {
	ps, err := readDir(dir)
	if err != nil {
		return nil, err
	}
	g, err := newGenerator(ps)
	if err != nil {
		return nil, err
	}
	return g.generate()
}

func runImport(args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("wlgen import", flag.ContinueOnError)
	dir := fs.String("dir", "surfaces/protocol", "the protocol `folder`")
	source := fs.String("source", "", "what the XML was published in, with its version")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *source == "" || fs.NArg() == 0 {
		return fmt.Errorf("import wants -source and at least one XML file")
	}
	for _, path := range fs.Args() {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		p, err := readXML(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		p.source = *source + ", " + filepath.Base(path)
		var b bytes.Buffer
		if err := writeCompact(&b, p); err != nil {
			return err
		}
		out := filepath.Join(*dir, "xml", strings.ReplaceAll(p.name, "_", "-")+".wl")
		if err := os.WriteFile(out, b.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Fprintln(stdout, out)
	}
	return nil
}
