//go:build cgo && linux

#include "rayquery.h"

#include <stdlib.h>
#include <string.h>

// Of extensions that VK_KHR_ray_query stands on, buffer addresses are in Vulkan
// 1.2. Drivers read these chains and don't write them.
static const VkPhysicalDeviceBufferDeviceAddressFeatures want_address = {
	.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_BUFFER_DEVICE_ADDRESS_FEATURES,
	.bufferDeviceAddress = VK_TRUE,
};
static const VkPhysicalDeviceRayQueryFeaturesKHR want_query = {
	.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_RAY_QUERY_FEATURES_KHR,
	.pNext = (void *)&want_address,
	.rayQuery = VK_TRUE,
};
static const VkPhysicalDeviceAccelerationStructureFeaturesKHR want_structure = {
	.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_FEATURES_KHR,
	.pNext = (void *)&want_query,
	.accelerationStructure = VK_TRUE,
};
static const VkMemoryAllocateFlagsInfo want_addressed = {
	.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO,
	.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT,
};

const char *const rt_extensions[RT_EXTENSIONS] = {
	VK_KHR_ACCELERATION_STRUCTURE_EXTENSION_NAME,
	VK_KHR_RAY_QUERY_EXTENSION_NAME,
	VK_KHR_DEFERRED_HOST_OPERATIONS_EXTENSION_NAME,
};

const void *rt_features(void) { return &want_structure; }
const void *rt_addressed(void) { return &want_addressed; }

// missing_extensions asks what the driver of an adapter names.
static int missing_extensions(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter) {
	int missing = ((1 << RT_EXTENSIONS) - 1) * RT_NO_EXTENSION;
	PFN_vkEnumerateDeviceExtensionProperties list = (PFN_vkEnumerateDeviceExtensionProperties)get(instance, "vkEnumerateDeviceExtensionProperties");
	uint32_t n = 0;
	if (!list || list(adapter, NULL, &n, NULL) != VK_SUCCESS) return missing;
	VkExtensionProperties *all = calloc(n ? n : 1, sizeof *all);
	if (!all) return missing;
	if (list(adapter, NULL, &n, all) == VK_SUCCESS)
		for (uint32_t i = 0; i < n; i++)
			for (int e = 0; e < RT_EXTENSIONS; e++)
				if (!strcmp(all[i].extensionName, rt_extensions[e])) missing &= ~(RT_NO_EXTENSION << e);
	free(all);
	return missing;
}

int rt_probe(PFN_vkGetInstanceProcAddr get, VkInstance instance, VkPhysicalDevice adapter, rt_limits *limits) {
	int missing = missing_extensions(get, instance, adapter);
	if (missing) return missing;
	PFN_vkGetPhysicalDeviceFeatures2 features = (PFN_vkGetPhysicalDeviceFeatures2)get(instance, "vkGetPhysicalDeviceFeatures2");
	PFN_vkGetPhysicalDeviceProperties2 properties = (PFN_vkGetPhysicalDeviceProperties2)get(instance, "vkGetPhysicalDeviceProperties2");
	if (!features || !properties) return RT_NO_FEATURES2;
	VkPhysicalDeviceBufferDeviceAddressFeatures address = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_BUFFER_DEVICE_ADDRESS_FEATURES};
	VkPhysicalDeviceRayQueryFeaturesKHR query = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_RAY_QUERY_FEATURES_KHR, .pNext = &address};
	VkPhysicalDeviceAccelerationStructureFeaturesKHR structure = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_FEATURES_KHR, .pNext = &query};
	VkPhysicalDeviceFeatures2 all = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &structure};
	features(adapter, &all);
	VkPhysicalDeviceAccelerationStructurePropertiesKHR s = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ACCELERATION_STRUCTURE_PROPERTIES_KHR};
	VkPhysicalDeviceMaintenance3Properties m = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES, .pNext = &s};
	VkPhysicalDeviceProperties2 p = {.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &m};
	properties(adapter, &p);
	limits->primitives = s.maxPrimitiveCount;
	limits->memory = m.maxMemoryAllocationSize;
	limits->scratch = s.minAccelerationStructureScratchOffsetAlignment;
	return (structure.accelerationStructure ? 0 : RT_NO_STRUCTURE) | (query.rayQuery ? 0 : RT_NO_QUERY) |
		(address.bufferDeviceAddress ? 0 : RT_NO_ADDRESS);
}

int rt_load(rt_calls *c, const calls *base, PFN_vkGetInstanceProcAddr get, VkInstance instance, VkDevice device) {
	PFN_vkGetDeviceProcAddr find = (PFN_vkGetDeviceProcAddr)get(instance, "vkGetDeviceProcAddr");
	if (!find) return 0;
	c->buffer_address = (PFN_vkGetBufferDeviceAddress)find(device, "vkGetBufferDeviceAddress");
	c->create = (PFN_vkCreateAccelerationStructureKHR)find(device, "vkCreateAccelerationStructureKHR");
	c->destroy = (PFN_vkDestroyAccelerationStructureKHR)find(device, "vkDestroyAccelerationStructureKHR");
	c->sizes = (PFN_vkGetAccelerationStructureBuildSizesKHR)find(device, "vkGetAccelerationStructureBuildSizesKHR");
	c->address = (PFN_vkGetAccelerationStructureDeviceAddressKHR)find(device, "vkGetAccelerationStructureDeviceAddressKHR");
	c->build = (PFN_vkCmdBuildAccelerationStructuresKHR)find(device, "vkCmdBuildAccelerationStructuresKHR");
	c->base = base;
	return c->buffer_address && c->create && c->destroy && c->sizes && c->address && c->build;
}

// describe fills in what builds and their sizes have in common.
static void describe(int top, uint64_t from, VkAccelerationStructureGeometryKHR *g, VkAccelerationStructureBuildGeometryInfoKHR *b) {
	*g = (VkAccelerationStructureGeometryKHR){.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_KHR};
	if (top) {
		g->geometryType = VK_GEOMETRY_TYPE_INSTANCES_KHR;
		g->geometry.instances = (VkAccelerationStructureGeometryInstancesDataKHR){
			.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_INSTANCES_DATA_KHR,
			.data.deviceAddress = from,
		};
	} else {
		g->geometryType = VK_GEOMETRY_TYPE_AABBS_KHR;
		g->geometry.aabbs = (VkAccelerationStructureGeometryAabbsDataKHR){
			.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_GEOMETRY_AABBS_DATA_KHR,
			.data.deviceAddress = from,
			.stride = sizeof(VkAabbPositionsKHR),
		};
	}
	*b = (VkAccelerationStructureBuildGeometryInfoKHR){
		.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_BUILD_GEOMETRY_INFO_KHR,
		.type = top ? VK_ACCELERATION_STRUCTURE_TYPE_TOP_LEVEL_KHR : VK_ACCELERATION_STRUCTURE_TYPE_BOTTOM_LEVEL_KHR,
		.flags = VK_BUILD_ACCELERATION_STRUCTURE_PREFER_FAST_TRACE_BIT_KHR | (top ? 0 : VK_BUILD_ACCELERATION_STRUCTURE_ALLOW_UPDATE_BIT_KHR),
		.mode = VK_BUILD_ACCELERATION_STRUCTURE_MODE_BUILD_KHR,
		.geometryCount = 1,
		.pGeometries = g,
	};
}

void rt_sizes(const rt_calls *c, VkDevice device, int top, uint32_t count, rt_bytes *bytes) {
	VkAccelerationStructureGeometryKHR g;
	VkAccelerationStructureBuildGeometryInfoKHR b;
	describe(top, 0, &g, &b);
	VkAccelerationStructureBuildSizesInfoKHR s = {.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_BUILD_SIZES_INFO_KHR};
	c->sizes(device, VK_ACCELERATION_STRUCTURE_BUILD_TYPE_DEVICE_KHR, &b, &count, &s);
	*bytes = (rt_bytes){s.accelerationStructureSize, s.buildScratchSize, s.updateScratchSize};
}

VkResult rt_create(const rt_calls *c, VkDevice device, int top, VkBuffer buffer, uint64_t size, VkAccelerationStructureKHR *made) {
	VkAccelerationStructureCreateInfoKHR info = {
		.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_CREATE_INFO_KHR,
		.buffer = buffer,
		.size = size,
		.type = top ? VK_ACCELERATION_STRUCTURE_TYPE_TOP_LEVEL_KHR : VK_ACCELERATION_STRUCTURE_TYPE_BOTTOM_LEVEL_KHR,
	};
	return c->create(device, &info, NULL, made);
}

void rt_build(const rt_calls *c, VkCommandBuffer to, int top, int update, VkAccelerationStructureKHR built, uint64_t from, uint32_t count, uint64_t scratch) {
	VkAccelerationStructureGeometryKHR g;
	VkAccelerationStructureBuildGeometryInfoKHR b;
	describe(top, from, &g, &b);
	if (update) {
		b.mode = VK_BUILD_ACCELERATION_STRUCTURE_MODE_UPDATE_KHR;
		b.srcAccelerationStructure = built;
	}
	b.dstAccelerationStructure = built;
	b.scratchData.deviceAddress = scratch;
	VkAccelerationStructureBuildRangeInfoKHR range = {.primitiveCount = count};
	const VkAccelerationStructureBuildRangeInfoKHR *ranges = &range;
	c->build(to, 1, &b, &ranges);
}

void rt_instance(const rt_calls *c, VkDevice device, VkAccelerationStructureKHR boxes, void *at) {
	VkAccelerationStructureDeviceAddressInfoKHR info = {
		.sType = VK_STRUCTURE_TYPE_ACCELERATION_STRUCTURE_DEVICE_ADDRESS_INFO_KHR,
		.accelerationStructure = boxes,
	};
	VkAccelerationStructureInstanceKHR i = {
		.transform.matrix = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}},
		.mask = 0xff,
		.accelerationStructureReference = c->address(device, &info),
	};
	memcpy(at, &i, sizeof i);
}

uint64_t rt_address(const rt_calls *c, VkDevice device, VkBuffer buffer) {
	VkBufferDeviceAddressInfo info = {.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO, .buffer = buffer};
	return c->buffer_address(device, &info);
}

void rt_destroy(const rt_calls *c, VkDevice device, VkAccelerationStructureKHR made) { c->destroy(device, made, NULL); }

void rt_wait(const rt_calls *c, VkCommandBuffer to) {
	VkMemoryBarrier built = {
		.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER,
		.srcAccessMask = VK_ACCESS_ACCELERATION_STRUCTURE_WRITE_BIT_KHR,
		.dstAccessMask = VK_ACCESS_ACCELERATION_STRUCTURE_READ_BIT_KHR | VK_ACCESS_ACCELERATION_STRUCTURE_WRITE_BIT_KHR,
	};
	c->base->barrier(to, VK_PIPELINE_STAGE_ACCELERATION_STRUCTURE_BUILD_BIT_KHR,
		VK_PIPELINE_STAGE_ACCELERATION_STRUCTURE_BUILD_BIT_KHR | VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, 0, 1, &built, 0, NULL, 0, NULL);
}

void rt_bind(const rt_calls *c, VkDevice device, VkDescriptorSet set, uint32_t binding, VkAccelerationStructureKHR scene) {
	VkWriteDescriptorSetAccelerationStructureKHR what = {
		.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET_ACCELERATION_STRUCTURE_KHR,
		.accelerationStructureCount = 1,
		.pAccelerationStructures = &scene,
	};
	VkWriteDescriptorSet write = {
		.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET,
		.pNext = &what,
		.dstSet = set,
		.dstBinding = binding,
		.descriptorCount = 1,
		.descriptorType = VK_DESCRIPTOR_TYPE_ACCELERATION_STRUCTURE_KHR,
	};
	c->base->update(device, 1, &write, 0, NULL);
}
