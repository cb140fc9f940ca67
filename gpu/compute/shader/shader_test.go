package shader

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "compile the kernels again")

// targets are kernels that want more than Vulkan 1.0.
var targets = map[string]string{"rayquery": "vulkan1.2"}

func target(name string) string {
	if t, ok := targets[name]; ok {
		return t
	}
	return "vulkan1.0"
}

func names(t *testing.T) []string {
	sources, err := filepath.Glob("*.comp")
	if err != nil || len(sources) == 0 {
		t.Fatalf("kernels: %v, %v", sources, err)
	}
	for i, s := range sources {
		sources[i] = strings.TrimSuffix(s, ".comp")
	}
	return sources
}

func TestBinariesAreFresh(t *testing.T) {
	glslc, err := exec.LookPath("glslc")
	if err != nil {
		t.Skip("no glslc (Debian: glslc)")
	}
	out, err := exec.Command(glslc, "--version").Output()
	if err != nil {
		t.Fatal(err)
	}
	if version, _, _ := strings.Cut(string(out), "\n"); version != Compiler {
		t.Skipf("glslc is %q; the binaries are of %q, and each version writes its own", version, Compiler)
	}
	for _, name := range names(t) {
		made := filepath.Join(t.TempDir(), name+".spv")
		if out, err := exec.Command(glslc, "--target-env="+target(name), "-O", name+".comp", "-o", made).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		got, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name+".spv", got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if !bytes.Equal(got, Binary(name)) {
			t.Errorf("%s.spv is not what %s.comp compiles to; run this test with -update", name, name)
		}
	}
}

func TestBinariesAreValid(t *testing.T) {
	val, err := exec.LookPath("spirv-val")
	if err != nil {
		t.Skip("no spirv-val (Debian: spirv-tools)")
	}
	for _, name := range names(t) {
		if out, err := exec.Command(val, "--target-env", target(name), name+".spv").CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
