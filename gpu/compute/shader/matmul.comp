#version 450
#extension GL_GOOGLE_include_directive : require
// Products of all rows of left with all rows of right, plus a bias for each row
// of right: a linear classifier's scores. arg: dim, rows of right.
layout(local_size_x = 64) in;
#include "control.glsl"
#include "dot.glsl"

layout(set = 0, binding = 3, std430) readonly buffer Bias { float bias[]; };
layout(set = 0, binding = 4, std430) writeonly buffer Scores { float scores[]; };

void main() {
	uint dim = control.arg[0], cols = control.arg[1];
	for (uint turn = 0; turn < control.budget; turn++) {
		uint i = atomicAdd(control.next, 1);
		if (i >= control.count) return;
		i += control.first;
		precise float s = dotProduct(i / cols * dim, i % cols * dim, dim) + bias[i % cols];
		scores[i] = s;
	}
}
