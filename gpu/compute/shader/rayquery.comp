#version 460
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_ray_query : require
// The closest box of each ray, by the device's own traversal. It only proposes
// boxes, from a scene in which each is a little larger (rays.go); which one is
// met, and where, is decided by the same test as in trace.
layout(local_size_x = 64) in;
#include "control.glsl"
#include "tree.glsl"

layout(set = 0, binding = 1, std430) readonly buffer Boxes { Box boxes[]; };
layout(set = 0, binding = 2, std430) readonly buffer Rays { Ray rays[]; };
layout(set = 0, binding = 3, std430) writeonly buffer Hits { Hit hits[]; };
layout(set = 0, binding = 4) uniform accelerationStructureEXT scene;

// along undoes Ray's inverse: 0 where the ray doesn't move.
float along(float inv) { return abs(inv) >= 1e20 ? 0.0 : 1.0 / inv; }

void main() {
	for (uint turn = 0; turn < control.budget; turn++) {
		uint i = atomicAdd(control.next, 1);
		if (i >= control.count) return;
		i += control.first;
		Ray r = rays[i];
		uint best = None;
		precise float bestT = r.tmax;
		vec3 d = vec3(along(r.inv.x), along(r.inv.y), along(r.inv.z));
		bool rests = d == vec3(0); // meets what it is in; a direction there must be
		rayQueryEXT query;
		rayQueryInitializeEXT(query, scene, gl_RayFlagsNoneEXT, 0xff, r.origin,
			rests ? 0.0 : r.tmin, rests ? vec3(1, 0, 0) : d, rests ? 1e-6 : r.tmax);
		while (rayQueryProceedEXT(query)) {
			if (rayQueryGetIntersectionTypeEXT(query, false) != gl_RayQueryCandidateIntersectionAABBEXT) continue;
			Box b = boxes[rayQueryGetIntersectionPrimitiveIndexEXT(query, false)];
			float t;
			if (!enter(r, b.lo, b.hi, bestT, t)) continue;
			// What lies behind is left out from now on. What is as near is not: in the
			// scene it begins earlier, if it doesn't begin before the ray.
			if (t < bestT && t > r.tmin && !rests) rayQueryGenerateIntersectionEXT(query, t);
			if (t < bestT || b.id < best) {
				bestT = t;
				best = b.id;
			}
		}
		hits[i].id = best;
		uint bits = floatBitsToUint(bestT);
		hits[i].t = bits == 0x80000000u ? 0 : bits; // +0, never -0
	}
}
