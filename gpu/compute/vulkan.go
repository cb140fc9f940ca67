//go:build cgo && linux

package compute

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>
#include "rayquery.h"

// vulkan-go looks for libvulkan.so, which comes with the headers; programs of
// others use libvulkan.so.1.
static void *loader(void) {
	void *lib = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
	return lib ? dlsym(lib, "vkGetInstanceProcAddr") : NULL;
}
*/
import "C"

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	vk "github.com/vulkan-go/vulkan"

	"rayos/gpu/compute/shader"
)

// vulkan is an instance. The library stays loaded until the process ends.
type vulkan struct {
	instance vk.Instance
	physical []vk.PhysicalDevice
	users    atomic.Int32 // whoever opened it, and devices that aren't freed
}

// procs is vkGetInstanceProcAddr.
var procs unsafe.Pointer

// library is loaded once: its function pointers are the process's.
var library = sync.OnceValue(func() error {
	at := C.loader()
	if at == nil {
		return errors.New("there is no libvulkan.so.1 (Debian: libvulkan1)")
	}
	procs = at
	vk.SetGetInstanceProcAddr(at)
	return vk.Init()
})

func failed(what string, r vk.Result) error {
	if r == vk.ErrorDeviceLost {
		return errLost
	}
	return fmt.Errorf("%s: %w", what, vk.Error(r))
}

func openVulkan() (*vulkan, error) {
	if err := library(); err != nil {
		return nil, err
	}
	v := &vulkan{}
	v.users.Store(1)
	info := vk.InstanceCreateInfo{
		SType: vk.StructureTypeInstanceCreateInfo,
		PApplicationInfo: &vk.ApplicationInfo{
			SType:            vk.StructureTypeApplicationInfo,
			PApplicationName: "rayos\x00",
			PEngineName:      "system1\x00",
			ApiVersion:       vk.MakeVersion(1, 2, 0), // ray queries stand on it; kernels need 1.0
		},
	}
	if r := make1(&v.instance, func(h *vk.Instance) vk.Result {
		return vk.CreateInstance(&info, nil, h)
	}); r != vk.Success {
		return nil, failed("vkCreateInstance", r)
	}
	vk.InitInstance(v.instance)
	var n uint32
	if r := vk.EnumeratePhysicalDevices(v.instance, &n, nil); r != vk.Success {
		v.close()
		return nil, failed("vkEnumeratePhysicalDevices", r)
	}
	v.physical = make([]vk.PhysicalDevice, n)
	if n > 0 {
		if r := vk.EnumeratePhysicalDevices(v.instance, &n, v.physical); r != vk.Success {
			v.close()
			return nil, failed("vkEnumeratePhysicalDevices", r)
		}
	}
	v.physical = v.physical[:n]
	return v, nil
}

// close ends one use. Devices may outlive whoever opened them.
func (v *vulkan) close() {
	if v.users.Add(-1) == 0 {
		vk.DestroyInstance(v.instance, nil)
	}
}

var deviceTypes = map[vk.PhysicalDeviceType]string{
	vk.PhysicalDeviceTypeIntegratedGpu: "integrated",
	vk.PhysicalDeviceTypeDiscreteGpu:   "discrete",
	vk.PhysicalDeviceTypeVirtualGpu:    "virtual",
	vk.PhysicalDeviceTypeCpu:           "cpu",
}

// What kernels need of an adapter.
const (
	needGroup  = 64
	needShared = 8 << 10
	needBuffer = 64 << 20
)

func (v *vulkan) adapters() []Adapter {
	var all []Adapter
	for i, p := range v.physical {
		var props vk.PhysicalDeviceProperties
		vk.GetPhysicalDeviceProperties(p, &props)
		props.Deref()
		props.Limits.Deref()
		a := Adapter{
			Index:      i,
			Name:       vk.ToString(props.DeviceName[:]),
			Type:       deviceTypes[props.DeviceType],
			VendorID:   props.VendorID,
			DeviceID:   props.DeviceID,
			API:        vk.Version(props.ApiVersion).String(),
			Driver:     props.DriverVersion,
			MaxStorage: props.Limits.MaxStorageBufferRange,
			MaxShared:  props.Limits.MaxComputeSharedMemorySize,
			MaxGroup:   props.Limits.MaxComputeWorkGroupInvocations,
			MaxGroups:  props.Limits.MaxComputeWorkGroupCount[0],
		}
		if a.Type == "" {
			a.Type = "other"
		}
		a.RayQuery = v.rayQueries(p, &props)
		queue := C.calls_queue(C.PFN_vkGetInstanceProcAddr(procs), v.handle(), C.VkPhysicalDevice(unsafe.Pointer(p)))
		a.Queue = uint32(queue)
		switch {
		case queue < 0:
			a.Unusable = "no queue for compute"
		case a.MaxGroup < needGroup || a.MaxShared < needShared || a.MaxStorage < needBuffer:
			a.Unusable = fmt.Sprintf("limits: workgroups of %d, %d bytes shared, buffers of %d bytes; kernels need %d, %d, %d", a.MaxGroup, a.MaxShared, a.MaxStorage, needGroup, needShared, needBuffer)
		}
		all = append(all, a)
	}
	return all
}

// vulkanDevice has one queue, and for each kernel a pipeline, its buffers and
// two recorded command buffers. What changes from dispatch to dispatch is
// written into the control buffer, so that nothing is recorded again.
type vulkanDevice struct {
	info    Adapter
	vulkan  *vulkan
	device  vk.Device
	queue   vk.Queue
	memory  vk.PhysicalDeviceMemoryProperties
	pool    vk.CommandPool
	sets    vk.DescriptorPool
	kernel  [kernels]*pipeline
	loaded  *pipeline
	control [inFlight]buffer
	fence   []vk.Fence    // in memory of their own, which C sees
	pending [inFlight]int // items of the dispatch under way
	calls   *C.calls      // in memory of C
	rays    *rayQuery     // nil without ray queries
	lost    bool
	pins    runtime.Pinner // of what C sees in Go's memory, until close
}

// make1 calls f with a place for a handle that is alone in its memory: C may not
// be given a pointer into what has Go pointers.
func make1[H any](to *H, f func(*H) vk.Result) vk.Result {
	h := new(H)
	r := f(h)
	*to = *h
	return r
}

// pin keeps a slice where it is. vulkan-go hands C the slices of plain values
// that stand in its structs.
func pin[T any](p *runtime.Pinner, s ...T) []T {
	p.Pin(&s[0])
	return s
}

type pipeline struct {
	layout   vk.DescriptorSetLayout
	pipes    vk.PipelineLayout
	pipeline vk.Pipeline
	set      [inFlight]vk.DescriptorSet
	commands []vk.CommandBuffer // in memory of their own
	in       [3]buffer
	out      buffer
	fresh    bool // recorded for the buffers it has
}

type buffer struct {
	buffer vk.Buffer
	memory vk.DeviceMemory
	size   int
	data   []byte // mapped
	held   int64  // bytes of memory
}

// The control buffer: what control.glsl declares, then the size of a dispatch.
const (
	controlSize  = 64
	indirectAt   = 64
	controlTotal = 128
)

type controlBlock struct {
	next, first, count, budget uint32
	arg                        [12]uint32
}

func (v *vulkan) handle() C.VkInstance { return C.VkInstance(unsafe.Pointer(v.instance)) }

func (v *vulkan) open(a Adapter) (device, error) {
	d := &vulkanDevice{info: a, vulkan: v, fence: make([]vk.Fence, inFlight)}
	physical := v.physical[a.Index]
	vk.GetPhysicalDeviceMemoryProperties(physical, &d.memory)
	d.memory.Deref()
	create := func(rays bool) error {
		var count C.uint32_t
		var next unsafe.Pointer
		if rays {
			count, next = C.RT_EXTENSIONS, unsafe.Pointer(C.rt_features())
		}
		made := new(C.VkDevice)
		if r := C.calls_device(C.PFN_vkGetInstanceProcAddr(procs), v.handle(), C.VkPhysicalDevice(unsafe.Pointer(physical)), C.uint32_t(a.Queue),
			count, &C.rt_extensions[0], next, made); r != C.VK_SUCCESS {
			return failed("vkCreateDevice", vk.Result(r))
		}
		d.device = vk.Device(unsafe.Pointer(*made))
		return nil
	}
	if a.RayQuery == "" {
		if err := create(true); err != nil {
			d.info.RayQuery = "no device with ray queries: " + err.Error()
		}
	}
	if d.device == nil {
		if err := create(false); err != nil {
			return nil, err
		}
	}
	v.users.Add(1)
	if err := d.setUp(); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *vulkanDevice) setUp() error {
	d.calls = (*C.calls)(C.calloc(1, C.sizeof_calls))
	if d.calls == nil || C.calls_load(d.calls, C.PFN_vkGetInstanceProcAddr(procs), d.vulkan.handle(), d.handle()) == 0 {
		return errors.New("the driver lacks functions of Vulkan 1.0")
	}
	make1(&d.queue, func(h *vk.Queue) vk.Result { vk.GetDeviceQueue(d.device, d.info.Queue, 0, h); return vk.Success })
	if r := make1(&d.pool, func(h *vk.CommandPool) vk.Result {
		return vk.CreateCommandPool(d.device, &vk.CommandPoolCreateInfo{
			SType:            vk.StructureTypeCommandPoolCreateInfo,
			Flags:            vk.CommandPoolCreateFlags(vk.CommandPoolCreateResetCommandBufferBit),
			QueueFamilyIndex: d.info.Queue,
		}, nil, h)
	}); r != vk.Success {
		return failed("vkCreateCommandPool", r)
	}
	var scenes C.uint32_t
	if d.info.RayQuery == "" {
		scenes = inFlight
	}
	sets := new(C.VkDescriptorPool)
	if r := C.calls_sets(d.calls, d.handle(), C.uint32_t(inFlight*ways), C.uint32_t(inFlight*int(ways)*5), scenes, sets); r != C.VK_SUCCESS {
		return failed("vkCreateDescriptorPool", vk.Result(r))
	}
	d.sets = vk.DescriptorPool(unsafe.Pointer(*sets))
	for i := range inFlight {
		if r := make1(&d.fence[i], func(h *vk.Fence) vk.Result {
			return vk.CreateFence(d.device, &vk.FenceCreateInfo{SType: vk.StructureTypeFenceCreateInfo}, nil, h)
		}); r != vk.Success {
			return failed("vkCreateFence", r)
		}
		if err := d.grow(&d.control[i], controlTotal, false); err != nil {
			return err
		}
	}
	for k := range kernels {
		p := &pipeline{}
		d.kernel[k] = p
		if err := d.build(k, p); err != nil {
			return fmt.Errorf("kernel %s: %w", k, err)
		}
	}
	if d.info.RayQuery == "" {
		if err := d.openRays(); err != nil {
			d.forget()
			d.info.RayQuery = err.Error()
		}
	}
	return nil
}

// build makes a kernel's pipeline, and its sets and command buffers.
func (d *vulkanDevice) build(k Kernel, p *pipeline) error {
	code := shader.Binary(k.String())
	words := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(code))), len(code)/4)
	d.pins.Pin(&words[0])
	var module vk.ShaderModule
	if r := vk.CreateShaderModule(d.device, &vk.ShaderModuleCreateInfo{
		SType: vk.StructureTypeShaderModuleCreateInfo, CodeSize: uint(len(code)), PCode: words,
	}, nil, &module); r != vk.Success {
		return failed("vkCreateShaderModule", r)
	}
	defer vk.DestroyShaderModule(d.device, module, nil)
	var scenes C.uint32_t
	if k == byQuery {
		scenes = 1
	}
	layout := new(C.VkDescriptorSetLayout)
	if r := C.calls_layout(d.calls, d.handle(), C.uint32_t(inputs[k]+2), scenes, layout); r != C.VK_SUCCESS {
		return failed("vkCreateDescriptorSetLayout", vk.Result(r))
	}
	p.layout = vk.DescriptorSetLayout(unsafe.Pointer(*layout))
	if r := make1(&p.pipes, func(h *vk.PipelineLayout) vk.Result {
		return vk.CreatePipelineLayout(d.device, &vk.PipelineLayoutCreateInfo{
			SType: vk.StructureTypePipelineLayoutCreateInfo, SetLayoutCount: 1, PSetLayouts: pin(&d.pins, p.layout),
		}, nil, h)
	}); r != vk.Success {
		return failed("vkCreatePipelineLayout", r)
	}
	made := new(C.VkPipeline)
	if r := C.calls_pipeline(d.calls, d.handle(), C.VkPipelineLayout(unsafe.Pointer(p.pipes)), C.VkShaderModule(unsafe.Pointer(module)), made); r != C.VK_SUCCESS {
		return failed("vkCreateComputePipelines", vk.Result(r))
	}
	p.pipeline = vk.Pipeline(unsafe.Pointer(*made))
	for i := range inFlight {
		if r := make1(&p.set[i], func(h *vk.DescriptorSet) vk.Result {
			return vk.AllocateDescriptorSets(d.device, &vk.DescriptorSetAllocateInfo{
				SType: vk.StructureTypeDescriptorSetAllocateInfo, DescriptorPool: d.sets, DescriptorSetCount: 1, PSetLayouts: pin(&d.pins, p.layout),
			}, h)
		}); r != vk.Success {
			return failed("vkAllocateDescriptorSets", r)
		}
	}
	commands := make([]vk.CommandBuffer, inFlight)
	if r := vk.AllocateCommandBuffers(d.device, &vk.CommandBufferAllocateInfo{
		SType: vk.StructureTypeCommandBufferAllocateInfo, CommandPool: d.pool, Level: vk.CommandBufferLevelPrimary, CommandBufferCount: inFlight,
	}, commands); r != vk.Success {
		return failed("vkAllocateCommandBuffers", r)
	}
	p.commands = pin(&d.pins, commands...)
	return nil
}

// smallest is the size of a buffer at least, so that growing is rare.
const smallest = 64 << 10

// grow makes a buffer large enough. Its content is lost when it grows.
func (d *vulkanDevice) grow(b *buffer, size int, read bool) error {
	if size <= b.size {
		return nil
	}
	size = max(size, 2*b.size, min(smallest, int(d.info.MaxStorage)))
	if size > int(d.info.MaxStorage) {
		size = int(d.info.MaxStorage)
	}
	u := use{usage: vk.BufferUsageStorageBufferBit | vk.BufferUsageIndirectBufferBit, mapped: true, wish: vk.MemoryPropertyDeviceLocalBit}
	if read {
		u.wish = vk.MemoryPropertyHostCachedBit
	}
	return d.alloc(b, size, u)
}

// use is what a buffer is for.
type use struct {
	usage  vk.BufferUsageFlagBits
	mapped bool                      // the host sees it
	wish   vk.MemoryPropertyFlagBits // cached for what is read back, near the device for what it reads
	next   unsafe.Pointer            // of the allocation
}

// alloc gives a buffer memory of its own in place of what it has.
func (d *vulkanDevice) alloc(b *buffer, size int, u use) error {
	d.free(b)
	info := vk.BufferCreateInfo{SType: vk.StructureTypeBufferCreateInfo, Size: vk.DeviceSize(size), Usage: vk.BufferUsageFlags(u.usage)}
	defer info.Free() // C's copy of it
	if r := make1(&b.buffer, func(h *vk.Buffer) vk.Result {
		return vk.CreateBuffer(d.device, &info, nil, h)
	}); r != vk.Success {
		return failed("vkCreateBuffer", r)
	}
	var need vk.MemoryRequirements
	vk.GetBufferMemoryRequirements(d.device, b.buffer, &need)
	need.Deref()
	kind, ok := d.memoryType(need.MemoryTypeBits, u)
	if !ok {
		return errors.New("no memory that both sides see")
	}
	memory := vk.MemoryAllocateInfo{SType: vk.StructureTypeMemoryAllocateInfo, PNext: u.next, AllocationSize: need.Size, MemoryTypeIndex: kind}
	defer memory.Free()
	if r := make1(&b.memory, func(h *vk.DeviceMemory) vk.Result {
		return vk.AllocateMemory(d.device, &memory, nil, h)
	}); r != vk.Success {
		return failed("vkAllocateMemory", r)
	}
	b.held = int64(need.Size)
	held.Add(b.held)
	if r := vk.BindBufferMemory(d.device, b.buffer, b.memory, 0); r != vk.Success {
		return failed("vkBindBufferMemory", r)
	}
	if u.mapped {
		var at unsafe.Pointer
		if r := vk.MapMemory(d.device, b.memory, 0, vk.DeviceSize(size), 0, &at); r != vk.Success {
			return failed("vkMapMemory", r)
		}
		b.data = unsafe.Slice((*byte)(at), size)
	}
	b.size = size
	return nil
}

func (d *vulkanDevice) free(b *buffer) {
	// Destroying null handles is allowed, and freeing unmaps.
	vk.DestroyBuffer(d.device, b.buffer, nil)
	vk.FreeMemory(d.device, b.memory, nil)
	held.Add(-b.held)
	*b = buffer{}
}

// memoryType finds memory for a use; what the host sees is coherent.
func (d *vulkanDevice) memoryType(bits uint32, u use) (uint32, bool) {
	var must vk.MemoryPropertyFlagBits
	if u.mapped {
		must = vk.MemoryPropertyHostVisibleBit | vk.MemoryPropertyHostCoherentBit
	}
	for _, flags := range []vk.MemoryPropertyFlagBits{must | u.wish, must} {
		for i := range d.memory.MemoryTypeCount {
			d.memory.MemoryTypes[i].Deref()
			if bits&(1<<i) != 0 && vk.MemoryPropertyFlagBits(d.memory.MemoryTypes[i].PropertyFlags)&flags == flags {
				return i, true
			}
		}
	}
	return 0, false
}

func (d *vulkanDevice) adapter() *Adapter { return &d.info }

func (d *vulkanDevice) load(p *program) error {
	if !d.info.fits(p) {
		return fmt.Errorf("buffers of this adapter end at %d bytes", d.info.MaxStorage)
	}
	k, in := d.kernel[p.kernel], p.in[:inputs[p.kernel]]
	if p.way() == byQuery {
		k, in = &d.rays.pipeline, p.in[1:3] // without the nodes
	}
	before := k.sizes()
	for i := range in {
		if err := d.grow(&k.in[i], max(1, len(in[i])), false); err != nil {
			return err
		}
		copy(k.in[i].data, in[i])
	}
	if err := d.grow(&k.out, len(p.out), true); err != nil {
		return err
	}
	if !k.fresh || before != k.sizes() {
		if err := d.record(p.way(), k); err != nil {
			return err
		}
	}
	for i := range inFlight {
		d.block(i).arg = p.arg
	}
	d.loaded = k
	return nil
}

func (p *pipeline) sizes() [4]int {
	return [4]int{p.in[0].size, p.in[1].size, p.in[2].size, p.out.size}
}

func (d *vulkanDevice) block(slot int) *controlBlock {
	return (*controlBlock)(unsafe.Pointer(unsafe.SliceData(d.control[slot].data)))
}

// bare implements barer. The command buffer is its own; control block and fence
// are the second slot's, which a task of one slice does not use.
func (d *vulkanDevice) bare(count, groups int) (func() error, error) {
	k := d.loaded
	const slot = inFlight - 1
	commands := make([]vk.CommandBuffer, 1) // in memory of its own
	if r := vk.AllocateCommandBuffers(d.device, &vk.CommandBufferAllocateInfo{
		SType: vk.StructureTypeCommandBufferAllocateInfo, CommandPool: d.pool, Level: vk.CommandBufferLevelPrimary, CommandBufferCount: 1,
	}, commands); r != vk.Success {
		return nil, failed("vkAllocateCommandBuffers", r)
	}
	d.pins.Pin(&commands[0])
	if err := d.write(k, slot, commands[0], func(c vk.CommandBuffer) { vk.CmdDispatch(c, uint32(groups), 1, 1) }); err != nil {
		return nil, err
	}
	d.block(slot).count = uint32(count)
	d.block(slot).first, d.block(slot).budget = 0, 1
	fence := d.fence[slot : slot+1]
	return func() error {
		d.block(slot).next = 0
		if r := vk.ResetFences(d.device, 1, fence); r != vk.Success {
			return failed("vkResetFences", r)
		}
		if err := d.send(commands[0], fence[0]); err != nil {
			return err
		}
		if r := vk.WaitForFences(d.device, 1, fence, vk.True, uint64(abandonAt)); r != vk.Success {
			return failed("vkWaitForFences", r)
		}
		if n := d.block(slot).next; n < uint32(count) {
			return fmt.Errorf("a bare dispatch took %d of %d items", n, count)
		}
		return nil
	}, nil
}

// record writes the descriptors and the command buffers of a kernel.
func (d *vulkanDevice) record(kind Kernel, k *pipeline) error {
	k.fresh = false
	n := inputs[kind]
	for i := range inFlight {
		buffers := []C.VkBuffer{C.VkBuffer(unsafe.Pointer(d.control[i].buffer))}
		for _, b := range append(k.in[:n:n], k.out) {
			buffers = append(buffers, C.VkBuffer(unsafe.Pointer(b.buffer)))
		}
		C.calls_bind(d.calls, d.handle(), C.VkDescriptorSet(unsafe.Pointer(k.set[i])), C.uint32_t(len(buffers)), &buffers[0])
		if kind == byQuery {
			d.bindScene(k.set[i], len(buffers))
		}
		if err := d.write(k, i, k.commands[i], func(c vk.CommandBuffer) { vk.CmdDispatchIndirect(c, d.control[i].buffer, indirectAt) }); err != nil {
			return err
		}
	}
	k.fresh = true
	return nil
}

// write records a command buffer for a slot: a dispatch, whose results the host
// sees when the fence is signalled.
func (d *vulkanDevice) write(k *pipeline, slot int, c vk.CommandBuffer, dispatch func(vk.CommandBuffer)) error {
	to := C.VkCommandBuffer(unsafe.Pointer(c))
	if r := C.calls_begin(d.calls, to); r != C.VK_SUCCESS {
		return failed("vkBeginCommandBuffer", vk.Result(r))
	}
	vk.CmdBindPipeline(c, vk.PipelineBindPointCompute, k.pipeline)
	vk.CmdBindDescriptorSets(c, vk.PipelineBindPointCompute, k.pipes, 0, 1, []vk.DescriptorSet{k.set[slot]}, 0, nil)
	dispatch(c)
	C.calls_tell_host(d.calls, to)
	if r := vk.EndCommandBuffer(c); r != vk.Success {
		return failed("vkEndCommandBuffer", r)
	}
	return nil
}

func (d *vulkanDevice) submit(slot int, first, count, budget, groups int, f Fault) error {
	if f == LoseNow {
		d.lost = true
		return errLost
	}
	b := d.block(slot)
	b.next, b.first, b.count, b.budget = 0, uint32(first), uint32(count), uint32(budget)
	*(*[3]uint32)(unsafe.Pointer(&d.control[slot].data[indirectAt])) = [3]uint32{uint32(groups), 1, 1}
	d.pending[slot] = count
	if r := vk.ResetFences(d.device, 1, d.fence[slot:slot+1]); r != vk.Success {
		return failed("vkResetFences", r)
	}
	fence := d.fence[slot]
	if f == HangOnce {
		fence = vk.NullFence
	}
	d.lost = d.lost || f == LoseLate
	return d.send(d.loaded.commands[slot], fence)
}

// send submits a command buffer, whose end a fence tells, unless it is null.
func (d *vulkanDevice) send(c vk.CommandBuffer, fence vk.Fence) error {
	if r := C.calls_submit(d.calls, C.VkQueue(unsafe.Pointer(d.queue)), C.VkCommandBuffer(unsafe.Pointer(c)), C.VkFence(unsafe.Pointer(fence))); r != C.VK_SUCCESS {
		return failed("vkQueueSubmit", vk.Result(r))
	}
	return nil
}

func (d *vulkanDevice) wait(slot int, timeout time.Duration) (int, error) {
	if d.lost {
		return 0, errLost
	}
	switch r := vk.WaitForFences(d.device, 1, d.fence[slot:slot+1], vk.True, uint64(timeout)); r {
	case vk.Success:
		return min(int(d.block(slot).next), d.pending[slot]), nil
	case vk.Timeout:
		return 0, errTimeout
	default:
		return 0, failed("vkWaitForFences", r)
	}
}

func (d *vulkanDevice) fetch(p *program, first, count int) {
	size := p.record()
	copy(p.out[first*size:(first+count)*size], d.loaded.out.data[first*size:])
}

// abandon waits for the device where nobody else does. One that never answers
// keeps its memory: freeing what it may still write would be worse.
func (d *vulkanDevice) abandon() {
	abandoned.Go(d.close)
}

func (d *vulkanDevice) freePipeline(k *pipeline) {
	for i := range k.in {
		d.free(&k.in[i])
	}
	d.free(&k.out)
	vk.DestroyPipeline(d.device, k.pipeline, nil)
	vk.DestroyPipelineLayout(d.device, k.pipes, nil)
	vk.DestroyDescriptorSetLayout(d.device, k.layout, nil)
}

func (d *vulkanDevice) close() {
	defer d.pins.Unpin()
	if d.device == nil {
		return
	}
	vk.DeviceWaitIdle(d.device)
	for _, k := range d.kernel {
		if k == nil {
			continue
		}
		d.freePipeline(k)
	}
	d.forget()
	for i := range inFlight {
		d.free(&d.control[i])
		vk.DestroyFence(d.device, d.fence[i], nil)
	}
	vk.DestroyDescriptorPool(d.device, d.sets, nil)
	vk.DestroyCommandPool(d.device, d.pool, nil)
	vk.DestroyDevice(d.device, nil)
	C.free(unsafe.Pointer(d.calls))
	d.device, d.calls = nil, nil
	d.vulkan.close()
}
