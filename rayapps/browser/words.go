package browser

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/trash"
	"rayos/rayapps"
	"rayos/rayapps/browser/deed"
	"rayos/rayapps/browser/folder"
	"rayos/rayapps/lang"
)

// reason is an error in words for people.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return lang.T("it isn’t allowed")
	case errors.Is(err, fs.ErrNotExist):
		return lang.T("it isn’t there")
	case errors.Is(err, fs.ErrExist):
		return lang.T("the name is taken")
	case errors.Is(err, unix.ENOSPC):
		return lang.T("the disk is full")
	case errors.Is(err, unix.EROFS):
		return lang.T("the disk can only be read")
	case errors.Is(err, unix.ENOTDIR):
		return lang.T("it is no folder")
	case errors.Is(err, trash.ErrNone):
		return lang.T("there is no trash on that disk")
	}
	return folder.Shown(err.Error())
}

// size is a number of bytes in words.
func size(n int64) string {
	if n < 1000 {
		return lang.N("{n} byte", "{n} bytes", int(n), "n", lang.Number(int(n)))
	}
	v := float64(n)
	units := []string{"kB", "MB", "GB", "TB", "PB"}
	for i, u := range units {
		if v /= 1000; v < 999.5 || i == len(units)-1 {
			places := 1
			if v >= 99.5 {
				places = 0
			}
			return lang.Decimal(v, places) + "\u00a0" + u
		}
	}
	return strconv.FormatInt(n, 10)
}

// when is a time in words: the clock today, else a date.
func (b *Browser) when(t time.Time) string {
	now := b.host.Now()
	t = t.In(now.Location())
	switch {
	case t.YearDay() == now.YearDay() && t.Year() == now.Year():
		return lang.Clock(t)
	case t.Year() == now.Year():
		return lang.ShortDate(t)
	}
	return lang.Written(t)
}

// doing is what goes on, in words.
func doing(k deed.Kind) string {
	switch k {
	case deed.Copy:
		return lang.T("Copying")
	case deed.Move:
		return lang.T("Moving")
	case deed.Trash:
		return lang.T("Moving to the trash")
	case deed.Delete:
		return lang.T("Deleting")
	}
	return lang.T("Restoring")
}

// did is what was done to so many files, in words.
func did(k deed.Kind, n int) string {
	count := lang.Number(n)
	switch k {
	case deed.Copy:
		return lang.N("{n} file copied", "{n} files copied", n, "n", count)
	case deed.Move:
		return lang.N("{n} file moved", "{n} files moved", n, "n", count)
	case deed.Trash:
		return lang.N("{n} file moved to the trash", "{n} files moved to the trash", n, "n", count)
	}
	return lang.N("{n} file restored", "{n} files restored", n, "n", count)
}

// Create implements rayapps.Creator.
func (b *Browser) Create(_ *rayapps.Window, saved []byte) error {
	var v view
	if json.Unmarshal(saved, &v) == nil && v.Order <= folder.ByKind { // what isn't a view is none
		b.view = v
	}
	return nil
}

// Save implements rayapps.Saver.
func (b *Browser) Save() ([]byte, error) { return json.Marshal(b.view) }
