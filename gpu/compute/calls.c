//go:build cgo && linux

#include "calls.h"

enum { most_bindings = 8, most_families = 64 };

int64_t calls_queue(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter) {
	PFN_vkGetPhysicalDeviceQueueFamilyProperties families = (PFN_vkGetPhysicalDeviceQueueFamilyProperties)get(instance, "vkGetPhysicalDeviceQueueFamilyProperties");
	if (!families) return -1;
	VkQueueFamilyProperties all[most_families];
	uint32_t n = most_families;
	families(adapter, &n, all);
	int64_t best = -1;
	for (uint32_t i = 0; i < n; i++) {
		if (!(all[i].queueFlags & VK_QUEUE_COMPUTE_BIT)) continue;
		if (!(all[i].queueFlags & VK_QUEUE_GRAPHICS_BIT)) return i;
		if (best < 0) best = i;
	}
	return best;
}

VkResult calls_device(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter, uint32_t family,
	uint32_t count, const char *const *extensions, const void *next, VkDevice *made) {
	PFN_vkCreateDevice create = (PFN_vkCreateDevice)get(instance, "vkCreateDevice");
	if (!create) return VK_ERROR_INITIALIZATION_FAILED;
	float priority = 1;
	VkDeviceQueueCreateInfo queue = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO,
		.queueFamilyIndex = family,
		.queueCount = 1,
		.pQueuePriorities = &priority,
	};
	VkDeviceCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO,
		.pNext = next,
		.queueCreateInfoCount = 1,
		.pQueueCreateInfos = &queue,
		.enabledExtensionCount = count,
		.ppEnabledExtensionNames = extensions,
	};
	return create(adapter, &info, NULL, made);
}

int calls_load(calls *c, PFN_vkGetInstanceProcAddr get, VkInstance instance, VkDevice device) {
	PFN_vkGetDeviceProcAddr find = (PFN_vkGetDeviceProcAddr)get(instance, "vkGetDeviceProcAddr");
	if (!find) return 0;
	c->layout = (PFN_vkCreateDescriptorSetLayout)find(device, "vkCreateDescriptorSetLayout");
	c->sets = (PFN_vkCreateDescriptorPool)find(device, "vkCreateDescriptorPool");
	c->pipeline = (PFN_vkCreateComputePipelines)find(device, "vkCreateComputePipelines");
	c->update = (PFN_vkUpdateDescriptorSets)find(device, "vkUpdateDescriptorSets");
	c->begin = (PFN_vkBeginCommandBuffer)find(device, "vkBeginCommandBuffer");
	c->barrier = (PFN_vkCmdPipelineBarrier)find(device, "vkCmdPipelineBarrier");
	c->submit = (PFN_vkQueueSubmit)find(device, "vkQueueSubmit");
	return c->layout && c->sets && c->pipeline && c->update && c->begin && c->barrier && c->submit;
}

VkResult calls_layout(const calls *c, VkDevice device, uint32_t buffers, uint32_t scenes, VkDescriptorSetLayout *made) {
	VkDescriptorSetLayoutBinding bindings[most_bindings];
	if (buffers + scenes > most_bindings) return VK_ERROR_OUT_OF_HOST_MEMORY;
	for (uint32_t i = 0; i < buffers + scenes; i++)
		bindings[i] = (VkDescriptorSetLayoutBinding){
			.binding = i,
			.descriptorType = i < buffers ? VK_DESCRIPTOR_TYPE_STORAGE_BUFFER : VK_DESCRIPTOR_TYPE_ACCELERATION_STRUCTURE_KHR,
			.descriptorCount = 1,
			.stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
		};
	VkDescriptorSetLayoutCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO,
		.bindingCount = buffers + scenes,
		.pBindings = bindings,
	};
	return c->layout(device, &info, NULL, made);
}

VkResult calls_sets(const calls *c, VkDevice device, uint32_t sets, uint32_t buffers, uint32_t scenes, VkDescriptorPool *made) {
	VkDescriptorPoolSize sizes[] = {
		{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, buffers},
		{VK_DESCRIPTOR_TYPE_ACCELERATION_STRUCTURE_KHR, scenes},
	};
	VkDescriptorPoolCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO,
		.maxSets = sets,
		.poolSizeCount = scenes ? 2 : 1,
		.pPoolSizes = sizes,
	};
	return c->sets(device, &info, NULL, made);
}

void calls_bind(const calls *c, VkDevice device, VkDescriptorSet set, uint32_t buffers, const VkBuffer *with) {
	VkDescriptorBufferInfo infos[most_bindings];
	VkWriteDescriptorSet writes[most_bindings];
	if (buffers > most_bindings) return; // calls_layout has refused it
	for (uint32_t i = 0; i < buffers; i++) {
		infos[i] = (VkDescriptorBufferInfo){.buffer = with[i], .range = VK_WHOLE_SIZE};
		writes[i] = (VkWriteDescriptorSet){
			.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
			.dstSet = set,
			.dstBinding = i,
			.descriptorCount = 1,
			.descriptorType = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER,
			.pBufferInfo = &infos[i],
		};
	}
	c->update(device, buffers, writes, 0, NULL);
}

VkResult calls_pipeline(const calls *c, VkDevice device, VkPipelineLayout layout, VkShaderModule code, VkPipeline *made) {
	VkComputePipelineCreateInfo info = {
		.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
		.stage = {
			.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO,
			.stage = VK_SHADER_STAGE_COMPUTE_BIT,
			.module = code,
			.pName = "main",
		},
		.layout = layout,
	};
	return c->pipeline(device, VK_NULL_HANDLE, 1, &info, NULL, made);
}

VkResult calls_begin(const calls *c, VkCommandBuffer to) {
	VkCommandBufferBeginInfo info = {.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
	return c->begin(to, &info);
}

void calls_tell_host(const calls *c, VkCommandBuffer to) {
	VkMemoryBarrier written = {
		.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
		.srcAccessMask = VK_ACCESS_SHADER_WRITE_BIT,
		.dstAccessMask = VK_ACCESS_HOST_READ_BIT,
	};
	c->barrier(to, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_PIPELINE_STAGE_HOST_BIT, 0, 1, &written, 0, NULL, 0, NULL);
}

VkResult calls_submit(const calls *c, VkQueue to, VkCommandBuffer what, VkFence fence) {
	VkSubmitInfo info = {
		.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO,
		.commandBufferCount = 1,
		.pCommandBuffers = &what,
	};
	return c->submit(to, 1, &info, fence);
}
