package xkb

import "testing"

func TestBuiltinParses(t *testing.T) {
	km := Builtin()
	if got := km.Groups(); got != 1 {
		t.Errorf("Groups() = %d; want 1", got)
	}
	st := NewState(km)
	if got := st.Sym(30); got != 'a' {
		t.Errorf("Sym(A) = %v; want a", got)
	}
	st.UpdateKey(42, true)
	if got := st.Sym(30); got != 'A' {
		t.Errorf("Sym(Shift+A) = %v; want A", got)
	}
	if got := st.Mods(); got != (Mods{Depressed: ModShift}) {
		t.Errorf("Mods() = %+v; want Shift depressed", got)
	}
}
