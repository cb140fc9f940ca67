package applink

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"rayos/rayapps/ui"
)

// MaxTree bounds a description of a window, in bytes; MaxNodes and MaxDepth what
// is in it.
const (
	MaxTree  = 4 << 20
	MaxNodes = 10_000
	MaxDepth = 64
)

// Act is what somebody who can't use the pointer or the keys does with an element
// of the description.
type Act struct {
	ID    uint64    `json:"id"`
	Do    ui.Action `json:"do"`
	Value string    `json:"value,omitempty"`
}

// ErrTree says that a description is refused.
var ErrTree = errors.New("that is no description of a window")

// seals are those of a description: it is what it was when it was looked at.
const seals = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE

// WriteTree puts what a window means into a file in memory that can't be changed
// any more. The caller closes it.
func WriteTree(in *ui.Info) (*os.File, error) {
	data, err := json.Marshal(in)
	if err == nil && len(data) > MaxTree {
		err = ErrSize
	}
	if err != nil {
		return nil, err
	}
	fd, err := unix.MemfdCreate("rayos-window", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("describe the window: %w", err)
	}
	f := os.NewFile(uintptr(fd), "rayos-window")
	_, err = f.Write(data)
	if err == nil {
		_, err = unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("describe the window: %w", err), f.Close())
	}
	return f, nil
}

// ReadTree reads what WriteTree has written, from anybody: what is too large, too
// deep or could still change is refused. It reads memory only, and may be called
// on any goroutine. f stays the caller's.
func ReadTree(f *os.File) (*ui.Info, error) {
	have, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0)
	if err != nil || have&seals != seals {
		return nil, fmt.Errorf("%w: it isn't sealed memory", ErrTree)
	}
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return nil, err
	}
	if st.Size > MaxTree {
		return nil, fmt.Errorf("%w: %w", ErrTree, ErrSize)
	}
	data := make([]byte, st.Size)
	if _, err := f.ReadAt(data, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return ParseTree(data)
}

// ParseTree is ReadTree of bytes.
func ParseTree(untrusted []byte) (*ui.Info, error) {
	depth, nodes := 0, 0
	quoted, escaped := false, false
	for _, c := range untrusted { // before anything is built of it
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			nodes++
			if depth++; depth > 4*MaxDepth {
				return nil, fmt.Errorf("%w: it is too deep", ErrTree)
			}
		case c == '}' || c == ']':
			depth--
		}
		if nodes > 5*MaxNodes {
			return nil, fmt.Errorf("%w: there is too much in it", ErrTree)
		}
	}
	in := new(ui.Info)
	if err := json.Unmarshal(untrusted, in); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTree, err)
	}
	left := MaxNodes
	if err := check(in, 0, &left); err != nil {
		return nil, err
	}
	return in, nil
}

// check refuses what no window says.
func check(in *ui.Info, depth int, left *int) error {
	*left--
	switch {
	case *left < 0:
		return fmt.Errorf("%w: there is too much in it", ErrTree)
	case depth > MaxDepth:
		return fmt.Errorf("%w: it is too deep", ErrTree)
	case in.Bounds.X0 > in.Bounds.X1 || in.Bounds.Y0 > in.Bounds.Y1:
		return fmt.Errorf("%w: an element is smaller than nothing", ErrTree)
	}
	for _, n := range [...]int32{in.Bounds.X0, in.Bounds.Y0, in.Bounds.X1, in.Bounds.Y1} {
		if n < -1<<24 || n > 1<<24 {
			return fmt.Errorf("%w: an element is too far away", ErrTree)
		}
	}
	in.Caret, in.Anchor = min(max(in.Caret, 0), len(in.Value)), min(max(in.Anchor, 0), len(in.Value))
	for _, k := range in.Children {
		if k == nil {
			return fmt.Errorf("%w: an element is missing", ErrTree)
		}
		if err := check(k, depth+1, left); err != nil {
			return err
		}
	}
	return nil
}
