#version 450
#extension GL_GOOGLE_include_directive : require
// The k best of each block of 1024 vectors for each query, best first; the host
// merges the blocks. arg: dim, vectors, k, queries. An item is a block and a
// query, and belongs to a whole workgroup.
layout(local_size_x = 64) in;
#include "control.glsl"
#include "dot.glsl"

struct Best { uint id; float score; };
layout(set = 0, binding = 3, std430) writeonly buffer Bests { Best bests[]; };

const uint Block = 1024;
const uint None = 0xffffffffu;
shared uint keys[Block];
shared uint topKey[64];
shared uint topAt[64];
shared uint item;

// key orders floats as their values do: 0 stands for nothing.
uint key(float v) {
	uint b = floatBitsToUint(v);
	return (b & 0x80000000u) != 0 ? ~b : b | 0x80000000u;
}

float value(uint k) {
	return uintBitsToFloat((k & 0x80000000u) != 0 ? k & 0x7fffffffu : ~k);
}

void main() {
	uint dim = control.arg[0], vectors = control.arg[1], k = control.arg[2], queries = control.arg[3];
	uint me = gl_LocalInvocationID.x;
	for (uint turn = 0; turn < control.budget; turn++) {
		if (me == 0) item = atomicAdd(control.next, 1);
		barrier();
		uint i = item;
		barrier();
		if (i >= control.count) return;
		i += control.first;
		uint query = i % queries, start = i / queries * Block;
		for (uint j = me; j < Block; j += 64) {
			uint v = start + j;
			keys[j] = v < vectors ? key(dotProduct(query * dim, v * dim, dim)) : 0;
		}
		barrier();
		for (uint round = 0; round < k; round++) {
			uint best = 0, at = None;
			for (uint j = me; j < Block; j += 64) {
				if (keys[j] > best) { best = keys[j]; at = j; }
			}
			topKey[me] = best;
			topAt[me] = at;
			barrier();
			for (uint half_ = 32; half_ > 0; half_ /= 2) {
				if (me < half_) {
					uint other = me + half_;
					if (topKey[other] > topKey[me] || topKey[other] == topKey[me] && topAt[other] < topAt[me]) {
						topKey[me] = topKey[other];
						topAt[me] = topAt[other];
					}
				}
				barrier();
			}
			if (me == 0) {
				bool any = topAt[0] != None;
				bests[i * k + round].id = any ? start + topAt[0] : None;
				bests[i * k + round].score = any ? value(topKey[0]) : 0.0;
				if (any) keys[topAt[0]] = 0;
			}
			barrier();
		}
	}
}
