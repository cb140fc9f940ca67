// A dot product in eight lanes, element k in lane k mod 8, added up as a tree:
// the order is fixed and nothing is fused, so that all machines agree.
layout(set = 0, binding = 1, std430) readonly buffer Left { float left[]; };
layout(set = 0, binding = 2, std430) readonly buffer Right { float right[]; };

float dotProduct(uint a, uint b, uint dim) {
	precise vec4 low = vec4(0), high = vec4(0);
	uint k = 0;
	for (; k + 8 <= dim; k += 8) {
		low += vec4(left[a + k], left[a + k + 1], left[a + k + 2], left[a + k + 3]) *
			vec4(right[b + k], right[b + k + 1], right[b + k + 2], right[b + k + 3]);
		high += vec4(left[a + k + 4], left[a + k + 5], left[a + k + 6], left[a + k + 7]) *
			vec4(right[b + k + 4], right[b + k + 5], right[b + k + 6], right[b + k + 7]);
	}
	for (uint lane = 0; k < dim; k++, lane++) {
		precise float p = left[a + k] * right[b + k];
		if (lane < 4) low[lane] += p;
		else high[lane - 4] += p;
	}
	precise float s = ((low.x + low.y) + (low.z + low.w)) + ((high.x + high.y) + (high.z + high.w));
	return s;
}
