#include "calls.h"

// What ray queries need beyond Vulkan 1.1.88, which is as far as vulkan-go goes.
// Handles and addresses are as Vulkan's headers have them; nothing here keeps
// memory or has a state.

enum {
	RT_NO_FEATURES2 = 1,
	RT_NO_STRUCTURE = 2,
	RT_NO_QUERY = 4,
	RT_NO_ADDRESS = 8,
	RT_NO_EXTENSION = 16, // the first, and the others by the next bits
};

enum { RT_EXTENSIONS = 3 };

typedef struct {
	uint64_t primitives; // of a structure, at most
	uint64_t memory;     // bytes of an allocation, at most
	uint32_t scratch;    // alignment of scratch memory
} rt_limits;

typedef struct {
	PFN_vkGetBufferDeviceAddress buffer_address;
	PFN_vkCreateAccelerationStructureKHR create;
	PFN_vkDestroyAccelerationStructureKHR destroy;
	PFN_vkGetAccelerationStructureBuildSizesKHR sizes;
	PFN_vkGetAccelerationStructureDeviceAddressKHR address;
	PFN_vkCmdBuildAccelerationStructuresKHR build;
	const calls *base;
} rt_calls;

typedef struct {
	uint64_t structure, build, update; // bytes
} rt_bytes;

// rt_extensions are what ray queries stand on.
extern const char *const rt_extensions[RT_EXTENSIONS];
// rt_probe returns what an adapter lacks, as RT_NO_ bits.
int rt_probe(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter, rt_limits *limits);
// rt_features is the chain for VkDeviceCreateInfo, rt_addressed the one for
// VkMemoryAllocateInfo. They are constant.
const void *rt_features(void);
const void *rt_addressed(void);
// rt_load finds a device's functions; it returns 0 when one is missing.
int rt_load(rt_calls *c, const calls *base, PFN_vkGetInstanceProcAddr get, VkInstance instance, VkDevice device);

// A structure of boxes (top 0) has count boxes of six floats at an address; one
// of structures (top 1) has the one that rt_instance has written there.
void rt_sizes(const rt_calls *c, VkDevice device, int top, uint32_t count, rt_bytes *bytes);
VkResult rt_create(const rt_calls *c, VkDevice device, int top, VkBuffer buffer, uint64_t size, VkAccelerationStructureKHR *made);
void rt_build(const rt_calls *c, VkCommandBuffer to, int top, int update, VkAccelerationStructureKHR built, uint64_t from, uint32_t count, uint64_t scratch);
void rt_instance(const rt_calls *c, VkDevice device, VkAccelerationStructureKHR boxes, void *at);
uint64_t rt_address(const rt_calls *c, VkDevice device, VkBuffer buffer);
void rt_destroy(const rt_calls *c, VkDevice device, VkAccelerationStructureKHR made);
// rt_wait lets what is built before be read by builds and kernels behind it.
void rt_wait(const rt_calls *c, VkCommandBuffer to);
void rt_bind(const rt_calls *c, VkDevice device, VkDescriptorSet set, uint32_t binding, VkAccelerationStructureKHR scene);
