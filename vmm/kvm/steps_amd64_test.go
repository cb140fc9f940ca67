package kvm

import (
	"bytes"
	"testing"
)

// TestProgramsCountTheirSteps follows the code as the probe does.
func TestProgramsCountTheirSteps(t *testing.T) {
	s := kernelSteps()
	code := s.code()
	for i, st := range s {
		say := []byte{0xb0, byte(i), 0xe6, port}
		if !bytes.HasPrefix(code, say) || !bytes.HasPrefix(code[len(say):], st.code) {
			t.Fatalf("step %d (%s): code goes on with % x", i, st.name, code[:min(8, len(code))])
		}
		code = code[len(say)+len(st.code):]
	}
	if !bytes.Equal(code, []byte{0xf4}) {
		t.Errorf("the end is % x; want hlt", code)
	}
}
