package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"rayos/shell/control"
)

// roff escapes text for a man page.
func roff(s string) string {
	s = strings.ReplaceAll(s, `\`, `\e`)
	s = strings.ReplaceAll(s, "-", `\-`)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}

// man prints rayctl(1).
func man(out io.Writer) error {
	w := bufio.NewWriter(out)
	p := func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }
	p(`.TH RAYCTL 1 "" "RayOS" "User Commands"`)
	p(".SH NAME\nrayctl \\- command a running RayOS session")
	p(".SH SYNOPSIS\n.B rayctl\n[\\-\\-json] [\\-\\-socket PATH] COMMAND [ARGUMENTS]")
	p(".SH DESCRIPTION")
	p("rayctl sends one command to a session and returns when its effect is there:")
	p("a window has the focus, has taken its new size, or has gone.")
	p("WINDOW is the id of a window, an app\\-id or title that only one window has, or the word focused.")
	p("Positions and sizes are logical pixels unless said otherwise.")
	p(".SH OPTIONS")
	p(".TP\n.B \\-\\-json\nprint the answer as one line of JSON; errors too, on standard error")
	p(".TP\n.BR \\-\\-socket \" PATH\"\ntalk to the session that listens there")
	p(".SH COMMANDS")
	for _, c := range control.Commands() {
		p(".TP\n.B %s\n%s.", roff(c.Usage()), roff(c.Help))
		for i := range c.Args {
			p(".br\n.I %s\n%s", roff(strings.Trim(c.Args[i].Usage(), "[]")), roff(describe(&c.Args[i])))
		}
	}
	for _, c := range own {
		p(".TP\n.B %s\n%s.", roff(c.name), roff(c.help))
	}
	p(".SH ENVIRONMENT")
	p("The session is the one of the first of these that leads to one:")
	p(".TP\n.B RAYOS_SOCKET\nthe path of its control socket")
	p(".TP\n.B WAYLAND_DISPLAY\nits display; the socket is then rayos\\-DISPLAY.sock in XDG_RUNTIME_DIR")
	p(".TP\n.B XDG_RUNTIME_DIR\nthe only session that listens there")
	p(".SH EXIT STATUS")
	for code, text := range exits {
		p(".TP\n.B %d\n%s", code, roff(text))
	}
	p(".SH EXAMPLES")
	p(".nf\nrayos\\-session \\-\\-headless &\nrayctl wait \\-\\-window foot \\-\\-timeout 5s\nrayctl resize foot 800x600\nrayctl input type 'date'\nrayctl input key Return\nrayctl screenshot \\-\\-window foot foot.png\n.fi")
	return w.Flush()
}
