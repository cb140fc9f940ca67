// Package helper is the program behind package auth: it checks a password of the
// user who runs it, by PAM's service "rayos".
//
//	rayos-auth [--confdir DIR] ready     can passwords be checked?
//	rayos-auth [--confdir DIR] verify    is what standard input has the password?
//
// It writes one line (package auth has the words) and ends with 0 for yes, 1 for
// no and 2 if it can't tell, with the reason on standard error. It needs no
// privileges: pam_unix asks unix_chkpwd, which serves every user for the own
// password.
//
// PAM is linked with the build tag pam alone, since it needs cgo and
// libpam0g-dev; without it the program says that it can't tell. PAM falls back
// to the service "other" where it has none of a name: that may be one which
// refuses, or takes, everything, so a service file has to be there.
//
// Source: Linux-PAM Application Developers' Guide.
package helper
