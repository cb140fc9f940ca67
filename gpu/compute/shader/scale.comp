#version 450
#extension GL_GOOGLE_include_directive : require
// A smaller picture: each pixel is the rounded mean of the pixels it stands for,
// in each of four channels. arg: width, height and pixels from line to line of
// the source, width and height of the result.
layout(local_size_x = 64) in;
#include "control.glsl"

layout(set = 0, binding = 1, std430) readonly buffer Source { uint source[]; };
layout(set = 0, binding = 2, std430) writeonly buffer Result { uint result[]; };

void main() {
	uint sw = control.arg[0], sh = control.arg[1], stride = control.arg[2], dw = control.arg[3], dh = control.arg[4];
	for (uint turn = 0; turn < control.budget; turn++) {
		uint i = atomicAdd(control.next, 1);
		if (i >= control.count) return;
		i += control.first;
		uint x = i % dw, y = i / dw;
		uint x0 = x * sw / dw, x1 = (x + 1) * sw / dw;
		uint y0 = y * sh / dh, y1 = (y + 1) * sh / dh;
		uint b = 0, g = 0, r = 0, a = 0;
		for (uint sy = y0; sy < y1; sy++) {
			for (uint sx = x0; sx < x1; sx++) {
				uint v = source[sy * stride + sx];
				b += v & 255;
				g += v >> 8 & 255;
				r += v >> 16 & 255;
				a += v >> 24;
			}
		}
		uint n = (x1 - x0) * (y1 - y0), up = n / 2;
		result[i] = (b + up) / n | (g + up) / n << 8 | (r + up) / n << 16 | (a + up) / n << 24;
	}
}
