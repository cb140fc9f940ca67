// Package backlight sets how bright the built-in screen is. The kernel tells the
// level (/sys/class/backlight, Documentation/ABI/stable/sysfs-class-backlight), and
// systemd-logind sets it for whoever sits in front of it
// (org.freedesktop.login1.Session.SetBrightness), so that no program needs rights
// of its own.
//
//	l, err := backlight.Open(backlight.Class, address)
//	l.Change(backlight.Change{By: 0.05}, func(level float64, err error) { ... })
package backlight
