// Package slots finds what a line is about: quoted text, paths, hosts, sizes,
// numbers, percentages, times, durations, workspaces, sides of the screen,
// names that the caller knows, and words that point ("that window", "it").
//
//	found, err := slots.Extract("put foot on workspace three", slots.Known{Apps: apps})
//	// App foot [4,8), Workspace 3 [12,27)
//
// A slot says where in the line it is and what it means. Slots don't overlap:
// of two that could be, the one further up in the list of kinds stands, and of
// one kind the longer. What stands between quotes is a text and nothing else,
// so that nobody's words become a name or a number by being quoted.
//
// A line comes from anywhere: it is held to MaxLine bytes of UTF-8, and what is
// found of it is a value, never an instruction.
package slots
