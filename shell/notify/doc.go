// Package notify takes notifications of programs (Desktop Notifications
// Specification 1.3, org.freedesktop.Notifications) and keeps them for the
// shell.
//
// [Center] is the model: what is shown, what waits, what was. It belongs to one
// goroutine, has no clock and draws nothing. [Service] is the D-Bus side: it owns
// the name, checks what comes, and hands calls over to the Center's goroutine
// by a function that the caller gives.
//
// Programs aren't trusted. Text is cut to a length and freed of control
// characters, markup outside the specification's few tags is text, pictures
// are limited before a byte of them is copied, a program that sends too many
// pushes out its own notifications and not those of others, and none can say
// that it is another: the sender's unique name stands beside what it claims.
package notify
