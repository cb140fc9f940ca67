package cli

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

// TestMain makes the test binary rayctl when a shell calls it as that.
func TestMain(m *testing.M) {
	if os.Getenv("RAYCTL_IS_ME") != "" {
		os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// session serves a fake session that rayctl finds by itself.
func session(t *testing.T) (*controltest.Session, *controltest.Loop, *control.Server) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("RAYOS_SOCKET", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	s, l := controltest.New(), controltest.NewLoop()
	srv, err := control.Listen(control.SocketPath(dir, "wayland-1"), l, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Stop()
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, l, srv
}

func rayctl(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestAnswersForPeople(t *testing.T) {
	session(t)
	tests := []struct{ args, want string }{
		{"windows", "" +
			"   ID  APP-ID  TITLE          OWNER    FRAME            WS  OUTPUT      STATE\n" +
			"*  2   editor  main.go �[31m  unknown  304x236+100+100  0   HEADLESS-1  activated\n" +
			"   1   foot    ~              session  644x516+10+20    0   HEADLESS-1  \n"},
		{"outputs", "" +
			"NAME        MODE         SCALE  LOGICAL       FRAMES\n" +
			"HEADLESS-1  1280x720@60  1      1280x720+0+0  42\n"},
		{"workspaces", "" +
			"   N  NAME       WINDOWS  LAYOUT\n" +
			"*  0  1          2        floating\n" +
			"!  1  mail �[0m  1        tiling\n"},
		{"workspace add", "4\n"},
		{"vm list", "" +
			"ID               NAME         STATE    SHOWN  SCREEN    PID   DETAIL\n" +
			"linux-micro-001  Linux �[31m  running  true   1280x800  4711  \n"},
		{"vm build linux-micro", "working [31m\ndone: more \ufffd[31m\n"},
		{"vm show linux", "working [31m\ndone: more \ufffd[31m\n"},
		{"vm type linux echo hi --no-enter", "working [31m\ndone: more \ufffd[31m\n"},
		{"vm policy linux", "{\n  \"networking\": \"off\"\n}\nRAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:off:default_off\n"},
		{"vm policy linux --dry-run", "{\n  \"networking\": \"off\"\n}\nRAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:off:default_off\n" +
			"missing: a part\nqemu \\\n  -name 'it'\\''s \ufffd[31m' \\\n  -nodefaults\n"},
		{"show a-1", "RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented\n"},
		{"stats", "" +
			"display     wayland-1 (pid 7)\n" +
			"up          1.5s\n" +
			"clients     2\n" +
			"surfaces    5\n" +
			"windows     2\n" +
			"outputs     1\n" +
			"goroutines  0\n" +
			"frames      42\n" +
			"wakeups     99\n" +
			"heap        3.0 MiB, 4 collections\n"},
		{"version", "rayos test\n"},
		{"run tally x", "started\n"},
		{"app running", "" +
			"ID                      PID  STATE    CONFINED  PERMISSIONS  CRASHES\n" +
			"org.example.Tally\ufffd[31m  7    running  full      network      1\n"},
		{"focus foot", ""},
		{"output add 800x600", "HEADLESS-2\n"},
		{"wait --window foot", "1 foot 644x516+10+20\n"},
	}
	for _, tt := range tests {
		code, out, errs := rayctl(t, "", strings.Fields(tt.args)...)
		if code != ExitOK || out != tt.want || errs != "" {
			t.Errorf("rayctl %s = %d\n%s%s\nwant\n%s", tt.args, code, out, errs, tt.want)
		}
	}
}

func TestAnswersForMachines(t *testing.T) {
	session(t)
	tests := []struct {
		args      string
		code      int
		out, errs string
	}{
		{"--json focus foot", ExitOK, "{}\n", ""},
		{"version --json", ExitOK, `{"name":"rayos test"}` + "\n", ""},
		{"--json focus 9", ExitFailed, "", `{"error":{"code":"no-window","message":"no window 9; see windows"}}` + "\n"},
		{"--json focus", ExitUsage, "", `{"error":{"code":"bad-args","message":"focus needs WINDOW: id, app-id, title, or focused"}}` + "\n"},
	}
	for _, tt := range tests {
		code, out, errs := rayctl(t, "", strings.Fields(tt.args)...)
		if code != tt.code || out != tt.out || errs != tt.errs {
			t.Errorf("rayctl %s = %d, %q, %q; want %d, %q, %q", tt.args, code, out, errs, tt.code, tt.out, tt.errs)
		}
	}
	if _, out, _ := rayctl(t, "", "windows", "--json"); !strings.HasPrefix(out, `[{"id":1,"app_id":"foot"`) {
		t.Errorf("rayctl windows --json = %s", out)
	}
}

func TestExitCodesSayWhatWentWrong(t *testing.T) {
	s, l, _ := session(t)
	l.Do(func() { s.Hold = true })
	tests := []struct {
		args string
		code int
		errs string
	}{
		{"", ExitUsage, "try: rayctl help"},
		{"frobnicate", ExitUsage, `no command "frobnicate"`},
		{"input", ExitUsage, "input what? There are input type, input key"},
		{"resize foot", ExitUsage, "usage: rayctl resize WINDOW WxH"},
		{"--socket", ExitUsage, "--socket needs a path"},
		{"completion tcsh", ExitUsage, "bash, zsh or fish"},
		{"focus nobody", ExitFailed, `no window "nobody"; see windows`},
		{"--socket /nowhere/x.sock focus 1", ExitNoSession, "start one with: rayos-session --headless"},
		{"wait --idle --timeout 10ms", ExitTimeout, "not done after 10ms"},
		{"screenshot /nowhere/x.png", ExitFailed, "no such file or directory"},
	}
	for _, tt := range tests {
		code, out, errs := rayctl(t, "", strings.Fields(tt.args)...)
		if code != tt.code || out != "" || !strings.HasPrefix(errs, "rayctl: ") || !strings.Contains(errs, tt.errs) {
			t.Errorf("rayctl %s = %d, %q, %q; want %d and %q", tt.args, code, out, errs, tt.code, tt.errs)
		}
	}
}

func TestSeveralSessionsAreListed(t *testing.T) {
	_, l, srv := session(t)
	second, err := control.Listen(control.SocketPath(filepath.Dir(srv.Path()), "wayland-2"), l, controltest.New())
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	code, _, errs := rayctl(t, "", "version")
	if code != ExitNoSession || !strings.Contains(errs, srv.Path()) || !strings.Contains(errs, second.Path()) {
		t.Errorf("rayctl version = %d, %q; want both sessions listed", code, errs)
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-2")
	if code, out, errs := rayctl(t, "", "version"); code != ExitOK {
		t.Errorf("rayctl version = %d, %q, %q", code, out, errs)
	}
}

func TestScreenshotIsWritten(t *testing.T) {
	session(t)
	file := filepath.Join(t.TempDir(), "a b.png")
	code, out, errs := rayctl(t, "", "screenshot", "--window", "foot", file)
	if code != ExitOK || out != file+" 2x1\n" {
		t.Fatalf("rayctl screenshot = %d, %q, %q", code, out, errs)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if img, err := png.Decode(f); err != nil || img.Bounds().Dx() != 2 {
		t.Errorf("Decode = %v, %v", img, err)
	}
	if _, out, _ := rayctl(t, "", "screenshot", "-"); !strings.HasPrefix(out, "\x89PNG") {
		t.Errorf("rayctl screenshot - = %q; want a PNG", out)
	}
}

func TestTypeReadsStandardInput(t *testing.T) {
	s, l, _ := session(t)
	if code, _, errs := rayctl(t, "echo hi\n", "input", "type", "-"); code != ExitOK {
		t.Fatalf("rayctl = %d, %q", code, errs)
	}
	if code, _, errs := rayctl(t, strings.Repeat("x", 100<<10), "input", "type", "-"); code != ExitUsage || !strings.Contains(errs, "longer than") {
		t.Errorf("rayctl with too much text = %d, %q", code, errs)
	}
	l.Do(func() {
		if got := strings.Join(s.Log, " "); got != `type "echo hi\n"` {
			t.Errorf("session got %s", got)
		}
	})
}

func TestQuitWaitsForTheEnd(t *testing.T) {
	s, l, srv := session(t)
	ended := make(chan error, 1)
	go func() {
		<-s.Quits
		l.Stop()
		ended <- srv.Close()
	}()
	if code, out, errs := rayctl(t, "", "quit"); code != ExitOK || out != "" {
		t.Errorf("rayctl quit = %d, %q, %q", code, out, errs)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if code, _, _ := rayctl(t, "", "version"); code != ExitNoSession {
		t.Errorf("rayctl version after quit = %d; want %d", code, ExitNoSession)
	}
}

func TestHelpNamesEveryCommand(t *testing.T) {
	_, all, _ := rayctl(t, "", "help")
	_, page, _ := rayctl(t, "", "man")
	for _, c := range control.Commands() {
		if !strings.Contains(all, "\n  "+c.Name) {
			t.Errorf("help lacks %s", c.Name)
		}
		if !strings.Contains(page, ".B "+roff(c.Usage())) {
			t.Errorf("man lacks %s", c.Name)
		}
		code, out, errs := rayctl(t, "", append([]string{"help"}, strings.Fields(c.Name)...)...)
		if code != ExitOK || !strings.Contains(out, c.Usage()) {
			t.Errorf("rayctl help %s = %d, %q, %q", c.Name, code, out, errs)
		}
	}
}

func TestManIsGoodRoff(t *testing.T) {
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	_, page, _ := rayctl(t, "", "man")
	cmd := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
	cmd.Stdin = strings.NewReader(page)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("groff: %v\n%s", err, out)
	}
}

func TestComplete(t *testing.T) {
	session(t)
	tests := []struct {
		words []string
		want  string
	}{
		{[]string{"sc"}, "screenshot"},
		{[]string{"input", "s"}, "scroll"},
		{[]string{"--json", "vers"}, "version"},
		{[]string{"focus", ""}, "1 2 focused"},
		{[]string{"state", "1", "snap"}, ""},
		{[]string{"state", "1", "top-"}, "top-left top-right"},
		{[]string{"wait", "--window", "foot", "--t"}, "--timeout"},
		{[]string{"wait", "--output", ""}, "HEADLESS-1"},
		{[]string{"screenshot", "--window", "2", ""}, ":file"},
		{[]string{"screenshot", "--window", "f"}, "focused"},
		{[]string{"move", "1", ""}, ""},
		{[]string{"completion", "f"}, "fish"},
		{[]string{"help", "out"}, "outputs output"},
		{[]string{"--socket", ""}, ":file"},
	}
	for _, tt := range tests {
		code, out, errs := rayctl(t, "", append([]string{"complete", "--"}, tt.words...)...)
		var got []string
		for line := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			got = append(got, word)
		}
		if code != ExitOK || strings.Join(got, " ") != tt.want {
			t.Errorf("complete %q = %d, %q, %q; want %q", tt.words, code, got, errs, tt.want)
		}
	}
}

func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is not installed")
	}
	session(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := `rayctl() { RAYCTL_IS_ME=1 "` + self + `" "$@"; }
		source <(rayctl completion bash) || exit 1
		COMP_WORDS=(rayctl state 1 max) COMP_CWORD=3
		_rayctl; echo "${COMPREPLY[@]}"
		COMP_WORDS=(rayctl focus '') COMP_CWORD=2
		_rayctl; echo "${COMPREPLY[@]}"
		cd / && COMP_WORDS=(rayctl screenshot et) COMP_CWORD=2
		_rayctl; echo "${COMPREPLY[@]}"`
	out, err := exec.Command(bash, "-c", script).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) || string(out) != "maximize\n1 2 focused\netc\n" {
		t.Errorf("bash = %v, %s", err, out)
	}
	for shell := range scripts {
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		cmd := exec.Command(path, "-n")
		cmd.Stdin = strings.NewReader(scripts[shell])
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s -n: %v\n%s", shell, err, out)
		}
	}
}

func TestPrompt(t *testing.T) {
	s, l, _ := session(t)
	tests := []struct {
		args      string
		code      int
		out, errs string
	}{
		{"prompt stop a-1", ExitOK, "RAYOS_HOST_ACK:LINUX_SHUTDOWN:ok:presented\n", ""},
		{"prompt a-1 type -l --color  x", ExitOK, "RAYOS_HOST_ACK:LINUX_SENDTEXT:ok:presented\n", ""},
		{"prompt show linux desktop", ExitUsage, "", "which? Say one of: show a-1; show b-1"},
		{"prompt type faster please", ExitUsage, "", "no command: to type several words name the machine"},
		{"prompt what is that", ExitUsage, "", "no such command"},
		{"prompt @ack X ok y", ExitUsage, "", "come from the session"},
		{"prompt :help", ExitUsage, "", "no shell"},
		{"prompt", ExitUsage, "", "prompt needs LINE...: like: show linux desktop"},
	}
	for _, tt := range tests {
		code, out, errs := rayctl(t, "", strings.Fields(tt.args)...)
		if code != tt.code || out != tt.out || !strings.Contains(errs, tt.errs) {
			t.Errorf("rayctl %s = %d, %q, %q; want %d, %q, %q", tt.args, code, out, errs, tt.code, tt.out, tt.errs)
		}
	}
	l.Do(func() {
		if got := strings.Join(s.Log, ", "); got != "prompt rayctl shutdown a-1, prompt rayctl a-1 type -l --color x" {
			t.Errorf("session got %s", got)
		}
		s.Err = errors.New("timeout")
	})
	if code, _, errs := rayctl(t, "", "prompt", "stop a-1"); code != ExitTimeout || errs != "rayctl: RAYOS_HOST_ACK:LINUX_SHUTDOWN:err:timeout\n" {
		t.Errorf("rayctl prompt of what fails = %d, %q", code, errs)
	}
}

const twoEvents = "2026-01-02T03:04:05.000Z prompt RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP\n" +
	"2026-01-02T03:04:05.000Z prompt RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented\n"

func TestEvents(t *testing.T) {
	session(t)
	if code, out, errs := rayctl(t, "", "events"); code != ExitOK || out != twoEvents {
		t.Errorf("rayctl events = %d, %q, %q", code, out, errs)
	}
	if code, out, _ := rayctl(t, "", "--json", "events", "--after", "2"); code != ExitOK || out != "[]\n" {
		t.Errorf("rayctl --json events = %d, %q", code, out)
	}
}

func TestEventsAreFollowedToTheEnd(t *testing.T) {
	s, l, srv := session(t)
	l.Do(func() { s.Hold = true })
	ended := make(chan error, 1)
	go func() {
		<-s.Changed // rayctl waits for more
		l.Stop()
		ended <- srv.Close()
	}()
	if code, out, errs := rayctl(t, "", "events", "--follow"); code != ExitOK || out != twoEvents {
		t.Errorf("rayctl events --follow = %d, %q, %q", code, out, errs)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
