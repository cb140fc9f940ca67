package grammar

import (
	"slices"
	"strings"
	"testing"

	"rayos/vmm/keys"
)

// one machine of each kind, nothing shown.
var plain = Env{
	Machines: []Machine{{ID: "linux-desktop-001", Kind: Linux, Main: true}, {ID: "windows-desktop-001", Kind: Windows, Main: true}},
	App:      func(name string) bool { return name == "foot" || name == "vnc" },
}

// sample is what a slot may hold.
var sample = map[string]string{
	"<text>": "echo  hi", "<word>": "hello", "<keys>": "ctrl+c", "<x>": "0.5", "<y>": ".25", "<button>": "left", "<app>": "weston-terminal",
	"<run>": "foot", "<args>": "-e top", "<id>": "linux-desktop-001",
}

func say(f *form) string {
	parts := slices.Clone(f.parts)
	for i, part := range parts {
		if isSlot(part) {
			parts[i] = sample[part]
		}
	}
	return strings.Join(parts, " ")
}

// TestEveryAliasPair holds each way to say something against every row: it
// means what its own row says, and no row that says as much means another.
func TestEveryAliasPair(t *testing.T) {
	for i := range forms {
		f := &forms[i]
		line := say(f)
		r := Parse(line, plain)
		if r.Outcome != Matched || r.Command.Verb != f.phrase.Verb || f.phrase.Kind != None && r.Command.Kind != f.phrase.Kind {
			t.Errorf("Parse(%q) = %v %+v; want %s %s", line, r.Outcome, r.Command, f.phrase.Verb, f.phrase.Kind)
		}
		own, err := f.match(line, split(line), &plain)
		if own == nil || err != nil {
			t.Fatalf("%q does not fit its own row: %v", line, err)
		}
		for j := range forms {
			other, _ := forms[j].match(line, split(line), &plain)
			if other == nil || j == i || other.cmd.Verb == own.cmd.Verb && other.cmd.Kind == own.cmd.Kind {
				continue
			}
			if !other.less(own) {
				t.Errorf("%q is as much %q as %q", line, forms[j].parts, f.parts)
			}
		}
		if up := Parse("  "+strings.ToUpper(strings.ReplaceAll(line, "foot", "FOOT"))+" ", Env{App: func(string) bool { return true }, Machines: plain.Machines}); up.Command.Verb != r.Command.Verb || up.Command.Kind != r.Command.Kind {
			t.Errorf("Parse in capitals of %q = %+v; want %+v", line, up, r)
		}
	}
	if len(forms) < 90 {
		t.Errorf("there are %d ways to say something; the facts have more", len(forms))
	}
}

func TestParse(t *testing.T) {
	const lin, win = "linux-desktop-001", "windows-desktop-001"
	tests := []struct {
		line string
		want Command
	}{
		{"show linux desktop", Command{Verb: Show, Kind: Linux, VM: lin}},
		{"Show Windows Desktop", Command{Verb: Show, Kind: Windows, VM: win}},
		{"win desktop", Command{Verb: Show, Kind: Windows, VM: win}},
		{"show desktop", Command{Verb: Show, Kind: Linux, VM: lin}},
		{"hide windows desktop", Command{Verb: Hide, Kind: Windows, VM: win}},
		{"hide desktop", Command{Verb: Hide, Kind: Linux, VM: lin}},
		{"start linux hidden", Command{Verb: Start, Kind: Linux, VM: lin}},
		{"start linux", Command{Verb: Show, Kind: Linux, VM: lin}},
		{"stop win", Command{Verb: Shutdown, Kind: Windows, VM: win}},
		{"type hello", Command{Verb: Type, Kind: Linux, VM: lin, Text: "hello"}},
		{`type "echo  hello"`, Command{Verb: Type, Kind: Linux, VM: lin, Text: "echo  hello"}},
		{"linux type echo  hello, he said", Command{Verb: Type, Kind: Linux, VM: lin, Text: "echo  hello, he said"}},
		{"linux type grüß ~| dich", Command{Verb: Type, Kind: Linux, VM: lin, Text: "grüß ~| dich"}},
		{`windows type ""quoted""`, Command{Verb: Type, Kind: Windows, VM: win, Text: `"quoted"`}},
		{"send ls -l to linux vm", Command{Verb: Type, Kind: Linux, VM: lin, Text: "ls -l"}},
		{"send hello to windows", Command{Verb: Type, Kind: Windows, VM: win, Text: "hello"}},
		{"send ctrl+alt+del to win", Command{Verb: Press, Kind: Windows, VM: win, Keys: Keys{Mods: keys.Ctrl | keys.Alt, Code: 111}}},
		{"send to linux to linux", Command{Verb: Type, Kind: Linux, VM: lin, Text: "to linux"}},
		{"press enter", Command{Verb: Press, Kind: Linux, VM: lin, Keys: Keys{Code: 28}}},
		{"key A", Command{Verb: Press, Kind: Linux, VM: lin, Keys: Keys{Mods: keys.Shift, Code: 30}}},
		{"mouse 0.5 1", Command{Verb: Pointer, Kind: Linux, VM: lin, X: 0.5, Y: 1}},
		{"move .5 1.000", Command{Verb: Pointer, Kind: Linux, VM: lin, X: 0.5, Y: 1}},
		{"click RIGHT", Command{Verb: Click, Kind: Linux, VM: lin, Button: "right"}},
		{"launch linux foot", Command{Verb: Launch, Kind: Linux, VM: lin, App: "foot"}},
		{"run foot", Command{Verb: Run, App: "foot"}},
		{"run vnc localhost:5901", Command{Verb: Run, App: "vnc", Text: "localhost:5901"}},
		{"open log", Command{Verb: SystemLog}},
		{"top", Command{Verb: Processes}},
		{"WINDOWS-desktop-001 click left", Command{Verb: Click, Kind: Windows, VM: win, Button: "left"}},
	}
	for _, tt := range tests {
		if r := Parse(tt.line, plain); r.Outcome != Matched || r.Command != tt.want {
			t.Errorf("Parse(%q) = %v %+v; want %+v", tt.line, r.Outcome, r.Command, tt.want)
		}
	}
}

// sentences are what people say to each other, or to an assistant.
var sentences = []string{
	"", " ", "hello", "hi there", "run cargo build", "run", "run the tests please", "run away", "run FOOT fast",
	"type faster please, he said", "type", "type of thing", "what type is it", "show me your desktop setup", "show me the log", "show",
	"show linux", "show windows", "show windows desktops", "show linux desktop please", "show the linux desktop", "please show linux desktop",
	"desktop", "linux", "windows", "win", "desktop linux", "show desktop icons", "show desktops", "linux desktop environments compared",
	"windows desktop background", "hide", "hide and seek", "hide windows", "hide my linux desktop", "hide all windows", "hide the evidence",
	"press conference", "press", "press the button", "press on regardless", "press any key to continue", "key", "key takeaways", "key question",
	"keyboard enter", "send me an email", "send flowers to my mother", "send money to windows users", "send to linux",
	"send regards to linux fans", "mouse", "mouse 5 6", "move 10 20", "move 0.5", "move 0.5 0.5 0.5", "move it to the left", "mouse -0.5 0.5",
	"mouse 1e-1 0.5", "mouse NaN 0", "mouse 0x0 0", "move 1.5 0", "click", "click here", "click the left one", "click left twice", "launch",
	"launch linux", "launch linux terminal please", "launch the rocket", "linux launch", "linux is nice", "linux type", "stop", "stop it",
	"stop linux now", "stop windows update", "shutdown", "shutdown the computer", "shut down linux", "shutdown linux tonight", "start", "start linux course",
	"open linux kernel source", "open the log", "process", "process this", "processes are slow", "top ten songs", "top 10", "logs of wood",
	"log in", "log out", "show logs", "show process", "dmesg says oops", "htop or top", "win the game", "win desktop wars", "linu desktop",
	"deskktop", "show linuxdesktop", "show\u00a0linux desktop", "resume", "resume my work", "suspend disbelief", "what is a linux desktop",
	"show linux-desktop-002", "linux-desktop-001", "linux-desktop-001 please", "windows launch notepad", "run vncserver", "AI: what is this",
}

func TestSentencesAreNoCommands(t *testing.T) {
	if len(sentences) < 60 {
		t.Fatalf("%d sentences; want 60", len(sentences))
	}
	for _, line := range sentences {
		if r := Parse(line, plain); r.Outcome != NoMatch {
			t.Errorf("Parse(%q) = %v %+v %v; want no match", line, r.Outcome, r.Command, r.Choices)
		}
	}
}

func TestRefusedAndShell(t *testing.T) {
	for _, line := range []string{
		"@ack SHOW_LINUX_DESKTOP ok presented", " @ACK x", "@", "\u200b@ack x", "\u00a0@x", "rayos_host_event_v0:LINUX_SHUTDOWN", "RAYOS_HOST_ACK:X:ok:y",
		"RAYOS_READY", "ai_end:1", "AI_LOCAL:x", "type a\nb", "type \x1b[A", "show linux desktop\r", "type \x80", strings.Repeat("x", MaxLine+1),
	} {
		if r := Parse(line, plain); r.Outcome != Refused || r.Why == "" {
			t.Errorf("Parse(%.40q) = %v %q; want it refused", line, r.Outcome, r.Why)
		}
	}
	if r := Parse("  :echo  @ack x ", plain); r.Outcome != Shell || r.Text != "echo  @ack x" {
		t.Errorf("Parse of a shell line = %+v", r)
	}
	if r := Parse("type several words", plain); !strings.Contains(r.Why, "linux type") {
		t.Errorf("a line that was close says %q", r.Why)
	}
	if r := Parse("linux type "+strings.Repeat("x", MaxText+1), plain); r.Outcome != NoMatch || r.Why == "" {
		t.Errorf("too long a text = %+v", r)
	}
}

func TestAmbiguousLinesSaySo(t *testing.T) {
	shown := Env{Machines: []Machine{{ID: "linux-desktop-001", Kind: Linux}, {ID: "windows-desktop-001", Kind: Windows, Shown: true}}}
	several := Env{Machines: []Machine{{ID: "a-1", Kind: Linux}, {ID: "b-1", Kind: Linux, Shown: true}}}
	tests := []struct {
		line string
		env  Env
		want string
	}{
		{"type hello", shown, "linux-desktop-001 type hello, windows-desktop-001 type hello"},
		{"press enter", shown, "linux-desktop-001 press enter, windows-desktop-001 press enter"},
		{"hide desktop", shown, "hide linux-desktop-001, hide windows-desktop-001"},
		{"show linux desktop", several, "show a-1, show b-1"},
		{"linux type \" x\"", several, `a-1 type " x", b-1 type " x"`},
		{"send q to linux", several, "a-1 press q, b-1 press q"},
		{"stop linux", several, "shutdown a-1, shutdown b-1"},
		{"start linux hidden", several, "start a-1 hidden, start b-1 hidden"},
		{"mouse 0 .5", several, "a-1 mouse 0 0.5, b-1 mouse 0 0.5"},
		{"click left", several, "a-1 click left, b-1 click left"},
		{"linux launch foot", several, "a-1 launch foot, b-1 launch foot"},
	}
	for _, tt := range tests {
		r := Parse(tt.line, tt.env)
		var lines []string
		for i := range r.Choices {
			lines = append(lines, r.Choices[i].Line())
			if again := Parse(lines[i], tt.env); again.Outcome != Matched || again.Command != r.Choices[i] {
				t.Errorf("Parse(%q) = %v %+v; want %+v", lines[i], again.Outcome, again.Command, r.Choices[i])
			}
		}
		if got := strings.Join(lines, ", "); r.Outcome != Ambiguous || got != tt.want {
			t.Errorf("Parse(%q) = %v %s; want %s", tt.line, r.Outcome, got, tt.want)
		}
	}
	if r := Parse("show linux desktop", Env{}); r.Outcome != Matched || r.Command.VM != "" || r.Command.Line() != "show linux desktop" {
		t.Errorf("without machines: %+v", r)
	}
}

// FuzzParse: whatever a keyboard sends, the answer is well-formed, and the line
// that a command gives means that command.
func FuzzParse(f *testing.F) {
	for i := range forms {
		f.Add(say(&forms[i]))
	}
	for _, line := range sentences {
		f.Add(line)
	}
	f.Add(`send "" to linux`)
	f.Fuzz(func(t *testing.T, line string) {
		r := Parse(line, plain)
		if r.Outcome != Matched {
			return
		}
		again := Parse(r.Command.Line(), plain)
		if len(r.Command.Line()) <= MaxLine && (again.Outcome != Matched || again.Command != r.Command) {
			t.Fatalf("Parse(%q) = %+v, whose line %q is %v %+v", line, r.Command, r.Command.Line(), again.Outcome, again.Command)
		}
		if e, err := r.Command.Event(); err == nil {
			back, err := ParseEvent(FromHost(e.String()))
			if err != nil || back != e {
				t.Fatalf("event %q: %+v, %v", e, back, err)
			}
		}
	})
}

// TestWordsOfTheGrammarWin: a machine can't take a line by what it is called.
func TestWordsOfTheGrammarWin(t *testing.T) {
	env := Env{Machines: []Machine{{ID: "linux", Kind: Windows, Main: true}, {ID: "a-1", Kind: Linux}}}
	for _, line := range []string{"hide linux", "linux type hello", "stop linux", "linux press enter"} {
		if r := Parse(line, env); r.Outcome != Matched || r.Command.VM != "a-1" {
			t.Errorf("Parse(%q) = %v %+v; want it to mean a-1", line, r.Outcome, r.Command)
		}
	}
}
