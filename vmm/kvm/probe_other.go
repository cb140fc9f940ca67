//go:build !amd64

package kvm

import "runtime"

// Probe finds that guests for x86 need an x86 processor.
func Probe(string) Verdict { return no("this processor is " + runtime.GOARCH) }
