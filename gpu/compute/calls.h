#include <vulkan/vulkan_core.h>

// Calls that vulkan-go can't be trusted with. It copies slices of structs into
// memory of C and has the garbage collector free that, which it may do while the
// call is under way: nothing of Go refers to it any more. Whatever takes or gives
// an array of structs is here, and nothing here keeps memory or has a state.

typedef struct {
	PFN_vkCreateDescriptorSetLayout layout;
	PFN_vkCreateDescriptorPool sets;
	PFN_vkCreateComputePipelines pipeline;
	PFN_vkUpdateDescriptorSets update;
	PFN_vkBeginCommandBuffer begin;
	PFN_vkCmdPipelineBarrier barrier;
	PFN_vkQueueSubmit submit;
} calls;

// calls_queue returns the family whose queue computes, the one without graphics
// if there is one: its work doesn't wait behind frames. -1 is none.
int64_t calls_queue(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter);
// calls_device makes a device with a queue and, if it is to have them, the count
// extensions with the features that next chains.
VkResult calls_device(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter, uint32_t family,
	uint32_t count, const char *const *extensions, const void *next, VkDevice *made);
// calls_load finds a device's functions; it returns 0 when one is missing.
int calls_load(calls *c, PFN_vkGetInstanceProcAddr get, VkInstance instance, VkDevice device);

// A set has buffers storage buffers and, behind them, scenes (0 or 1)
// acceleration structures.
VkResult calls_layout(const calls *c, VkDevice device, uint32_t buffers, uint32_t scenes, VkDescriptorSetLayout *made);
VkResult calls_sets(const calls *c, VkDevice device, uint32_t sets, uint32_t buffers, uint32_t scenes, VkDescriptorPool *made);
void calls_bind(const calls *c, VkDevice device, VkDescriptorSet set, uint32_t buffers, const VkBuffer *with);
VkResult calls_pipeline(const calls *c, VkDevice device, VkPipelineLayout layout, VkShaderModule code, VkPipeline *made);
VkResult calls_begin(const calls *c, VkCommandBuffer to);
// calls_tell_host lets the host see what kernels before have written.
void calls_tell_host(const calls *c, VkCommandBuffer to);
VkResult calls_submit(const calls *c, VkQueue to, VkCommandBuffer what, VkFence fence);
