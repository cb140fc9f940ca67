package gl

// Shaders. Coordinates are target pixels, counted from the first row in
// memory; OpenGL's own count of rows agrees, as targets are never shown as
// they are.
//
// Channels keep the order of memory, blue first: a texel's red is blue.

const header = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;
`

// quads draws one rectangle for each instance.
const quads = `
layout(location = 0) in ivec4 rect; // left, top, right, bottom
uniform vec2 target;
void main() {
	ivec2 p = ivec2((gl_VertexID & 1) == 0 ? rect.x : rect.z, (gl_VertexID & 2) == 0 ? rect.y : rect.w);
	gl_Position = vec4(vec2(p) * 2.0 / target - 1.0, 0.0, 1.0);
}
`

const fill = `
uniform vec4 colour;
out vec4 result;
void main() { result = colour; }
`

// sampling is the start of the fragment shaders that draw textures.
//
// Destination pixels count from the first visible one, in buffer orientation.
// A step is: whole texels and fraction of the base, of each pixel, and what
// carries over.
const texels = `
#ifdef LAYERED
uniform sampler2DArray image;
uniform ivec3 layers; // width and height of a layer, layers in a row
vec4 texel(ivec2 p) {
	ivec2 l = p / layers.xy;
	return texelFetch(image, ivec3(p - l * layers.xy, l.y * layers.z + l.x), 0);
}
#else
uniform sampler2D image;
vec4 texel(ivec2 p) { return texelFetch(image, p, 0); }
#endif

uniform ivec4 visible;  // first pixel in the target, number of pixels
uniform bvec3 turned;   // axes exchanged; columns backwards; lines backwards
uniform ivec4 walkX, walkY; // base, its fraction, step, its fraction
uniform uvec3 carryX, carryY; // carry, rest, n
uniform ivec3 rangeX, rangeY; // first and last texel, kind
uniform vec2 alpha;     // factor; 1 makes the texture opaque
out vec4 result;

// pixel returns the destination pixel in buffer orientation.
ivec2 pixel() {
	ivec2 p = ivec2(gl_FragCoord.xy) - visible.xy;
	ivec2 last = visible.zw - 1;
	if (turned.x) {
		p = p.yx;
		last = last.yx;
	}
	return ivec2(turned.y ? last.x - p.x : p.x, turned.z ? last.y - p.y : p.y);
}

// walk returns the position of pixel j: the texel, and 1/65536 of it.
ivec2 walk(int j, ivec4 w, uvec3 c) {
	uint f = uint(w.y) + uint(j) * uint(w.w) + (c.x + uint(j) * c.y) / c.z;
	return ivec2(w.x + j * w.z + int(f >> 16u), int(f & 0xffffu));
}

// pair returns the first of the two texels around a position, and the weight
// of the second in 1/256.
ivec2 pair(ivec2 at, ivec3 range) {
	at.y -= 32768;
	if (at.y < 0) {
		at.x--;
		at.y += 65536;
	}
	if (range.z == 0 || at.x < range.x || range.x == range.y)
		return ivec2(clamp(range.z == 0 ? at.x + (at.y >= 32768 ? 1 : 0) : at.x, range.x, range.y), 0);
	if (at.x >= range.y)
		return ivec2(range.y, 0);
	return ivec2(at.x, (at.y + 128) >> 8);
}

void finish(vec4 c) {
	c.a = max(c.a, alpha.y);
	result = c * alpha.x;
}
`

// direct copies texels.
const direct = texels + `
void main() { finish(texel(ivec2(walkX.x, walkY.x) + pixel())); }
`

// point shows one texel for each pixel.
const point = texels + `
void main() {
	ivec2 p = pixel();
	finish(texel(ivec2(
		clamp(walk(p.x, walkX, carryX).x, rangeX.x, rangeX.y),
		clamp(walk(p.y, walkY, carryY).x, rangeY.x, rangeY.y))));
}
`

// linear weighs up to four texels.
const linear = texels + `
void main() {
	ivec2 p = pixel();
	ivec2 x = pair(walk(p.x, walkX, carryX), rangeX), y = pair(walk(p.y, walkY, carryY), rangeY);
	ivec2 far = ivec2(x.y > 0 ? x.x + 1 : x.x, y.y > 0 ? y.x + 1 : y.x);
	float w = float(x.y) / 256.0;
	vec4 a = mix(texel(ivec2(x.x, y.x)), texel(ivec2(far.x, y.x)), w);
	vec4 b = mix(texel(ivec2(x.x, far.y)), texel(ivec2(far.x, far.y)), w);
	finish(mix(a, b, float(y.y) / 256.0));
}
`

// box averages whatever a pixel covers, on axes that shrink by more than two.
// Of more than TAPS texels of an axis, some stand for all: shrinking a huge
// texture into a pixel must not stop the GPU.
const box = texels + `
const int TAPS = 64;

// cover returns the first texel and their number, and in part what is covered
// of the first and the last, or the weights of a pair.
ivec2 cover(int j, ivec4 w, uvec3 c, ivec3 range, out vec2 part) {
	if (range.z != 2) {
		ivec2 p = pair(walk(j, w, c), range);
		part = vec2(1.0 - float(p.y) / 256.0, float(p.y) / 256.0);
		return ivec2(p.x, p.y > 0 ? 2 : 1);
	}
	ivec2 a = walk(j, w, c), b = walk(j + 1, w, c);
	if (a.x < range.x)
		a = ivec2(range.x, 0);
	if (b.x > range.y)
		b = ivec2(range.y + 1, 0);
	if (b.x < a.x || b.x == a.x && b.y <= a.y) {
		part = vec2(1.0);
		return ivec2(clamp(a.x, range.x, range.y), 1);
	}
	int last = b.y > 0 ? b.x : b.x - 1;
	part = vec2(65536.0 - float(a.y), b.y > 0 ? float(b.y) : 65536.0) / 65536.0;
	if (last == a.x)
		part = vec2(1.0);
	return ivec2(a.x, last - a.x + 1);
}

void main() {
	ivec2 p = pixel();
	vec2 partX, partY;
	ivec2 x = cover(p.x, walkX, carryX, rangeX, partX), y = cover(p.y, walkY, carryY, rangeY, partY);
	ivec2 stride = (ivec2(x.y, y.y) + TAPS - 1) / TAPS;
	vec4 sum = vec4(0.0);
	float total = 0.0;
	for (int j = 0; j < y.y; j += stride.y) {
		float wy = j == 0 ? partY.x : j == y.y - 1 ? partY.y : 1.0;
		for (int i = 0; i < x.y; i += stride.x) {
			float w = wy * (i == 0 ? partX.x : i == x.y - 1 ? partX.y : 1.0);
			sum += texel(ivec2(x.x + i, y.x + j)) * w;
			total += w;
		}
	}
	finish(sum / total);
}
`

// show copies a target to a window, whose rows count from the bottom and whose
// channels are in OpenGL's order.
const show = `
uniform sampler2D image;
uniform int height;   // of the window
uniform ivec2 visible; // size of the target
out vec4 result;
void main() {
	ivec2 p = ivec2(int(gl_FragCoord.x), height - 1 - int(gl_FragCoord.y));
	result = vec4(0.0, 0.0, 0.0, 1.0);
	if (all(lessThan(p, visible)))
		result.rgb = texelFetch(image, p, 0).bgr;
}
`
