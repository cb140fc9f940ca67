// Package vulkantest gives tests Vulkan drivers that are the same on every
// machine: programs on the CPU.
package vulkantest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// rays is the manifest of a driver with ray queries: $RAYOS_RT_ICD, or
// lavapipe of Debian's backports, unpacked beside the images of machines.
var rays = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("RAYOS_RT_ICD"); path != "" {
		return path, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	top, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(top, "go.mod")); err == nil {
			break
		}
		if top == filepath.Dir(top) {
			return "", errors.New("the tests don't run in the project's folder")
		}
		top = filepath.Dir(top)
	}
	out, err := exec.Command(filepath.Join(top, "scripts/mesa-backports"), filepath.Join(cache, "rayos", "mesa")).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("scripts/mesa-backports: %w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.TrimSpace(string(out)), err
})

// UseRays has Vulkan's loader find a driver with ray queries until the test
// ends, and nothing else. It skips the test where there is none.
func UseRays(t testing.TB) {
	t.Helper()
	manifest, err := rays()
	if err != nil {
		t.Skipf("no driver with ray queries: %v", err)
	}
	t.Setenv("VK_ICD_FILENAMES", manifest)
}
