package manifest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the reference into docs/RAYAPPS.md")

const whole = `api = 1
id = "org.example.Tally"
name = "Tally"
about = "Counts"
version = "1.2.0"
exec = "bin/tally"
icon = "icon.png"
keywords = ["count", "sum"]
single-instance = true
restore = true
mime = ["text/plain", "image/svg+xml"]
schemes = ["tally"]

[permissions]
network = "To fetch the weather."
files = "To open what you choose."

[resources]
memory-mib = 128
files = 64
`

func TestWhole(t *testing.T) {
	m, err := Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := "&{1 org.example.Tally Tally Counts 1.2.0 bin/tally icon.png [count sum] true true [text/plain image/svg+xml] [tally] " +
		"map[files:To open what you choose. network:To fetch the weather.] [] {128 64 0 0}}"
	if got := fmt.Sprint(m); got != want {
		t.Errorf("Parse() = %s; want %s", got, want)
	}
	if m.Short() != "tally" || m.Limits() != (Resources{128, 64, 200, 256}) {
		t.Errorf("short %q, limits %+v", m.Short(), m.Limits())
	}
	m.Resources = Resources{Files: 77}
	if m.Limits() != (Resources{512, 77, 200, 256}) {
		t.Errorf("limits %+v; want the usual ones", m.Limits())
	}
}

// TestErrors: what is wrong with a file, and where, to the letter.
func TestErrors(t *testing.T) {
	edit := func(from, to string) string {
		if !strings.Contains(whole, from) {
			t.Fatalf("there is no %q", from)
		}
		return strings.Replace(whole, from, to, 1)
	}
	for _, c := range []struct{ text, want string }{
		{"", "api: missing; this is version 1"},
		{edit("api = 1", "api = 2"), "1:1: api: 2: this session knows version 1"},
		{edit("api = 1", `api = "1"`), "1:7: api: "},
		{edit("about", "abuot"), "4:1: abuot: unknown key"},
		{edit("[resources]", "[resource]"), "18:2: resource: unknown key"},
		{edit("restore = true", "restore = 1"), "10:11: restore: "},
		{edit("org.example.Tally", "Tally"), `2:1: id: "Tally": want a name like org.example.Tally`},
		{edit("org.example.Tally", "org.example.Tal-ly"), `2:1: id: "org.example.Tal-ly": want a name like org.example.Tally`},
		{edit("org.example.Tally", "org/../Tally"), `2:1: id: "org/../Tally": want a name like org.example.Tally`},
		{edit(`"Tally"`, `""`), "3:1: name: missing"},
		{edit(`"Tally"`, `" Tally"`), "3:1: name: begins or ends with space"},
		{edit(`"Tally"`, `"Tal\u202ely"`), "3:1: name: has the character U+202E, which can't be seen"},
		{edit(`"Tally"`, `"Tal\nly"`), "3:1: name: has the character U+000A, which can't be seen"},
		{edit(`"Counts"`, `"`+strings.Repeat("x", 201)+`"`), "4:1: about: 201 bytes: at most 200"},
		{edit("1.2.0", "1.2"), `5:1: version: "1.2": want three numbers, as 1.2.0`},
		{edit("1.2.0", "1.02.0"), `5:1: version: "1.02.0": want three numbers, as 1.2.0`},
		{edit("bin/tally", "/bin/sh"), `6:1: exec: "/bin/sh": want a path inside the bundle, without ".."`},
		{edit("bin/tally", "../sh"), `6:1: exec: "../sh": want a path inside the bundle, without ".."`},
		{edit("bin/tally", "a/../../sh"), `6:1: exec: "a/../../sh": want a path inside the bundle, without ".."`},
		{edit("bin/tally", ""), `6:1: exec: missing`},
		{edit("icon.png", "icon.exe"), "7:1: icon: want a .png or .svg file"},
		{edit(`"sum"`, `"count"`), `8:1: keywords: "count" is there twice`},
		{edit("text/plain", "text"), `11:1: mime: "text": want a type like text/plain`},
		{edit(`"tally"]`, `"file"]`), `12:1: schemes: "file": want a scheme like vnc`},
		{edit("network =", "telepathy ="), "15:1: permissions.telepathy: there is no such permission"},
		{edit("network =", "input ="), "15:1: permissions.input: no app can have it: only the shell may type and point for the person"},
		{edit(`"To fetch the weather."`, `""`), "15:1: permissions.network: missing"},
		{edit(`"To fetch the weather."`, `true`), "15:11: permissions.network: "},
		{edit("memory-mib = 128", "memory-mib = 63"), "19:1: resources.memory-mib: 63: want 64 to 16384"},
		{edit("files = 64", "files = -1"), "20:1: resources.files: -1: want 16 to 4096"},
		{"x = " + strings.Repeat(" ", MaxSize), "size: larger than 65536 bytes"},
	} {
		_, err := Parse([]byte(c.text))
		if err == nil || err.Error() != c.want && !(strings.HasSuffix(c.want, ": ") && strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("Parse() = %v; want %s", err, c.want)
		}
	}
}

func TestPaths(t *testing.T) {
	for p, want := range map[string]bool{
		"a": true, "bin/a-b_c.1": true, "a/b/c": true, ".hidden": true,
		"": false, ".": false, "..": false, "/a": false, "a/": false, "a//b": false, "./a": false, "a/../b": false, "../a": false,
		`a\b`: false, "a b": false, "a\x00": false, "C:a": false, "ä": false, strings.Repeat("a", 201): false,
	} {
		if got := ValidPath(p); got != want {
			t.Errorf("ValidPath(%.30q) = %v; want %v", p, got, want)
		}
	}
}

func TestVersions(t *testing.T) {
	list := []string{"0.0.1", "0.1.0", "0.1.9", "0.1.10", "1.0.0", "10.0.0"}
	for i, a := range list {
		for j, b := range list {
			va, err := ParseVersion(a)
			vb, err2 := ParseVersion(b)
			if err != nil || err2 != nil || (va.Compare(vb) < 0) != (i < j) || va.String() != a {
				t.Errorf("%s and %s: %v %v, %v %v", a, b, va, vb, err, err2)
			}
		}
	}
}

// TestNobodyGetsWhatIsTheShells: no permission of an app brings a global of the
// shell along.
func TestNobodyGetsWhatIsTheShells(t *testing.T) {
	var names []string
	for _, p := range Permissions {
		names = append(names, p.Name)
	}
	all := Allowed(names)
	none := Allowed(nil)
	for _, p := range Permissions {
		for _, g := range p.Globals {
			if p.Kind == ShellOnly && slices.Contains(all, g) {
				t.Errorf("apps may see %s", g)
			}
			if p.Kind != ShellOnly && !slices.Contains(Allowed([]string{p.Name}), g) {
				t.Errorf("%s doesn't bring %s", p.Name, g)
			}
			if slices.Contains(none, g) {
				t.Errorf("%s comes without %s", g, p.Name)
			}
		}
	}
}

const docs = "../../docs/RAYAPPS.md"

// TestReferenceIsFresh: the tables of the manual are those of the code.
func TestReferenceIsFresh(t *testing.T) {
	const begin, end = "<!-- manifest: go test ./rayapps/manifest -update -->\n", "<!-- end -->\n"
	data, err := os.ReadFile(filepath.FromSlash(docs))
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), begin)
	is, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the reference", docs)
	}
	if is == Reference() {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the tables say: go test ./rayapps/manifest -update", docs)
	}
	if err := os.WriteFile(docs, []byte(before+begin+Reference()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("api = 1\nid = \"a.b\"\n[permissions]\nfiles = \"x\"\n"))
	f.Add([]byte("[[permissions]]\nresources = {files = 1e9}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Parse(data)
		if err != nil {
			return
		}
		if !ValidID(m.ID) || !ValidPath(m.Exec) || strings.Contains(m.Exec, "..") && strings.Contains("/"+m.Exec+"/", "/../") {
			t.Errorf("obeys %+v", m)
		}
		for name := range m.Permissions {
			if p := Find(name); p == nil || p.Kind == ShellOnly {
				t.Errorf("obeys permission %q", name)
			}
		}
	})
}
