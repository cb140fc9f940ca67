// Package tray is the notification area: it keeps the items that programs put
// there and does what the person asks of them.
//
// Programs speak the StatusNotifierItem protocol as KDE and everybody else do
// (interfaces org.kde.StatusNotifierWatcher and org.kde.StatusNotifierItem;
// freedesktop.org's text has the same under another name), their menus
// com.canonical.dbusmenu version 3.
//
// # Goroutines
//
// A [Service] lives on goroutines of its own and hands over finished lists of
// items by the function that it was made with. Its methods may be called from
// any goroutine and don't wait for programs.
//
// # Limits
//
// Programs are not trusted. There are at most [MaxItems] items, [MaxPerProgram]
// of one program, icons of [MaxIcon] pixels a side, and menus of [MaxEntries]
// lines, [MaxDepth] deep. What a program says is cut and cleaned. A program that
// doesn't answer within five seconds has said nothing; one that changes its
// item all the time is asked again when it has answered, and at most ten times
// a second.
package tray
