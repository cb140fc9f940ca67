package calc

import (
	"math"
	"strconv"
	"strings"
)

// Result is what a line comes to.
type Result struct {
	amount  float64 // in base units
	percent bool
	base    int // 0 for 10
	unit
}

// Value is the number, in the unit that is shown.
func (r Result) Value() float64 {
	if r.factor == 0 {
		return r.amount
	}
	return (r.amount - r.zero) / r.factor
}

// String is the number with its unit, to be shown and to be copied.
func (r Result) String() string {
	v := r.Value()
	if r.base != 0 && r.base != 10 && v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		s := strconv.FormatInt(int64(math.Abs(v)), r.base)
		sign := ""
		if v < 0 {
			sign = "-"
		}
		return sign + map[int]string{16: "0x", 2: "0b", 8: "0o"}[r.base] + s
	}
	s := format(v)
	switch {
	case r.name == "":
		return s
	case strings.HasPrefix(r.name, "°"):
		return s + strings.TrimSuffix(" "+r.name, " °") + map[bool]string{true: "°"}[r.name == "°"]
	}
	return s + " " + r.name
}

// format shows 12 digits that mean something, and no more.
func format(v float64) string {
	if v == 0 {
		return "0"
	}
	if a := math.Abs(v); a >= 1e15 || a < 1e-6 {
		s := strconv.FormatFloat(v, 'e', 11, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		return strings.TrimRight(strings.TrimRight(mantissa, "0"), ".") + "e" + strings.TrimPrefix(exponent, "+")
	}
	digits := 11 - int(math.Floor(math.Log10(math.Abs(v))))
	s := strconv.FormatFloat(v, 'f', max(digits, 0), 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// baseName names a dimension by base units: "m/s", "kg m²".
func baseName(d dimension) string {
	var over, under []string
	for _, b := range []struct {
		name  string
		power int8
	}{{"kg", d.mass}, {"m", d.length}, {"s", d.time}, {"B", d.data}, {"rad", d.angle}, {"K", d.heat}} {
		name := b.name
		n := b.power
		if n < 0 {
			n = -n
		}
		if n > 1 {
			name += map[int8]string{2: "²", 3: "³"}[n]
		}
		if n > 3 {
			name += "^" + strconv.Itoa(int(n))
		}
		switch {
		case b.power > 0:
			over = append(over, name)
		case b.power < 0:
			under = append(under, name)
		}
	}
	s := strings.Join(over, " ")
	if len(under) > 0 {
		if s == "" {
			s = "1"
		}
		s += "/" + strings.Join(under, " ")
	}
	return s
}
