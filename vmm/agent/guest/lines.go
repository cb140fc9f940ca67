package guest

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// maxLine bounds a console line; longer ones are refused whole.
const maxLine = 512

// console serves line commands until in ends, and says why it did.
func (s *system) console(in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, maxLine)
	for {
		line, err := r.ReadSlice('\n')
		long := false
		for err == bufio.ErrBufferFull {
			long = true
			_, err = r.ReadSlice('\n')
		}
		if err != nil {
			return err
		}
		answer := "RAYOS_LINUX_AGENT_ERR line_too_long\n"
		if !long {
			answer = s.line(strings.TrimRight(string(line), "\r\n"))
		}
		if _, err := io.WriteString(out, answer); err != nil {
			return err
		}
	}
}

// line carries out one command and returns what to print.
func (s *system) line(line string) string {
	if app, ok := strings.CutPrefix(line, "LAUNCH_APP:"); ok {
		return s.launchLine(app)
	}
	if arg, ok := strings.CutPrefix(line, "DRAW:"); ok {
		return s.drawLine(arg)
	}
	if arg, ok := strings.CutPrefix(line, "TONE:"); ok {
		return s.toneLine(arg)
	}
	if path, ok := strings.CutPrefix(line, "SHARE_TEST:"); ok {
		return s.shareLine(path)
	}
	switch line {
	case "":
		return ""
	case "PING":
		return "RAYOS_LINUX_AGENT_PONG\n"
	case "INPUT_STATE":
		return s.inputs.line()
	case "SHUTDOWN":
		s.end()
		return "RAYOS_LINUX_AGENT_SHUTDOWN_ACK\n"
	case "SURFACE_TEST":
		return embedded(1, 32, 32, 0)
	case "SURFACE_MULTI_TEST":
		return surface(1, "one", 32, 24, 1) + surface(2, "two", 24, 32, 2) + "RAYOS_LINUX_SURFACE_MULTI_END\n"
	case "SURFACE_LIFECYCLE_TEST":
		return surfaceLifecycle
	case "SURFACE_FOCUS_ROLE_TEST":
		return surfaceFocusRole
	case "SURFACE_TREE_TEST":
		return surfaceTree
	}
	return "RAYOS_LINUX_AGENT_ERR unknown_command\n"
}

func (s *system) launchLine(app string) string {
	refuse := func(reason string) string {
		return "RAYOS_LINUX_APP_LAUNCH_ERR reason=" + reason + "\n"
	}
	switch {
	case s.launcher == nil:
		return refuse("not_in_desktop_mode")
	case app == "":
		return refuse("empty")
	case len(app) > 64 || strings.ContainsFunc(app, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) || r == ' ' }):
		return refuse("invalid_ascii_or_length")
	}
	if _, err := s.launcher.launch(app); err != nil {
		return "RAYOS_LINUX_APP_LAUNCH_ERR reason=" + err.Error() + " name=" + app + "\n"
	}
	return "RAYOS_LINUX_APP_LAUNCH_OK name=" + app + "\n"
}

// ppm is the test picture: plain text P3, red from left to right, green from
// top to bottom, blue along the diagonal and shifted by seed.
func ppm(w, h, seed int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "P3\n%d %d\n255\n", w, h)
	for y := range h {
		for x := range w {
			fmt.Fprintf(&b, "%d %d %d ", 255*x/(w-1), 255*y/(h-1), 255*(x+y+seed)/(w+h-1))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func embedded(id, w, h, seed int) string {
	return fmt.Sprintf("RAYOS_LINUX_EMBED_SURFACE_BEGIN id=%d format=ppm_p3 w=%d h=%d\n%sRAYOS_LINUX_EMBED_SURFACE_END id=%d\n",
		id, w, h, ppm(w, h, seed), id)
}

func surface(id int, title string, w, h, seed int) string {
	return fmt.Sprintf("RAYOS_LINUX_SURFACE_CREATE id=%d role=toplevel title=%s format=ppm_p3 w=%d h=%d\n", id, title, w, h) +
		fmt.Sprintf("RAYOS_LINUX_SURFACE_FRAME_BEGIN id=%d seq=1\n%sRAYOS_LINUX_SURFACE_FRAME_END id=%d seq=1\n", id, ppm(w, h, seed), id)
}

// The stories that surface tests tell, in the order that a reader has to keep.
const (
	surfaceLifecycle = `RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=one format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=two format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CONFIGURE id=2 x=0 y=0 w=800 h=600
RAYOS_LINUX_SURFACE_DESTROY id=1 reason=closed
RAYOS_LINUX_SURFACE_LIFECYCLE_END
`
	surfaceFocusRole = `RAYOS_LINUX_SURFACE_CREATE id=1 role=toplevel title=main format=ppm_p3 w=640 h=480
RAYOS_LINUX_SURFACE_CREATE id=2 role=toplevel title=menu format=ppm_p3 w=200 h=300
RAYOS_LINUX_SURFACE_FOCUS id=1 focused=1
RAYOS_LINUX_SURFACE_ROLE id=2 role=popup
RAYOS_LINUX_SURFACE_FOCUS id=2 focused=1
RAYOS_LINUX_SURFACE_FOCUS_ROLE_END
`
	surfaceTree = `RAYOS_LINUX_SURFACE_CREATE id=10 role=toplevel title=parent format=ppm_p3 w=800 h=600
RAYOS_LINUX_SURFACE_CREATE id=11 role=popup title=child format=ppm_p3 w=200 h=100
RAYOS_LINUX_SURFACE_PARENT id=11 parent=10
RAYOS_LINUX_SURFACE_STATE id=10 states=maximized
RAYOS_LINUX_SURFACE_STATE id=11 states=popup,modal
RAYOS_LINUX_SURFACE_TREE_END
`
)
