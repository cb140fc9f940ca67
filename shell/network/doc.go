// Package network tells whether the machine has a network, and of what kind.
//
//	w, err := network.Watch(network.Class, func(k network.Kind) { ... })
//
// It is the device of the default route, as the kernel has it (rtnetlink(7)): who
// has set it up doesn't matter. The kernel tells of changes; nobody asks in
// between.
package network
