// Package portal tells programs how the person wants them to look: the Settings
// portal of XDG Desktop Portal, namespace org.freedesktop.appearance.
//
// A [Service] is the backend that xdg-desktop-portal asks
// (org.freedesktop.impl.portal.Settings). Where there is no portal it is the
// front as well (org.freedesktop.portal.Settings), until somebody takes
// that name. Where the bus can start one it leaves the name alone.
package portal
