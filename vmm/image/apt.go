package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// kernelPackage is the package that depends on the newest kernel.
const kernelPackage = "linux-image-amd64"

var kernelDepends = regexp.MustCompile(`(?m)^\s*Depends: (linux-image-[0-9][a-z0-9.+~-]*-amd64)`)

// apt runs apt's programs as whoever we are. It uses the lists that the system
// has; where there are none, it fetches lists of its own into dir.
type apt struct {
	dir  string
	own  bool // lists of our own
	note func(string)
}

func (a *apt) options() []string {
	if !a.own {
		return nil
	}
	return []string{
		"-o", "Dir::State::Lists=" + filepath.Join(a.dir, "lists"),
		"-o", "Dir::Cache=" + filepath.Join(a.dir, "cache"),
		"-o", "Dir::Log=" + filepath.Join(a.dir, "log"),
		"-o", "APT::Sandbox::User=",
	}
}

// run runs a program of apt's in a folder and returns what it prints.
func (a *apt) run(ctx context.Context, folder, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, append(a.options(), args...)...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive")
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", program, strings.Join(args, " "), err, lastLine(stderr.String()))
	}
	return out.String(), nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// newestKernel finds the name of the newest kernel's package.
func (a *apt) newestKernel(ctx context.Context) (string, error) {
	out, err := a.run(ctx, "", "apt-cache", "depends", kernelPackage)
	if err == nil {
		if m := kernelDepends.FindStringSubmatch(out); m != nil {
			return m[1], nil
		}
		err = fmt.Errorf("%s depends on no kernel", kernelPackage)
	}
	if a.own {
		return "", err
	}
	a.own = true
	a.note("fetching package lists")
	for _, d := range []string{"lists/partial", "cache/archives/partial", "log"} {
		if err := os.MkdirAll(filepath.Join(a.dir, d), 0o755); err != nil {
			return "", err
		}
	}
	if _, err := a.run(ctx, "", "apt-get", "update"); err != nil {
		return "", err
	}
	return a.newestKernel(ctx)
}

// download fetches a package into folder and returns its file. apt checks the
// archive's signature and the file's sum.
func (a *apt) download(ctx context.Context, folder, name string) (string, error) {
	if _, err := a.run(ctx, folder, "apt-get", "-q", "download", name); err != nil {
		return "", err
	}
	files, err := filepath.Glob(filepath.Join(folder, name+"_*.deb"))
	if err != nil {
		return "", err
	}
	if len(files) != 1 {
		return "", errors.New("apt-get download " + name + " left no file")
	}
	return files[0], nil
}
