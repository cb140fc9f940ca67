package manifest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is a major, a minor and a patch number.
type Version [3]int

// ParseVersion reads "1.2.0", which is the one way to write it.
func ParseVersion(s string) (v Version, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != len(v) {
		return v, fmt.Errorf("%.20q: want three numbers, as 1.2.0", s)
	}
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 20)
		if err != nil || strconv.FormatUint(n, 10) != p {
			return v, fmt.Errorf("%.20q: want three numbers, as 1.2.0", s)
		}
		v[i] = int(n)
	}
	return v, nil
}

// Compare is negative if v is older than u.
func (v Version) Compare(u Version) int { return slices.Compare(v[:], u[:]) }

func (v Version) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }
