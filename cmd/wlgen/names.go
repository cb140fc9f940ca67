package main

import (
	"go/token"
	"strings"
)

// camel turns a protocol name into a Go name: wl_surface, WlSurface.
func camel(s string) string {
	var b strings.Builder
	up := true
	for _, c := range s {
		if c == '_' || c == '-' || c == '.' {
			up = true
			continue
		}
		if up {
			b.WriteString(strings.ToUpper(string(c)))
		} else {
			b.WriteRune(c)
		}
		up = false
	}
	return b.String()
}

// taken are the names generated functions use themselves.
var taken = map[string]bool{
	"r": true, "a": true, "w": true, "h": true, "o": true, "op": true, "s": true,
	"wire": true, "geom": true, "protocol": true, "fmt": true,
	"string": true, "byte": true, "int32": true, "uint32": true, "nil": true, "len": true, "any": true,
}

// local turns an argument name into the name of a Go parameter.
func local(s string) string {
	n := camel(s)
	n = strings.ToLower(n[:1]) + n[1:]
	if taken[n] || token.IsKeyword(n) {
		return "arg" + strings.ToUpper(n[:1]) + n[1:]
	}
	return n
}
