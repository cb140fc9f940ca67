#version 450
#extension GL_GOOGLE_include_directive : require
// The closest box of each ray.
layout(local_size_x = 64) in;
#include "control.glsl"
#include "tree.glsl"

layout(set = 0, binding = 1, std430) readonly buffer Nodes { Node nodes[]; };
layout(set = 0, binding = 2, std430) readonly buffer Boxes { Box boxes[]; };
layout(set = 0, binding = 3, std430) readonly buffer Rays { Ray rays[]; };
layout(set = 0, binding = 4, std430) writeonly buffer Hits { Hit hits[]; };

void main() {
	for (uint turn = 0; turn < control.budget; turn++) {
		uint i = atomicAdd(control.next, 1);
		if (i >= control.count) return;
		i += control.first;
		Ray r = rays[i];
		uint best = None;
		precise float bestT = r.tmax;
		uint stack[StackSize];
		stack[0] = 0;
		uint depth = 1;
		while (depth > 0) {
			Node n = nodes[stack[--depth]];
			float t;
			if (!enter(r, n.lo, n.hi, bestT, t)) continue;
			if (n.count == 0) {
				if (depth + 2 > StackSize) continue; // no tree of package bvh is as deep
				stack[depth++] = n.start + 1;
				stack[depth++] = n.start;
				continue;
			}
			for (uint k = n.start; k < n.start + n.count; k++) {
				Box b = boxes[k];
				if (enter(r, b.lo, b.hi, bestT, t) && (t < bestT || b.id < best)) {
					bestT = t;
					best = b.id;
				}
			}
		}
		hits[i].id = best;
		uint bits = floatBitsToUint(bestT);
		hits[i].t = bits == 0x80000000u ? 0 : bits; // +0, never -0
	}
}
