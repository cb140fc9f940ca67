package image

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// modules are what a machine of ours has hardware for, and ext4. What they
// depend on comes along.
var modules = slices.Concat(folderModules, []string{
	"virtio_blk", "virtio_console", "virtio_rng", "virtio_gpu", "virtio_input", "evdev", "ext4", "crc32c_generic", "crc32c_intel",
	"button", // ACPI's, for a shutdown
})

// networkModules come with machines that may have a network card.
var networkModules = []string{"virtio_net", "af_packet"}

// soundModules are for the loudspeaker that a machine may have. The guest loads them
// if it has.
var soundModules = []string{"snd_hda_codec_generic", "snd_hda_intel"}

// nestedModules come with systems that run machines of their own.
var nestedModules = []string{"kvm_amd"}

// folderModules are for folders of the host.
var folderModules = []string{"virtio_pci", "9p", "9pnet_virtio"}

// maxKernel bounds what a kernel image unpacks to.
const maxKernel = 512 << 20

// bootHeader is where x86's boot protocol says things
// (Documentation/arch/x86/boot.rst): sectors of set-up code, and within the
// protected-mode part offset and length of the compressed kernel.
const (
	setupSects    = 0x1f1
	headerMagic   = 0x202
	payloadOffset = 0x248
	payloadLength = 0x24c
)

// payload returns the compressed ELF kernel within a bzImage. QEMU starts
// an ELF kernel directly, which saves seconds of decompression in software
// emulation.
func payload(bz []byte) ([]byte, error) {
	if len(bz) < 0x260 || string(bz[headerMagic:headerMagic+4]) != "HdrS" {
		return nil, errors.New("not a bzImage")
	}
	sects := int(bz[setupSects])
	if sects == 0 {
		sects = 4
	}
	le := binary.LittleEndian
	start := uint64(sects+1)*512 + uint64(le.Uint32(bz[payloadOffset:]))
	end := start + uint64(le.Uint32(bz[payloadLength:]))
	if end > uint64(len(bz)) || start >= end {
		return nil, errors.New("the kernel's payload lies outside its file")
	}
	return bz[start:end], nil
}

// decompressors by the first bytes of what they read.
var decompressors = []struct{ magic, program string }{
	{"\xfd7zXZ\x00", "xz"},
	{"\x28\xb5\x2f\xfd", "zstd"},
	{"\x1f\x8b", "gzip"},
}

// decompress unpacks by the system's own programs. Plain data stays as it is.
func decompress(ctx context.Context, data []byte) ([]byte, error) {
	for _, d := range decompressors {
		if !strings.HasPrefix(string(data[:min(8, len(data))]), d.magic) {
			continue
		}
		cmd := exec.CommandContext(ctx, d.program, "-dc")
		cmd.Stdin = bytes.NewReader(data)
		var out, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &limited{w: &out, left: maxKernel}, &stderr
		err := cmd.Run()
		// The length that the kernel's build appends is trailing garbage to xz.
		if err != nil && out.Len() == 0 || errors.Is(err, errTooLarge) {
			return nil, fmt.Errorf("%s: %w: %s", d.program, err, bytes.TrimSpace(stderr.Bytes()))
		}
		return out.Bytes(), nil
	}
	return data, nil
}

var errTooLarge = errors.New("unpacks to too much")

type limited struct {
	w    *bytes.Buffer
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	if len(b) > l.left {
		return 0, errTooLarge
	}
	l.left -= len(b)
	return l.w.Write(b)
}

// vmlinux unpacks a bzImage to the ELF kernel, and checks that it is whole.
func vmlinux(ctx context.Context, bz []byte) ([]byte, error) {
	packed, err := payload(bz)
	if err != nil {
		return nil, err
	}
	data, err := decompress(ctx, packed)
	if err != nil {
		return nil, err
	}
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("unpacked kernel: %w", err)
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_LOAD && (p.Off > uint64(len(data)) || p.Filesz > uint64(len(data))-p.Off) {
			return nil, errors.New("the unpacked kernel is cut off")
		}
	}
	return data, nil
}

// moduleTree is the folder /lib/modules/VERSION of a kernel package.
type moduleTree struct {
	dir   string
	paths map[string]string // name with '_' → path relative to dir
}

func openModules(dir string) (*moduleTree, error) {
	t := &moduleTree{dir: dir, paths: map[string]string{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _, ok := strings.Cut(d.Name(), ".ko")
		if !ok {
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		t.paths[strings.ReplaceAll(name, "-", "_")] = rel
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("kernel modules: %w", err)
	}
	return t, nil
}

// module is a kernel module to be loaded.
type module struct {
	name string
	data []byte
}

// load reads modules with what they depend on, in an order that they can be
// inserted in. What the kernel has built in has no file and is left out.
func (t *moduleTree) load(ctx context.Context, names []string) ([]module, error) {
	var order []module
	state := map[string]int{} // 1 being read, 2 done
	var visit func(name string) error
	visit = func(name string) error {
		name = strings.ReplaceAll(name, "-", "_")
		path, ok := t.paths[name]
		if !ok || state[name] == 2 {
			return nil
		}
		if state[name] == 1 {
			return fmt.Errorf("kernel modules: %s depends on itself", name)
		}
		state[name] = 1
		data, err := os.ReadFile(filepath.Join(t.dir, path))
		if err != nil {
			return fmt.Errorf("kernel modules: %w", err)
		}
		if data, err = decompress(ctx, data); err != nil {
			return fmt.Errorf("kernel module %s: %w", name, err)
		}
		deps, err := dependencies(data)
		if err != nil {
			return fmt.Errorf("kernel module %s: %w", name, err)
		}
		for _, d := range deps {
			if err := visit(d); err != nil {
				return err
			}
		}
		state[name] = 2
		order = append(order, module{name, data})
		return nil
	}
	for _, n := range names {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// dependencies reads the names that a module says it needs, from the section
// .modinfo ("depends=a,b" and "softdep=pre: c").
func dependencies(ko []byte) ([]string, error) {
	f, err := elf.NewFile(bytes.NewReader(ko))
	if err != nil {
		return nil, err
	}
	section := f.Section(".modinfo")
	if section == nil {
		return nil, errors.New("no .modinfo section")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	var deps []string
	for line := range bytes.SplitSeq(info, []byte{0}) {
		if list, ok := bytes.CutPrefix(line, []byte("depends=")); ok && len(list) > 0 {
			deps = append(deps, strings.Split(string(list), ",")...)
		}
	}
	return deps, nil
}
