#version 450
#extension GL_GOOGLE_include_directive : require
// How many boxes overlap each query box, and the lowest index of them.
layout(local_size_x = 64) in;
#include "control.glsl"
#include "tree.glsl"

struct Overlaps { uint first; uint count; };
layout(set = 0, binding = 1, std430) readonly buffer Nodes { Node nodes[]; };
layout(set = 0, binding = 2, std430) readonly buffer Boxes { Box boxes[]; };
layout(set = 0, binding = 3, std430) readonly buffer Queries { Box queries[]; };
layout(set = 0, binding = 4, std430) writeonly buffer Found { Overlaps found[]; };

bool overlap(Box q, vec3 lo, vec3 hi) {
	return all(lessThan(q.lo, hi)) && all(lessThan(lo, q.hi));
}

void main() {
	for (uint turn = 0; turn < control.budget; turn++) {
		uint i = atomicAdd(control.next, 1);
		if (i >= control.count) return;
		i += control.first;
		Box q = queries[i];
		uint first = None, count = 0;
		uint stack[StackSize];
		stack[0] = 0;
		uint depth = 1;
		while (depth > 0) {
			Node n = nodes[stack[--depth]];
			if (!overlap(q, n.lo, n.hi)) continue;
			if (n.count == 0) {
				if (depth + 2 > StackSize) continue; // no tree of package bvh is as deep
				stack[depth++] = n.start + 1;
				stack[depth++] = n.start;
				continue;
			}
			for (uint k = n.start; k < n.start + n.count; k++) {
				if (overlap(q, boxes[k].lo, boxes[k].hi)) {
					count++;
					first = min(first, boxes[k].id);
				}
			}
		}
		found[i].first = first;
		found[i].count = count;
	}
}
