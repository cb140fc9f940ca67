package host

import (
	"context"
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// examination is what is kept of a QEMU, so that not each start of a machine
// runs one only to ask for its version, which takes as long as a resume.
type examination struct {
	File   fileIdentity `json:"file"`
	Engine engine       `json:"engine"`
}

// fileIdentity is another one after each change of a file.
type fileIdentity struct {
	Path     string `json:"path"`
	Device   uint64 `json:"device"`
	Inode    uint64 `json:"inode"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified_ns"`
	Changed  int64  `json:"changed_ns"`
}

// examined is examine, or what is known of the same file from before. What
// can't be kept is found again. A script is asked each time: it may run another.
func examined(ctx context.Context, binary, cache string) (engine, error) {
	is, ok := identify(binary)
	if !ok {
		return examine(ctx, binary)
	}
	var x examination
	if text, err := os.ReadFile(cache); err == nil && json.Unmarshal(text, &x) == nil && x.File == is && x.Engine.Version != "" {
		return x.Engine, nil
	}
	e, err := examine(ctx, binary)
	if err == nil {
		_ = writeJSON(cache, examination{is, e})
	}
	return e, err
}

// identify reports which file a program is, false for one that is no binary.
func identify(binary string) (is fileIdentity, ok bool) {
	path, err := exec.LookPath(binary)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	var st unix.Stat_t
	if err == nil {
		err = unix.Stat(path, &st)
	}
	if err != nil {
		return is, false
	}
	f, err := elf.Open(path)
	if err != nil {
		return is, false
	}
	is = fileIdentity{path, st.Dev, st.Ino, st.Size, st.Mtim.Nano(), st.Ctim.Nano()}
	return is, f.Close() == nil
}
