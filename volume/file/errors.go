package file

import (
	"errors"
	"fmt"
)

var (
	// ErrMissing: the file has no such section.
	ErrMissing = errors.New("the volume has no such section")
	// ErrDamaged is wrapped by every *Damage.
	ErrDamaged = errors.New("damaged")
	// ErrForeign: the file is no volume, no log, or the log of another volume.
	ErrForeign = errors.New("not a file of this volume")
	// ErrVersion: the file is of a major version that this program doesn't read.
	ErrVersion = errors.New("another version of the format")
	// ErrGap: between the base and the first record of the log are some missing.
	ErrGap = errors.New("records are missing between volume and log")
	// ErrClosed: the file was closed.
	ErrClosed = errors.New("the volume is closed")
	// ErrFull: the log can't take the record before Reset.
	ErrFull = errors.New("the log is full")
)

// Damage is what is wrong with a part of a file.
type Damage struct {
	Path   string
	What   string // the part, such as "section vectors" or "record 12"
	Type   Type   // if it is a section
	Offset int64  // where the part begins, in bytes
	Why    string

	derivable bool
}

// Derivable reports whether the damaged part can be made anew from others.
func (d *Damage) Derivable() bool { return d.derivable }

func (d *Damage) Error() string {
	s := fmt.Sprintf("%s: %s at byte %d is damaged: %s", d.Path, d.What, d.Offset, d.Why)
	if d.derivable {
		s += "; it can be made anew from the rest"
	}
	return s
}

// Unwrap returns ErrDamaged.
func (d *Damage) Unwrap() error { return ErrDamaged }
