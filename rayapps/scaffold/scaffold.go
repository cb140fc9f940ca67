// Package scaffold makes the module of a new app: a window, a test of its
// picture, a manifest. It builds against a checkout of RayOS, without the
// network.
//
//	err := scaffold.New("tally", "org.example.Tally", "/src/rayos")
package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"rayos/rayapps/manifest"
)

//go:embed template
var template embed.FS

// module is how a checkout's go.mod begins.
const module = "module rayos\n"

// FindSDK returns the checkout that a program or a folder lies in: the first
// folder above one of paths that has RayOS' go.mod.
func FindSDK(paths ...string) (string, error) {
	for _, p := range paths {
		for dir := p; ; dir = filepath.Dir(dir) {
			if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && strings.HasPrefix(string(data), module) {
				return dir, nil
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return "", errors.New("no checkout of RayOS to build with: name one by --sdk")
}

// New makes the module in a folder that isn't there, or is empty. sdk is a
// checkout: the module replaces rayos by it, and needs the same versions of
// other modules.
func New(dir, id, sdk string) error {
	if !manifest.ValidID(id) {
		return fmt.Errorf("%.60q is no id: want a name like org.example.Tally", id)
	}
	sdk, err := filepath.Abs(sdk)
	if err != nil {
		return err
	}
	mod, err := goMod(id, sdk)
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(sdk, "go.sum"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := empty(dir); err != nil {
		return err
	}
	for name, data := range map[string][]byte{"go.mod": mod, "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	title := id[strings.LastIndexByte(id, '.')+1:]
	fill := strings.NewReplacer("{{ID}}", id, "{{NAME}}", title, "{{PROGRAM}}", manifest.ShortOf(id))
	return fs.WalkDir(template, "template", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := template.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(strings.TrimSuffix(strings.TrimPrefix(name, "template/"), ".tmpl")))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if path.Ext(name) == ".tmpl" {
			data = []byte(fill.Replace(string(data)))
		}
		return os.WriteFile(to, data, 0o644)
	})
}

func empty(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_, err = f.Readdirnames(1)
	err2 := f.Close()
	if errors.Is(err, io.EOF) {
		return err2
	}
	if err == nil {
		err = fmt.Errorf("%s is not empty", dir)
	}
	return errors.Join(err, err2)
}

var requireBlock = regexp.MustCompile(`(?s)\nrequire \((.*?)\n\)`)

// goMod is a module that needs what the checkout needs.
func goMod(id, sdk string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(sdk, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("no checkout of RayOS: %w", err)
	}
	text := string(data)
	if !strings.HasPrefix(text, module) {
		return nil, fmt.Errorf("%s is no checkout of RayOS", sdk)
	}
	if strings.ContainsAny(sdk, " \t\n\"`'") {
		return nil, fmt.Errorf("%s: a go.mod can't name a folder with spaces or quotes", sdk)
	}
	var b strings.Builder
	parts := strings.Split(strings.ToLower(id), ".")
	name := parts[len(parts)-1]
	fmt.Fprintf(&b, "module %s.%s/%s\n\n", parts[1], parts[0], strings.Join(append(parts[2:len(parts)-1:len(parts)-1], name), "/"))
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "go ") {
			b.WriteString(line + "\n")
		}
	}
	fmt.Fprintf(&b, "require rayos v0.0.0\n\nreplace rayos => %s\n", sdk)
	for _, m := range requireBlock.FindAllStringSubmatch(text, -1) {
		b.WriteString("\nrequire (")
		for line := range strings.Lines(m[1] + "\n") {
			line = strings.TrimRight(line, "\n")
			if strings.TrimSpace(line) != "" && !strings.Contains(line, "//") {
				line += " // indirect"
			}
			b.WriteString(line + "\n")
		}
		b.WriteString(")\n")
	}
	return []byte(b.String()), nil
}
