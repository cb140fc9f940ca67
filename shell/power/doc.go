// Package power tells how full the battery of the machine is.
//
//	w, err := power.Watch(power.Class, func(s power.State) { ... })
//
// The kernel says it in /sys/class/power_supply
// (Documentation/ABI/testing/sysfs-class-power), and by a message when something
// has changed (NETLINK_KOBJECT_UEVENT). Many batteries send none while they get
// emptier, so that a machine with one is looked at once a minute; without a
// battery nothing is done until the kernel speaks.
package power
