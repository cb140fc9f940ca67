package browser

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rayos/internal/userdirs"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui/icon"
)

// Place is somewhere that the sidebar leads to.
type Place struct {
	Name string
	Path string
	Icon icon.Name
}

// known are the person's folders that have a name and a picture of their own.
var known = map[string]struct {
	name string
	icon icon.Name
}{
	"DESKTOP":   {lang.M("Desktop"), icon.Display},
	"DOCUMENTS": {lang.M("Documents"), icon.Document},
	"DOWNLOAD":  {lang.M("Downloads"), icon.Download},
	"MUSIC":     {lang.M("Music"), icon.Volume},
	"PICTURES":  {lang.M("Pictures"), icon.Picture},
	"VIDEOS":    {lang.M("Videos"), icon.Video},
}

// usual are the folders of a home where nothing is set.
var usual = []userdirs.Dir{
	{Key: "DESKTOP", Path: "Desktop"},
	{Key: "DOCUMENTS", Path: "Documents"},
	{Key: "DOWNLOAD", Path: "Downloads"},
	{Key: "MUSIC", Path: "Music"},
	{Key: "PICTURES", Path: "Pictures"},
	{Key: "VIDEOS", Path: "Videos"},
}

// maxSmall bounds the files that places are read from, in bytes.
const maxSmall = 1 << 20

func readSmall(name string) []byte {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSmall))
	if err != nil {
		return nil
	}
	return data
}

// findPlaces are the home, the person's folders that there are, the trash, and
// drives.
func findPlaces(home, config, trash string) []Place {
	list := []Place{{lang.T("Home"), home, icon.Home}}
	dirs := userdirs.Parse(readSmall(filepath.Join(config, "user-dirs.dirs")), home)
	if dirs == nil {
		for _, d := range usual {
			dirs = append(dirs, userdirs.Dir{Key: d.Key, Path: filepath.Join(home, d.Path)})
		}
	}
	for _, d := range dirs {
		k, ok := known[d.Key]
		if st, err := os.Stat(d.Path); ok && err == nil && st.IsDir() && d.Path != home {
			list = append(list, Place{lang.T(k.name), d.Path, k.icon})
		}
	}
	if trash != "" {
		list = append(list, Place{lang.T("Trash"), trash, icon.Trash})
	}
	list = append(list, Place{lang.T("Computer"), "/", icon.Drive})
	return append(list, drives(readSmall("/proc/self/mountinfo"))...)
}

// maxDrives bounds the drives that are shown.
const maxDrives = 16

// drives are the file systems that somebody has plugged in, by the kernel's list
// (proc_pid_mountinfo(5)).
func drives(mounts []byte) (list []Place) {
	for s := bufio.NewScanner(bytes.NewReader(mounts)); s.Scan() && len(list) < maxDrives; {
		left, right, ok := strings.Cut(s.Text(), " - ")
		at, kind := strings.Fields(left), strings.Fields(right)
		if !ok || len(at) < 5 || len(kind) < 2 || !strings.HasPrefix(kind[1], "/dev/") || strings.HasPrefix(kind[1], "/dev/loop") {
			continue
		}
		path := unescape(at[4])
		if strings.HasPrefix(path, "/media/") || strings.HasPrefix(path, "/run/media/") || strings.HasPrefix(path, "/mnt/") || path == "/mnt" {
			list = append(list, Place{folder.Shown(filepath.Base(path)), path, icon.Drive})
		}
	}
	return list
}

// unescape reads a path as the kernel writes it: \040 is a space.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+4 <= len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
