//go:build !cgo || !linux

package compute

import "errors"

func openVulkan() (*vulkan, error) {
	return nil, errors.New("built without cgo, and Vulkan is C")
}

// vulkan is what openVulkan would return.
type vulkan struct{}

func (*vulkan) adapters() []Adapter          { return nil }
func (*vulkan) open(Adapter) (device, error) { return nil, errors.New("no Vulkan") }
func (*vulkan) close()                       {}
