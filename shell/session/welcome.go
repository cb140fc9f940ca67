package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"rayos/internal/atomicfile"
)

// welcome shows the page of the first start to whoever hasn't seen it; file says
// who has. A session that nobody looks at shows none.
func (s *Session) welcome(file string) error {
	if file == "" || !s.opt.Shell || s.display.Name() == "headless" {
		return nil
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := s.Spawn(appsProgram, "welcome"); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(file, []byte(Version+"\n"))
}
