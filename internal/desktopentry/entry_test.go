package desktopentry

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const editor = `# an editor
[Desktop Entry]
Type=Application
Name=Text Editor
Name[de]=Texteditor
Name[de_AT]=Textler
GenericName=Editor
Comment=Edits\stext\nand\\more
Keywords=write;notes\;memos;;
Keywords[de]=schreiben;
Exec=edit --new "a \"b\" c" %F
Icon=edit
TryExec=edit
Categories=Utility;TextEditor;
MimeType=text/plain;
Actions=new;gone;empty;
OnlyShowIn=RayOS;GNOME;
Name=twice

[Desktop Action new]
Name=New Window
Name[de]=Neues Fenster
Exec=edit --window

[Desktop Action empty]
Exec=edit

[X-Other]
Exec=rm -rf /
`

func TestParse(t *testing.T) {
	e, err := Parse([]byte(editor), Locales("de_AT.UTF-8"))
	if err != nil {
		t.Fatal(err)
	}
	if e.Name != "Textler" || e.Comment != "Edits text\nand\\more" || e.TryExec != "edit" || e.Icon != "edit" {
		t.Errorf("entry: %+v", e)
	}
	if d := cmp.Diff([]string{"schreiben"}, e.Keywords); d != "" {
		t.Error(d)
	}
	if len(e.Actions) != 1 || e.Actions[0].ID != "new" || e.Actions[0].Name != "Neues Fenster" {
		t.Errorf("actions: %+v", e.Actions)
	}
	e, err = Parse([]byte(editor), nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"write", "notes;memos"}, e.Keywords); d != "" || e.Name != "Text Editor" {
		t.Error(e.Name, d)
	}
	for desktops, want := range map[string]bool{"RayOS": true, "KDE": false, "": false, "KDE:GNOME": true} {
		if got := e.ShownIn(strings.Split(desktops, ":")); got != want {
			t.Errorf("ShownIn(%q) = %v; want %v", desktops, got, want)
		}
	}
}

func TestWhatIsNoApplication(t *testing.T) {
	const head = "[Desktop Entry]\nType=Application\nName=A\n"
	for _, c := range []struct{ name, text, want string }{
		{"a link", "[Desktop Entry]\nType=Link\nName=A\nURL=x\n", ErrNoApplication.Error()},
		{"no program", head, ErrNoApplication.Error()},
		{"program by a code", head + "Exec=%f\n", ErrNoApplication.Error()},
		{"open quote", head + "Exec=a \"b\n", ErrNoApplication.Error()},
		{"half a code", head + "Exec=a %\n", ErrNoApplication.Error()},
		{"no name", "[Desktop Entry]\nType=Application\nExec=a\n", "application without a Name"},
		{"no group", "Name=A\n", "line 1: value before the first group"},
		{"other group", "[Other]\nName=A\n", "there is no group [Desktop Entry]"},
		{"torn group", "[Desktop Entry\n", "line 1: group without an end: want [name]"},
		{"no value", head + "Exec\n", "line 4: want key=value"},
		{"not UTF-8", head + "Exec=\xff\n", "desktop entry is not UTF-8"},
		{"huge", head + strings.Repeat("#\n", MaxFile), "desktop entry of 524328 bytes, over 262144"},
	} {
		_, err := Parse([]byte(c.text), nil)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v; want %s", c.name, err, c.want)
		}
	}
	if _, err := Parse([]byte(head+"DBusActivatable=true\n"), nil); errors.Is(err, ErrNoApplication) {
		t.Error("an application that is started by D-Bus needs no program")
	}
}

func TestLocales(t *testing.T) {
	for lang, want := range map[string][]string{
		"": nil, "C.UTF-8": nil, "POSIX": nil, "de": {"de"}, "de_AT.UTF-8": {"de_AT", "de"},
		"sr_RS@latin": {"sr_RS@latin", "sr_RS", "sr@latin", "sr"}, "sr@latin": {"sr@latin", "sr"},
	} {
		if d := cmp.Diff(want, Locales(lang)); d != "" {
			t.Errorf("Locales(%q): %s", lang, d)
		}
	}
}

func TestCommands(t *testing.T) {
	c := Context{Name: "Text Editor", Icon: "edit", File: "/usr/share/applications/edit.desktop"}
	for _, x := range []struct {
		line  string
		files []string
		want  [][]string
	}{
		{"a", nil, [][]string{{"a"}}},
		{"a", []string{"/f"}, [][]string{{"a"}}},
		{`a "b c" d"e f"`, nil, [][]string{{"a", "b c", "de f"}}},
		{`a "" "\$\"\\"`, nil, [][]string{{"a", "", `$"\`}}},
		{"a %F", []string{"/x y", "file:///z%20", "https://e/"}, [][]string{{"a", "/x y", "/z "}}},
		{"a %U", []string{"/x y", "https://e/"}, [][]string{{"a", "file:///x%20y", "https://e/"}}},
		{"a %f b", []string{"/x", "/y"}, [][]string{{"a", "/x", "b"}, {"a", "/y", "b"}}},
		{"a %f b", nil, [][]string{{"a", "b"}}},
		{"a --f=%u", nil, [][]string{{"a", "--f="}}},
		{"a %i %c %k 100%%", nil, [][]string{{"a", "--icon", "edit", "Text Editor", c.File, "100%"}}},
		{"a %d %D %n %m %v", nil, [][]string{{"a"}}},
		{`sh -c "echo %f"`, []string{"/x;rm"}, [][]string{{"sh", "-c", "echo "}}},
		{"a $(b) ; c", nil, [][]string{{"a", "$(b)", ";", "c"}}},
	} {
		if d := cmp.Diff(x.want, parseExec(x.line).Commands(c, x.files...)); d != "" {
			t.Errorf("%s with %q: %s", x.line, x.files, d)
		}
	}
	if got := parseExec("/opt/50%%/a %f").Program(); got != "/opt/50%/a" {
		t.Errorf("Program() = %s", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(editor, "de_AT")
	f.Add("[Desktop Entry]\nType=Application\nName=A\nExec=a %%f \"%\\\"\n", "")
	f.Fuzz(func(t *testing.T, text, lang string) {
		e, err := Parse([]byte(text), Locales(lang))
		if err != nil {
			return
		}
		if e.Name == "" || len(e.Actions) > MaxActions {
			t.Errorf("entry: %+v", e)
		}
		commands := e.Exec.Commands(Context{Name: e.Name}, "/a", "/b")
		if e.Exec.ok() && len(commands) == 0 {
			t.Error("a program without a command")
		}
		for _, args := range commands {
			if len(args) == 0 || args[0] != e.Exec.Program() {
				t.Errorf("command %q of program %q", args, e.Exec.Program())
			}
		}
	})
}
