//go:build cgo && linux

package compute

// #include "rayquery.h"
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unsafe"

	vk "github.com/vulkan-go/vulkan"
)

// What of VK_KHR_acceleration_structure vulkan-go doesn't name.
const (
	addressed = vk.BufferUsageFlagBits(C.VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT)
	buildFrom = addressed | vk.BufferUsageFlagBits(C.VK_BUFFER_USAGE_ACCELERATION_STRUCTURE_BUILD_INPUT_READ_ONLY_BIT_KHR)
	structure = addressed | vk.BufferUsageFlagBits(C.VK_BUFFER_USAGE_ACCELERATION_STRUCTURE_STORAGE_BIT_KHR)
	scratched = addressed | vk.BufferUsageStorageBufferBit
)

// Bounds of a scene: what is larger goes by the trace kernel. A build is one
// piece of work, which a device has to do within a second.
const (
	maxSceneBoxes = 1 << 18
	maxSceneBytes = 256 << 20
)

// rayQueries says why an adapter has no ray queries, "" when it has.
func (v *vulkan) rayQueries(p vk.PhysicalDevice, props *vk.PhysicalDeviceProperties) string {
	if props.ApiVersion < vk.MakeVersion(1, 2, 0) {
		return fmt.Sprintf("the driver speaks Vulkan %s, and ray queries stand on 1.2", vk.Version(props.ApiVersion))
	}
	var limits C.rt_limits
	lacks := v.probeRays(p, &limits)
	var missing []string
	for i, name := range C.rt_extensions {
		if lacks&(C.RT_NO_EXTENSION<<i) != 0 {
			missing = append(missing, C.GoString(name))
		}
	}
	for _, f := range []struct {
		bit  C.int
		name string
	}{
		{C.RT_NO_FEATURES2, "vkGetPhysicalDeviceFeatures2"},
		{C.RT_NO_STRUCTURE, "the feature accelerationStructure"},
		{C.RT_NO_QUERY, "the feature rayQuery"},
		{C.RT_NO_ADDRESS, "the feature bufferDeviceAddress"},
	} {
		if lacks&f.bit != 0 {
			missing = append(missing, f.name)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return "the driver lacks " + strings.Join(missing, ", ")
}

func (v *vulkan) probeRays(p vk.PhysicalDevice, limits *C.rt_limits) C.int {
	return C.rt_probe(C.PFN_vkGetInstanceProcAddr(procs), C.VkInstance(unsafe.Pointer(v.instance)), C.VkPhysicalDevice(unsafe.Pointer(p)), limits)
}

// rayQuery is what a device has for ray queries: a pipeline, and a scene, which
// is one structure of boxes and one around it.
type rayQuery struct {
	calls    C.rt_calls
	limits   C.rt_limits
	pipeline pipeline
	commands []vk.CommandBuffer // one
	fence    []vk.Fence         // one
	scene    scene

	boxes, instance, scratch buffer
	level                    [2]level // of boxes, of that
}

// level is an acceleration structure and its memory.
type level struct {
	made C.VkAccelerationStructureKHR
	at   buffer
}

func (d *vulkanDevice) handle() C.VkDevice { return C.VkDevice(unsafe.Pointer(d.device)) }

// openRays makes what ray queries stand on; forget frees it.
func (d *vulkanDevice) openRays() error {
	q := &rayQuery{fence: make([]vk.Fence, 1), commands: make([]vk.CommandBuffer, 1)}
	d.rays = q
	if lacks := d.vulkan.probeRays(d.vulkan.physical[d.info.Index], &q.limits); lacks != 0 {
		return fmt.Errorf("the driver lacks features it had before (%#x)", int(lacks))
	}
	if C.rt_load(&q.calls, d.calls, C.PFN_vkGetInstanceProcAddr(procs), C.VkInstance(unsafe.Pointer(d.vulkan.instance)), d.handle()) == 0 {
		return errors.New("the driver names the extensions and lacks their functions")
	}
	if r := make1(&q.fence[0], func(h *vk.Fence) vk.Result {
		return vk.CreateFence(d.device, &vk.FenceCreateInfo{SType: vk.StructureTypeFenceCreateInfo}, nil, h)
	}); r != vk.Success {
		return failed("vkCreateFence", r)
	}
	if r := vk.AllocateCommandBuffers(d.device, &vk.CommandBufferAllocateInfo{
		SType: vk.StructureTypeCommandBufferAllocateInfo, CommandPool: d.pool, Level: vk.CommandBufferLevelPrimary, CommandBufferCount: 1,
	}, q.commands); r != vk.Success {
		return failed("vkAllocateCommandBuffers", r)
	}
	d.pins.Pin(&q.commands[0])
	if err := d.build(byQuery, &q.pipeline); err != nil {
		return fmt.Errorf("kernel %s: %w", byQuery, err)
	}
	return nil
}

// forget implements tracer. Nothing is under way.
func (d *vulkanDevice) forget() {
	q := d.rays
	if q == nil {
		return
	}
	for i := range q.level {
		d.freeLevel(&q.level[i])
	}
	for _, b := range []*buffer{&q.boxes, &q.instance, &q.scratch} {
		d.free(b)
	}
	d.freePipeline(&q.pipeline)
	vk.DestroyFence(d.device, q.fence[0], nil)
	d.rays = nil
}

func (d *vulkanDevice) freeLevel(l *level) {
	if l.made != nil {
		C.rt_destroy(&d.rays.calls, d.handle(), l.made)
	}
	d.free(&l.at)
	*l = level{}
}

// arrange implements tracer.
func (d *vulkanDevice) arrange(p *program, fault func() Fault, timeout time.Duration) (work, error) {
	q, boxes := d.rays, p.trace.Tree.Boxes()
	w := q.scene.wants(boxes, p.far)
	if w == stands {
		return w, nil
	}
	if w == anew {
		q.scene = scene{boxes: q.scene.boxes[:0]}
		if err := d.room(len(boxes)); err != nil {
			return w, err
		}
		q.scene.far = p.far
	}
	floats := unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(q.boxes.data))), len(q.boxes.data)/4)
	enclose(floats, boxes, q.scene.far)
	if err := d.recordScene(len(boxes), w == refit); err != nil {
		return w, err
	}
	if err := d.runScene(fault(), timeout); err != nil {
		q.scene = scene{}
		return w, err
	}
	q.scene.has(boxes, q.scene.far, w)
	return w, nil
}

const boxBytes = 24 // of VkAabbPositionsKHR

// room makes structures for a number of boxes, if those there are are too small.
func (d *vulkanDevice) room(count int) error {
	q := d.rays
	if most := min(maxSceneBoxes, uint64(q.limits.primitives)); uint64(count) > most {
		return fmt.Errorf("a scene of %d boxes; %d are the most", count, most)
	}
	var bytes [2]C.rt_bytes
	total, scratch := uint64(count)*boxBytes, uint64(0)
	for i := range bytes {
		n := 1
		if i == 0 {
			n = count
		}
		C.rt_sizes(&q.calls, d.handle(), C.int(i), C.uint32_t(n), &bytes[i])
		scratch = max(scratch, uint64(bytes[i].build), uint64(bytes[i].update))
		total += uint64(bytes[i].structure)
	}
	if total += scratch; total > maxSceneBytes || q.limits.memory != 0 && total > uint64(q.limits.memory) {
		return fmt.Errorf("a scene of %d boxes takes %d MiB; %d are the most", count, total>>20, maxSceneBytes>>20)
	}
	host := use{usage: buildFrom, mapped: true, wish: vk.MemoryPropertyDeviceLocalBit, next: unsafe.Pointer(C.rt_addressed())}
	near := host
	near.mapped = false
	if err := d.larger(&q.boxes, uint64(count)*boxBytes, host); err != nil {
		return err
	}
	if err := d.larger(&q.instance, 64, host); err != nil {
		return err
	}
	near.usage = scratched
	if err := d.larger(&q.scratch, scratch+uint64(q.limits.scratch), near); err != nil {
		return err
	}
	near.usage = structure
	for i := range q.level {
		l := &q.level[i]
		if size := uint64(bytes[i].structure); l.made == nil || size > uint64(l.at.size) {
			d.freeLevel(l)
			if err := d.larger(&l.at, size, near); err != nil {
				return err
			}
			var made C.VkAccelerationStructureKHR
			if r := C.rt_create(&q.calls, d.handle(), C.int(i), C.VkBuffer(unsafe.Pointer(l.at.buffer)), C.uint64_t(l.at.size), &made); r != C.VK_SUCCESS {
				return failed("vkCreateAccelerationStructureKHR", vk.Result(r))
			}
			l.made = made
			q.pipeline.fresh = false // it names the one before
		}
	}
	C.rt_instance(&q.calls, d.handle(), q.level[0].made, unsafe.Pointer(&q.instance.data[0]))
	return nil
}

// larger makes a buffer large enough, within the bounds of a scene.
func (d *vulkanDevice) larger(b *buffer, size uint64, u use) error {
	if size <= uint64(b.size) {
		return nil
	}
	return d.alloc(b, int(max(size, min(2*uint64(b.size), maxSceneBytes), 4096)), u)
}

// recordScene records a build of both levels, or a refit of the lower one; the
// upper one has one place to look up and is always built.
func (d *vulkanDevice) recordScene(count int, update bool) error {
	q, c := d.rays, d.rays.commands[0]
	to := C.VkCommandBuffer(unsafe.Pointer(c))
	if r := C.calls_begin(d.calls, to); r != C.VK_SUCCESS {
		return failed("vkBeginCommandBuffer", vk.Result(r))
	}
	address := func(b *buffer) C.uint64_t {
		return C.rt_address(&q.calls, d.handle(), C.VkBuffer(unsafe.Pointer(b.buffer)))
	}
	align := C.uint64_t(max(1, q.limits.scratch))
	scratch := (address(&q.scratch) + align - 1) / align * align
	again := C.int(0)
	if update {
		again = 1
	}
	C.rt_build(&q.calls, to, 0, again, q.level[0].made, address(&q.boxes), C.uint32_t(count), scratch)
	C.rt_wait(&q.calls, to)
	C.rt_build(&q.calls, to, 1, 0, q.level[1].made, address(&q.instance), 1, scratch)
	C.rt_wait(&q.calls, to)
	if r := vk.EndCommandBuffer(c); r != vk.Success {
		return failed("vkEndCommandBuffer", r)
	}
	return nil
}

// runScene does what is recorded.
func (d *vulkanDevice) runScene(f Fault, timeout time.Duration) error {
	q := d.rays
	if f == LoseNow {
		d.lost = true
		return errLost
	}
	if r := vk.ResetFences(d.device, 1, q.fence); r != vk.Success {
		return failed("vkResetFences", r)
	}
	fence := q.fence[0]
	if f == HangOnce {
		fence = vk.NullFence
	}
	if err := d.send(q.commands[0], fence); err != nil {
		return err
	}
	if f == LoseLate {
		d.lost = true
		return errLost
	}
	switch r := vk.WaitForFences(d.device, 1, q.fence, vk.True, uint64(timeout)); r {
	case vk.Success:
		return nil
	case vk.Timeout:
		return errTimeout
	default:
		return failed("vkWaitForFences", r)
	}
}

func (d *vulkanDevice) bindScene(set vk.DescriptorSet, binding int) {
	C.rt_bind(&d.rays.calls, d.handle(), C.VkDescriptorSet(unsafe.Pointer(set)), C.uint32_t(binding), d.rays.level[1].made)
}

// A scene's boxes are as enclose writes them.
var _ = [1]struct{}{}[boxBytes-C.sizeof_VkAabbPositionsKHR]

var _ tracer = (*vulkanDevice)(nil)
