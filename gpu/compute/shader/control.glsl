// What every kernel is told, and how it takes work: bounded, and never waiting.
// A dispatch is the items first .. first+count. Each worker takes at most
// budget of them and leaves when none is left; the host sees in next how many
// were taken, and dispatches again what wasn't.
layout(set = 0, binding = 0, std430) buffer Control {
	uint next;
	uint first;
	uint count;
	uint budget;
	uint arg[12];
} control;
