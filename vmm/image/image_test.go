package image

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ko makes a module that says what it depends on.
func ko(t *testing.T, depends string) []byte {
	t.Helper()
	info := "license=GPL\x00depends=" + depends + "\x00name=x\x00"
	names := "\x00.modinfo\x00.shstrtab\x00"
	var b bytes.Buffer
	head := elf.Header64{Type: uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: 1, Ehsize: 64, Shentsize: 64, Shnum: 3, Shstrndx: 2}
	copy(head.Ident[:], "\x7fELF\x02\x01\x01")
	infoAt := uint64(64)
	namesAt := infoAt + uint64(len(info))
	head.Shoff = (namesAt + uint64(len(names)) + 7) &^ 7
	le := binary.LittleEndian
	for _, v := range []any{head, []byte(info), []byte(names)} {
		if err := binary.Write(&b, le, v); err != nil {
			t.Fatal(err)
		}
	}
	for uint64(b.Len()) < head.Shoff {
		b.WriteByte(0)
	}
	for _, s := range []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: infoAt, Size: uint64(len(info))},
		{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: namesAt, Size: uint64(len(names))},
	} {
		if err := binary.Write(&b, le, s); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestModulesComeInOrder(t *testing.T) {
	dir := t.TempDir()
	for name, deps := range map[string]string{"virtio_gpu": "drm,virtio-ring", "drm": "backlight", "backlight": "", "virtio-ring": "", "evdev": "", "unused": ""} {
		if err := os.WriteFile(filepath.Join(dir, name+".ko"), ko(t, deps), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := openModules(dir)
	if err != nil {
		t.Fatal(err)
	}
	mods, err := tree.load(context.Background(), []string{"evdev", "virtio_gpu", "built_in", "drm"})
	var names []string
	for _, m := range mods {
		names = append(names, m.name)
	}
	if want := []string{"evdev", "backlight", "drm", "virtio_ring", "virtio_gpu"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("load = %v, %v; want %v", names, err, want)
	}
	if err := os.WriteFile(filepath.Join(dir, "backlight.ko"), ko(t, "drm"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := tree.load(context.Background(), []string{"drm"}); err == nil {
		t.Error("a circle of modules was put in order")
	}
}

func TestInitramfsIsAnArchive(t *testing.T) {
	if _, err := exec.LookPath("cpio"); err != nil {
		t.Skip("cpio is not installed (package cpio)")
	}
	var b bytes.Buffer
	if err := writeInitramfs(&b, []byte("agent"), []module{{"a", []byte("AAA")}, {"b", []byte("B")}}, []module{{"c", []byte("C")}}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("cpio", "-itv", "--quiet")
	cmd.Stdin = bytes.NewReader(b.Bytes())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"5,   1", "-rwxr-xr-x   1 root     root            5", "modules/00-a.ko", "modules/01-b.ko", "modules/sound/00-c.ko", "drwxr-xr-x   2 root"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	var again bytes.Buffer
	writeInitramfs(&again, []byte("agent"), []module{{"a", []byte("AAA")}, {"b", []byte("B")}}, []module{{"c", []byte("C")}})
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same content gives other bytes")
	}
}

func TestHalfBuiltIsNoImage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "image")
	fill := func(tmp string) error { return os.WriteFile(filepath.Join(tmp, "vmlinux"), []byte("kernel"), 0o644) }
	if err := publish(dir, manifest{Inputs: "a"}, func(tmp string) error { fill(tmp); return fmt.Errorf("disk full") }); err == nil {
		t.Fatal("published after an error")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(left) > 0 || verify(dir, "a") == nil {
		t.Errorf("a failed build leaves %v", left)
	}
	if err := publish(dir, manifest{Inputs: "a"}, fill); err != nil {
		t.Fatal(err)
	}
	if err := verify(dir, "a"); err != nil {
		t.Error(err)
	}
	if verify(dir, "b") == nil {
		t.Error("an image of other inputs was taken")
	}
	if err := os.WriteFile(filepath.Join(dir, "vmlinux"), []byte("kernal"), 0o644); err != nil {
		t.Fatal(err)
	}
	if verify(dir, "a") == nil {
		t.Error("a damaged image was taken")
	}
	if err := publish(dir, manifest{Inputs: "a"}, fill); err != nil || verify(dir, "a") != nil {
		t.Errorf("rebuilt: %v, %v", err, verify(dir, "a"))
	}
}

func TestPayloadStaysInside(t *testing.T) {
	bz := make([]byte, 8192)
	copy(bz[headerMagic:], "HdrS")
	bz[setupSects] = 1
	le := binary.LittleEndian
	le.PutUint32(bz[payloadOffset:], 16)
	le.PutUint32(bz[payloadLength:], 100)
	if p, err := payload(bz); err != nil || len(p) != 100 || &p[0] != &bz[1024+16] {
		t.Errorf("payload = %d bytes, %v", len(p), err)
	}
	for name, change := range map[string]func(){
		"length": func() { le.PutUint32(bz[payloadLength:], 0xffffffff) },
		"offset": func() { le.PutUint32(bz[payloadOffset:], 0xffffffff) },
		"none":   func() { le.PutUint32(bz[payloadLength:], 0) },
		"magic":  func() { bz[headerMagic] = 'X' },
	} {
		keep := bytes.Clone(bz)
		change()
		if p, err := payload(bz); err == nil {
			t.Errorf("%s: payload of %d bytes", name, len(p))
		}
		bz = keep
	}
}

func FuzzKernelParts(f *testing.F) {
	f.Add([]byte("HdrS"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := payload(data); err == nil && len(p) > len(data) {
			t.Error("payload longer than its file")
		}
		_, _ = dependencies(data)
	})
}

func TestAgentsThatNeedLibrariesAreRefused(t *testing.T) {
	static := filepath.Join(t.TempDir(), "agent")
	cmd := exec.Command("go", "build", "-o", static, "rayos/cmd/rayos-agent")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	for path, want := range map[string]string{static: "", "/bin/sh": "build it with CGO_ENABLED=0", "image_test.go": "bad magic number"} {
		program, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		err = checkStatic(program)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v; want %q", path, err, want)
		}
	}
}
