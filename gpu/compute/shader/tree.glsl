// The records of package bvh, and its ray test: the same operations in the same
// order, none of them fused.
struct Node { vec3 lo; uint start; vec3 hi; uint count; };
struct Box { vec3 lo; uint id; vec3 hi; uint pad; };
struct Ray { vec3 origin; float tmin; vec3 inv; float tmax; };
struct Hit { uint id; uint t; }; // t is the bits of a float

const uint None = 0xffffffffu;
const uint StackSize = 61;

bool enter(Ray r, vec3 lo, vec3 hi, float limit, out float t) {
	precise vec3 a = (lo - r.origin) * r.inv;
	precise vec3 b = (hi - r.origin) * r.inv;
	vec3 n = min(a, b);
	vec3 f = max(a, b);
	t = max(max(r.tmin, n.x), max(n.y, n.z));
	float t1 = min(min(r.tmax, f.x), min(f.y, f.z));
	return t < t1 && t <= limit;
}
