#version 450
#extension GL_GOOGLE_include_directive : require
// What of the tiles of a frame differs from the frame before: how many pixels,
// and their bounds within the tile. arg: width, height, pixels from
// line to line of the frame before and of the new one, edge of a tile, tiles
// across, mask of the bits that count. An item is a tile, and belongs to a whole
// workgroup.
layout(local_size_x = 64) in;
#include "control.glsl"

struct Tile { uint changed; uint x0; uint y0; uint x1; uint y1; };
layout(set = 0, binding = 1, std430) readonly buffer Before { uint before[]; };
layout(set = 0, binding = 2, std430) readonly buffer Now { uint now[]; };
layout(set = 0, binding = 3, std430) writeonly buffer Tiles { Tile tiles[]; };

shared uint item, changed, x0, y0, x1, y1;

void main() {
	uint width = control.arg[0], height = control.arg[1], strideBefore = control.arg[2], stride = control.arg[3];
	uint edge = control.arg[4], across = control.arg[5], mask = control.arg[6];
	uint me = gl_LocalInvocationID.x;
	for (uint turn = 0; turn < control.budget; turn++) {
		if (me == 0) {
			item = atomicAdd(control.next, 1);
			changed = 0;
			x0 = edge; y0 = edge; x1 = 0; y1 = 0;
		}
		barrier();
		uint i = item;
		barrier();
		if (i >= control.count) return;
		i += control.first;
		uint left = i % across * edge, top = i / across * edge;
		uint n = 0, mx0 = edge, my0 = edge, mx1 = 0, my1 = 0;
		for (uint p = me; p < edge * edge; p += 64) {
			uint x = p % edge, y = p / edge;
			if (left + x >= width || top + y >= height) continue;
			uint v = now[(top + y) * stride + left + x] & mask;
			if (v != (before[(top + y) * strideBefore + left + x] & mask)) {
				n++;
				mx0 = min(mx0, x); my0 = min(my0, y);
				mx1 = max(mx1, x + 1); my1 = max(my1, y + 1);
			}
		}
		if (n > 0) {
			atomicAdd(changed, n);
			atomicMin(x0, mx0);
			atomicMin(y0, my0);
			atomicMax(x1, mx1);
			atomicMax(y1, my1);
		}
		barrier();
		if (me == 0) {
			if (changed == 0) { x0 = 0; y0 = 0; }
			tiles[i] = Tile(changed, x0, y0, x1, y1);
		}
		barrier();
	}
}
