package guest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"rayos/internal/desktopentry"
	"rayos/vmm/agent"
)

// launcher starts the desktop's applications, those that have a .desktop file
// and no others.
type launcher struct {
	dir        string // of .desktop files
	icons      string // folder of icon themes
	env        []string
	home       string // where applications begin
	credential *syscall.Credential
	tell       func(event string, body any)

	mu      sync.Mutex
	running map[int]string // pid → id
}

// list reads the applications, by id. A file that can't be understood is none.
func (l *launcher) list() []desktopFile {
	if l == nil {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(l.dir, "*.desktop")) // the pattern is good
	var list []desktopFile
	for _, path := range files {
		text, err := readLimited(path, 64<<10)
		if err != nil {
			continue
		}
		id := strings.TrimSuffix(filepath.Base(path), ".desktop")
		if d, ok := parseDesktop(text); ok && agent.CheckName(id) == nil {
			d.id = id
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b desktopFile) int { return strings.Compare(a.id, b.id) })
	return list
}

func (l *launcher) apps(offset int) agent.Apps {
	list := l.list()
	page := agent.Apps{Total: len(list)}
	for i := max(offset, 0); i < len(list) && len(page.Apps) < agent.MaxApps; i++ {
		page.Apps = append(page.Apps, agent.App{ID: list[i].id, Name: list[i].name})
	}
	return page
}

func (l *launcher) find(id string) (desktopFile, error) {
	for _, d := range l.list() {
		if d.id == id {
			return d, nil
		}
	}
	return desktopFile{}, agent.Refusal("not_allowed")
}

func (l *launcher) icon(q agent.IconRequest) (any, error) {
	d, err := l.find(q.ID)
	if err != nil {
		return nil, err
	}
	if d.icon == "" || strings.ContainsRune(d.icon, '/') {
		return nil, agent.Refusal("no_icon")
	}
	// The smallest that is large enough, else the largest.
	files, _ := filepath.Glob(filepath.Join(l.icons, "hicolor", "*x*", "apps", d.icon+".png"))
	best, bestSize := "", 0
	for _, f := range files {
		size := iconSize(f)
		better := best == "" || size >= q.Size && (bestSize < q.Size || size < bestSize) || bestSize < q.Size && size > bestSize
		if better {
			best, bestSize = f, size
		}
	}
	if best == "" {
		return nil, agent.Refusal("no_icon")
	}
	png, err := readLimited(best, agent.MaxIcon)
	if err != nil {
		return nil, agent.Refusal("no_icon")
	}
	return agent.Icon{PNG: png}, nil
}

// iconSize reads 48 of …/48x48/apps/x.png.
func iconSize(path string) int {
	n := 0
	for _, c := range filepath.Base(filepath.Dir(filepath.Dir(path))) {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// launch starts an application in the desktop's session and returns its pid.
func (l *launcher) launch(id string) (int, error) {
	d, err := l.find(id)
	if err != nil {
		return 0, err
	}
	path, err := exec.LookPath(d.exec[0])
	if err != nil {
		return 0, agent.Refusal("launch_failed")
	}
	cmd := &exec.Cmd{
		Path: path, Args: d.exec, Env: l.env, Dir: l.home,
		SysProcAttr: &syscall.SysProcAttr{Credential: l.credential, Setsid: true},
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := cmd.Start(); err != nil {
		return 0, agent.Refusal("launch_failed")
	}
	pid := cmd.Process.Pid
	// Its end is seen by the reaper, which takes every child's.
	_ = cmd.Process.Release()
	l.running[pid] = id
	return pid, nil
}

// exited is told of every process that has ended.
func (l *launcher) exited(pid int, status unix.WaitStatus) {
	l.mu.Lock()
	id, ours := l.running[pid]
	delete(l.running, pid)
	l.mu.Unlock()
	if ours && l.tell != nil {
		code := status.ExitStatus()
		if status.Signaled() {
			code = 128 + int(status.Signal())
		}
		l.tell(agent.EvExited, agent.Exited{ID: id, PID: pid, Code: code})
	}
}

func readLimited(path string, limit int64) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > limit {
		return nil, agent.Refusal("too_large")
	}
	return os.ReadFile(path)
}

// desktopFile is an application.
type desktopFile struct {
	id, name, icon string
	exec           []string
}

// parseDesktop reads a .desktop file. Hidden entries and those that need a
// terminal are no applications of ours.
func parseDesktop(text []byte) (desktopFile, bool) {
	e, err := desktopentry.Parse(text, nil)
	if err != nil || e.NoDisplay || e.Hidden || e.Terminal {
		return desktopFile{}, false
	}
	commands := e.Exec.Commands(desktopentry.Context{Name: e.Name, Icon: e.Icon})
	if len(commands) == 0 {
		return desktopFile{}, false // others start it, by a bus that isn't here
	}
	return desktopFile{name: e.Name, icon: e.Icon, exec: commands[0]}, true
}
