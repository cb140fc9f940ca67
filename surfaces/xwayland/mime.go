package xwayland

import (
	"slices"
	"strings"
)

// X11 programs name types of data by atoms (targets), Wayland ones by MIME
// types. Most are the same; text has names of its own in X11.

const (
	mimeUTF8  = "text/plain;charset=utf-8"
	mimePlain = "text/plain"
)

// maxTypes bounds the types of one selection: the X server never forgets an
// atom.
const maxTypes = 64

// typed is a MIME type and the name of the target that it is.
type typed struct{ mime, target string }

// fromTargets returns the MIME types of what X11 programs offer.
func fromTargets(targets []string) []typed {
	var list []typed
	add := func(mime, target string) {
		if len(list) < maxTypes && !slices.ContainsFunc(list, func(t typed) bool { return t.mime == mime }) {
			list = append(list, typed{mime, target})
		}
	}
	for _, t := range targets {
		switch {
		case t == names[utf8String]:
			add(mimeUTF8, t)
		case strings.Contains(t, "/") && len(t) <= maxText:
			add(t, t)
		}
	}
	for _, t := range []string{names[utf8String], mimeUTF8, "STRING"} {
		if slices.Contains(targets, t) {
			add(mimePlain, t)
			add(mimeUTF8, t)
		}
	}
	return list
}

// toTargets returns the targets of what Wayland programs offer.
func toTargets(mimes []string) []typed {
	var list []typed
	add := func(mime, target string) {
		if len(list) < maxTypes && !slices.ContainsFunc(list, func(t typed) bool { return t.target == target }) {
			list = append(list, typed{mime, target})
		}
	}
	for _, m := range []string{mimeUTF8, "UTF8_STRING", mimePlain} {
		if slices.Contains(mimes, m) {
			add(m, names[utf8String])
			add(m, "STRING")
			add(m, names[text])
		}
	}
	for _, m := range mimes {
		if strings.Contains(m, "/") && len(m) <= maxText {
			add(m, m)
		}
	}
	return list
}
