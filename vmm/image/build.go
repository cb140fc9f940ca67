package image

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Builder builds images below a folder.
type Builder struct {
	Cache string // folder of kernels and images
	Agent string // rayos-agent, a static binary for the guest
	// Note is told of each step, for a person to read. May be nil.
	Note func(string)

	used []string // names of the folders in Cache that are built or found
}

// System is a bootable kernel and initramfs.
type System struct {
	Dir     string
	Kernel  string // path of the ELF kernel
	Initrd  string // path of the initramfs
	Version string // of the kernel
}

const manifestName = "manifest.json"

// manifest says what a folder has to hold.
type manifest struct {
	Version string            `json:"kernel,omitempty"`
	Inputs  string            `json:"inputs"` // what it was made from
	Files   map[string]string `json:"sha256"`
}

func (b *Builder) note(format string, args ...any) {
	if b.Note != nil {
		b.Note(fmt.Sprintf(format, args...))
	}
}

// System builds kernel and initramfs, or finds them built.
func (b *Builder) System(ctx context.Context) (System, error) {
	s, err := b.system(ctx)
	if err != nil {
		return System{}, fmt.Errorf("build linux-micro: %w", err)
	}
	return s, nil
}

func (b *Builder) system(ctx context.Context) (System, error) {
	agent, err := os.ReadFile(b.Agent)
	if err != nil {
		return System{}, fmt.Errorf("rayos-agent: %w", err)
	}
	if err := checkStatic(agent); err != nil {
		return System{}, fmt.Errorf("%s: %w", b.Agent, err)
	}
	kernel, err := b.kernel(ctx)
	if err != nil {
		return System{}, err
	}
	b.use(kernel.Dir)
	sum := sha256.New()
	fmt.Fprintf(sum, "initramfs 2\n%s\n%v\n%v\n", filepath.Base(kernel.Dir), wanted(), soundModules)
	sum.Write(agent)
	inputs := hex.EncodeToString(sum.Sum(nil))
	dir := filepath.Join(b.Cache, "micro-"+inputs[:16])
	s := System{Dir: dir, Kernel: filepath.Join(dir, "vmlinux"), Initrd: filepath.Join(dir, "initrd"), Version: kernel.Version}
	b.use(dir)
	if verify(dir, inputs) == nil {
		return s, nil
	}
	b.note("building the initramfs")
	err = publish(dir, manifest{Version: kernel.Version, Inputs: inputs}, func(tmp string) error {
		if err := os.Link(filepath.Join(kernel.Dir, "vmlinux"), filepath.Join(tmp, "vmlinux")); err != nil {
			return err
		}
		tree, err := openModules(filepath.Join(kernel.Dir, "modules"))
		if err != nil {
			return err
		}
		mods, err := tree.load(ctx, wanted())
		if err != nil {
			return err
		}
		all, err := tree.load(ctx, slices.Concat(wanted(), soundModules))
		if err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(tmp, "initrd"))
		if err != nil {
			return err
		}
		return errors.Join(writeInitramfs(f, agent, mods, all[len(mods):]), f.Close())
	})
	return s, err
}

// checkStatic refuses a program that needs libraries: a guest begins without
// any, and would stop with a panic that says little.
func checkStatic(program []byte) error {
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		return err
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return errors.New("it needs libraries, and a guest has none: build it with CGO_ENABLED=0")
		}
	}
	return nil
}

func wanted() []string { return append(slices.Clone(modules), networkModules...) }

// kept are all modules that are taken from a kernel's package.
func kept() []string { return slices.Concat(wanted(), nestedModules, soundModules) }

// Nested builds a system that can run machines of its own, where its processor
// can, and mount folders of its host by 9p: kernel and an initramfs in dir, whose
// first process is init, a static binary. It finds the modules for that in
// /modules, in the order of their names.
func (b *Builder) Nested(ctx context.Context, dir, init string) (System, error) {
	kernel, err := b.kernel(ctx)
	if err != nil {
		return System{}, fmt.Errorf("build a nested system: %w", err)
	}
	s := System{Dir: dir, Kernel: filepath.Join(kernel.Dir, "vmlinux"), Initrd: filepath.Join(dir, "nested.initrd"), Version: kernel.Version}
	if err := nested(ctx, kernel, s.Initrd, init); err != nil {
		return System{}, fmt.Errorf("build a nested system: %w", err)
	}
	return s, nil
}

func nested(ctx context.Context, kernel kernelFiles, initrd, init string) error {
	first, err := os.ReadFile(init)
	if err != nil {
		return err
	}
	tree, err := openModules(filepath.Join(kernel.Dir, "modules"))
	if err != nil {
		return err
	}
	mods, err := tree.load(ctx, slices.Concat(nestedModules, folderModules))
	if err != nil {
		return err
	}
	f, err := os.Create(initrd)
	if err != nil {
		return err
	}
	return errors.Join(writeInitramfs(f, first, mods, nil), f.Close())
}

// writeInitramfs writes an initramfs with agent as its /init. It finds its
// modules in /modules, and those for sound in /modules/sound, in the order of their
// names.
func writeInitramfs(w io.Writer, agent []byte, mods, sound []module) error {
	c := newCPIO(w)
	for _, d := range []string{"dev", "proc", "sys", "run", "tmp", "root", "modules", "modules/sound"} {
		c.dir(d)
	}
	c.charDevice("dev/console", 0o600, 5, 1)
	c.charDevice("dev/null", 0o666, 1, 3)
	c.file("init", 0o755, agent)
	for i, m := range mods {
		c.file(fmt.Sprintf("modules/%02d-%s.ko", i, m.name), 0o644, m.data)
	}
	for i, m := range sound {
		c.file(fmt.Sprintf("modules/sound/%02d-%s.ko", i, m.name), 0o644, m.data)
	}
	return c.close()
}

// kernelInputs names what is kept of a kernel's package.
func kernelInputs(name string) string { return name + " " + strings.Join(kept(), ",") }

// kernelFiles is a kernel package, unpacked.
type kernelFiles struct{ Dir, Version string }

func (b *Builder) kernel(ctx context.Context) (kernelFiles, error) {
	if err := os.MkdirAll(b.Cache, 0o755); err != nil {
		return kernelFiles{}, err
	}
	a := &apt{dir: filepath.Join(b.Cache, "apt"), note: func(s string) { b.note("%s", s) }}
	name, err := a.newestKernel(ctx)
	if err != nil {
		// Without lists an older kernel that is here does as well.
		if k, ok := b.anyKernel(); ok {
			return k, nil
		}
		return kernelFiles{}, err
	}
	k := kernelFiles{filepath.Join(b.Cache, name), strings.TrimPrefix(name, "linux-image-")}
	if verify(k.Dir, kernelInputs(name)) == nil {
		return k, nil
	}
	b.note("fetching %s", name)
	err = publish(k.Dir, manifest{Version: k.Version, Inputs: kernelInputs(name)}, func(tmp string) error { return fetchKernel(ctx, a, name, tmp) })
	return k, err
}

// anyKernel finds the newest kernel that was fetched before.
func (b *Builder) anyKernel() (kernelFiles, bool) {
	dirs, _ := filepath.Glob(filepath.Join(b.Cache, "linux-image-*-amd64")) // the pattern is good
	slices.Sort(dirs)
	for _, dir := range slices.Backward(dirs) {
		name := filepath.Base(dir)
		if verify(dir, kernelInputs(name)) == nil {
			return kernelFiles{dir, strings.TrimPrefix(name, "linux-image-")}, true
		}
	}
	return kernelFiles{}, false
}

// fetchKernel leaves vmlinux and modules/ in dir.
func fetchKernel(ctx context.Context, a *apt, name, dir string) error {
	work, err := os.MkdirTemp(dir, "unpack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	deb, err := a.download(ctx, work, name)
	if err != nil {
		return err
	}
	root := filepath.Join(work, "root")
	if out, err := exec.CommandContext(ctx, "dpkg-deb", "-x", deb, root).CombinedOutput(); err != nil {
		return fmt.Errorf("dpkg-deb: %w: %s", err, lastLine(string(out)))
	}
	images, err := filepath.Glob(filepath.Join(root, "boot", "vmlinuz-*"))
	if err != nil || len(images) != 1 {
		return fmt.Errorf("%s holds %d kernels", name, len(images))
	}
	bz, err := os.ReadFile(images[0])
	if err != nil {
		return err
	}
	elf, err := vmlinux(ctx, bz)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "vmlinux"), elf, 0o644); err != nil {
		return err
	}
	var trees []string
	for _, at := range []string{"lib/modules/*", "usr/lib/modules/*"} {
		found, err := filepath.Glob(filepath.Join(root, at))
		if err != nil {
			return err
		}
		trees = append(trees, found...)
	}
	if len(trees) != 1 {
		return fmt.Errorf("%s holds %d trees of modules", name, len(trees))
	}
	tree, err := openModules(trees[0])
	if err != nil {
		return err
	}
	mods, err := tree.load(ctx, kept())
	if err != nil {
		return err
	}
	keep := filepath.Join(dir, "modules")
	if err := os.Mkdir(keep, 0o755); err != nil {
		return err
	}
	for _, m := range mods {
		if err := os.WriteFile(filepath.Join(keep, m.name+".ko"), m.data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// publish lets make fill a folder and gives it its name when it is whole.
func publish(dir string, m manifest, fill func(tmp string) error) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), building)
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := fill(tmp); err != nil {
		return err
	}
	if m.Files, err = sums(tmp); err != nil {
		return err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(tmp, manifestName), data, 0o644); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o755); err != nil {
		return err
	}
	// A folder that is there but not whole makes room; it holds nothing of the
	// person's.
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(tmp, dir)
}

// verify reports why a folder is not the whole image made from inputs.
func verify(dir, inputs string) error {
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if m.Inputs != inputs {
		return fmt.Errorf("%s is of something else", dir)
	}
	have, err := sums(dir)
	if err != nil {
		return err
	}
	for name, sum := range m.Files {
		if have[name] != sum {
			return fmt.Errorf("%s/%s is damaged", dir, name)
		}
	}
	return nil
}

// sums returns the SHA-256 of every file below dir, but the manifest.
func sums(dir string) (map[string]string, error) {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil || rel == manifestName {
			return err
		}
		all[rel], err = sumOf(path)
		return err
	})
	return all, err
}
