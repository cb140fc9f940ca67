package xkb

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// virtualKeymap is what a client that types text through a virtual keyboard
// sends: its own key codes, standard types by name.
const virtualKeymap = `xkb_keymap {
xkb_keycodes "(unnamed)" {
minimum = 8;
maximum = 12;
<K1> = 9;
<K2> = 10;
<K3> = 11;
};
xkb_types "(unnamed)" { include "complete" };
xkb_compatibility "(unnamed)" { include "complete" };
xkb_symbols "(unnamed)" {
key <K1> {[a]};
key <K2> {[U20AC]};
key <K3> {[q, Q]};
};
};` + "\n\x00"

func TestVirtualKeyboardKeymap(t *testing.T) {
	km, err := Parse(virtualKeymap)
	if err != nil {
		t.Fatal(err)
	}
	st := NewState(km)
	st.SetMods(Mods{Depressed: ModShift})
	for _, tt := range []struct {
		code uint32
		text string
	}{{1, "a"}, {2, "€"}, {3, "Q"}} {
		if got := string(st.AppendUTF8(nil, tt.code)); got != tt.text {
			t.Errorf("key %d types %q; want %q", tt.code, got, tt.text)
		}
		if !km.KeyRepeats(tt.code) {
			t.Errorf("KeyRepeats(%d) = false; want true", tt.code)
		}
	}
}

// keymapWith puts text into the sections of a small valid keymap.
func keymapWith(codes, types, compat, symbols string) string {
	return fmt.Sprintf("xkb_keymap {\nxkb_keycodes { <A> = 38; <B> = 50; %s };\nxkb_types { type \"ONE_LEVEL\" { modifiers = none; }; type \"TWO_LEVEL\" { modifiers = Shift; map[Shift] = 2; }; %s };\nxkb_compat { %s };\nxkb_symbols { key <A> { [a, A] }; %s };\n};",
		codes, types, compat, symbols)
}

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "xkb_keymap"},
		{"binary", "\x01\x02", "unexpected character"},
		{"no sections", "xkb_keymap { };", "section xkb_keycodes is missing"},
		{"unfinished", "xkb_keymap { xkb_keycodes { <A> = 9;", "ends within"},
		{"second section", "xkb_keymap { xkb_types { }; xkb_types { }; };", "second section"},
		{"unknown section", "xkb_keymap { xkb_nonsense { }; };", "unknown section"},
		{"open string", "xkb_keymap \"x\n{ };", "closing quote"},
		{"open key name", "xkb_keymap { xkb_keycodes { <A = 9; }; };", "key name without"},
		{"include", keymapWith("", "", "", `include "us"`), "not resolved"},
		{"include types", keymapWith("", `include "basic"`, "", ""), "not resolved"},
		{"huge code", keymapWith("<C> = 4000000;", "", "", ""), "above 4096"},
		{"unknown modifier", keymapWith("", `type "T" { modifiers = Foo; };`, "", ""), `unknown modifier "Foo"`},
		{"level 0", keymapWith("", `type "T" { modifiers = Shift; map[Shift] = 0; };`, "", ""), "bad level number"},
		{"level 1000", keymapWith("", `type "T" { modifiers = Shift; map[Shift] = 1000; };`, "", ""), "bad level number"},
		{"group 99", keymapWith("", "", "", "key <B> { symbols[Group99] = [a] };"), "bad group number"},
		{"33 groups", keymapWith("", "", "", "key <B> { "+strings.Repeat("[a],", 33)+"[a] };"), "more than 32 groups"},
		{"many levels", keymapWith("", "", "", "key <B> { ["+strings.Repeat("a,", 100)+"a] };"), "too many levels"},
		{"many syms", keymapWith("", "", "", "key <B> { [{"+strings.Repeat("a,", 100)+"a}] };"), "too many keysyms"},
		{"bad action", keymapWith("", "", "interpret a { action = SetMods(colour=Shift); };", ""), "unknown field"},
		{"virtual modmap", keymapWith("", "", "", "modifier_map Foo { <A> };"), "no real modifier"},
		{"trailing", keymapWith("", "", "", "") + "more", "after the keymap"},
		{"many modifiers", keymapWith("", "virtual_modifiers "+strings.Repeat("A,", 0)+manyNames(30)+";", "", ""), "more than 32 modifiers"},
		{"bad number", "xkb_keymap { xkb_keycodes { <A> = 9z; }; };", "bad number"},
		{"too long", strings.Repeat(" ", maxText+1), "more than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.text)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Parse() error = %v; want one with %q", err, tt.want)
			}
		})
	}
}

func manyNames(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("V%d", i))
	}
	return strings.Join(names, ",")
}

func TestErrorsTellTheLine(t *testing.T) {
	_, err := Parse("xkb_keymap {\nxkb_keycodes {\n<A> = ;\n};\n};")
	var e *Error
	if !errors.As(err, &e) || e.Line != 3 {
		t.Errorf("Parse() error = %v; want line 3", err)
	}
}

// spent is the processor time of this process so far.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestHostileKeymapsAreCheap(t *testing.T) {
	const wide = "key <%s> { type = \"WIDE\", [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a] };\n"
	const wideType = `type "WIDE" { modifiers = Shift; map[Shift] = 32; };`
	var codes, syms, interps, modmaps strings.Builder
	for i := range 900 {
		fmt.Fprintf(&codes, "<K%d> = %d;", i, 60+i)
		fmt.Fprintf(&syms, wide, fmt.Sprintf("K%d", i))
	}
	for i := range maxInterps {
		fmt.Fprintf(&interps, "interpret a+AllOf(%#x) { action = SetMods(modifiers=Shift); };\n", 0x100+i)
	}
	for range 100 {
		modmaps.WriteString("modifier_map Mod1 { z, z, z };")
	}
	tests := []struct {
		name, text string
		valid      bool
	}{
		{"repeated key", keymapWith("", "", "", strings.Repeat("key <A> { [a, A], [b, B], [c, C] };\n", 25000)), false},
		{"interpretations", keymapWith(codes.String(), wideType, interps.String(), syms.String()), true},
		{"modifier maps", keymapWith(codes.String(), wideType, "", syms.String()+modmaps.String()), true},
		{"open brackets", "xkb_keymap { xkb_geometry " + strings.Repeat("{", 900000), false},
		{"parentheses", keymapWith("", "", "interpret a { action = Private(data="+strings.Repeat("(", 500000)+"); };", ""), false},
	}
	for _, tt := range tests {
		start := spent(t)
		_, err := Parse(tt.text)
		d := spent(t) - start
		if (err == nil) != tt.valid {
			t.Errorf("%s: %v", tt.name, err)
		}
		if d > 10*time.Second { // of the processor; what multiplies takes minutes
			t.Errorf("%s: took %v", tt.name, d)
		}
		t.Logf("%s: %v", tt.name, d.Round(time.Millisecond))
	}
}

func TestWideTypesDoNotMultiply(t *testing.T) {
	var codes, symbols strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&codes, "<K%d> = %d;", i, i+60)
		fmt.Fprintf(&symbols, "key <K%d> { type = \"WIDE\", [a], [b], [c], [d] };", i)
	}
	text := keymapWith(codes.String(), `type "WIDE" { modifiers = Shift; map[Shift] = 64; };`, "", symbols.String())
	if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), "levels in all") {
		t.Errorf("Parse() error = %v; want a limit on levels", err)
	}
}

func TestExplicitFieldsOfKeys(t *testing.T) {
	km, err := Parse(keymapWith(
		"alias <AA> = <A>; indicator 1 = \"Caps Lock\";", "virtual_modifiers Fn = Mod3;",
		"virtual_modifiers Fn; indicator \"Caps Lock\" { whichModState = locked; modifiers = Fn; };",
		`key <AA> { repeat = no, symbols[1] = [x, X], groupsClamp };
		 key <B> { [ NoSymbol ], [ LockMods(modifiers=Fn) ], symbols[Group2] = [ {a, b} ] };
		 modifier_map Mod3 { x };`))
	if err != nil {
		t.Fatal(err)
	}
	if km.KeyRepeats(30) {
		t.Error("KeyRepeats(A) = true; want the explicit false")
	}
	if got := km.ModMask("Fn"); got != Mod3 {
		t.Errorf("ModMask(Fn) = %x; want Mod3", got)
	}
	if got := km.SymsAt(42, 1, 0); len(got) != 2 {
		t.Errorf("SymsAt(B, 1, 0) = %v; want a b", got)
	}
	if km.keys[30].modmap != Mod3 {
		t.Errorf("modmap of the key of x = %x; want Mod3", km.keys[30].modmap)
	}
	st := NewState(km)
	st.SetGroup(1)
	if got := string(st.AppendUTF8(nil, 42)); got != "ab" {
		t.Errorf("B types %q; want ab", got)
	}
}

func TestHashIdentifiesText(t *testing.T) {
	a, err := Parse(keymapWith("", "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse(keymapWith("", "", "", "") + "\x00")
	if err != nil {
		t.Fatal(err)
	}
	if a.Hash() != b.Hash() {
		t.Error("same text has two hashes")
	}
	if a.Hash() == Builtin().Hash() {
		t.Error("two texts have one hash")
	}
}

func FuzzParse(f *testing.F) {
	f.Add(virtualKeymap)
	f.Add(keymapWith("", "", "", ""))
	f.Add(keymapWith("indicator 1 = \"x\";", "virtual_modifiers V;", "interpret Any+AnyOf(all) { virtualModifier = V; action = LatchGroup(group=+1,latchToLock); repeat = True; };", "key <B> { type[2] = \"TWO_LEVEL\", [a], [b, c], overlay1 = <A> }; modifier_map Mod5 { <B>, a };"))
	f.Add(builtinText)
	f.Fuzz(func(t *testing.T, text string) {
		km, err := Parse(text)
		if err != nil {
			return
		}
		st := NewState(km)
		for round := range 3 {
			km.EachKey(func(code uint32, _ string) {
				st.UpdateKey(code, round != 1)
				st.Sym(code)
				st.Consumed(code)
				if m := st.Mods(); m.Effective()&^realMods != 0 || km.Groups() > 0 && int(m.Group) >= km.Groups() {
					t.Fatalf("state %+v is outside of the keymap", m)
				}
			})
		}
		st.LEDs()
	})
}
