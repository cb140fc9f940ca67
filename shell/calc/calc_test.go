package calc

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestEval(t *testing.T) {
	for line, want := range map[string]string{
		"1+1": "2", "2 * (3 + 4)": "14", "2^3^2": "512", "-2^2": "-4", "2**10": "1024", "0.1 + 0.2": "0.3", "1/3": "0.333333333333",
		"10 % of 50": "5", "80 + 15%": "92", "80 - 15 %": "68", "50%": "0.5", "7 mod 4": "3", "5!": "120", "2(3+4)": "14", "(1+2)(3+4)": "21",
		"0xff + 1": "256", "0b101 * 2": "10", "255 in hex": "0xff", "-5 in binary": "-0b101", "1_000 * 3": "3000", "1e3 + 1": "1001",
		"sqrt(2)": "1.41421356237", "sin(pi/2)": "1", "sin(90 deg)": "1", "2pi": "", "(2": "2", "2 × 3 ÷ 4 − 1": "0.5", "= 1 + 1 =": "2",
		"5 km in miles": "3.10685596119 mi", "5 in in cm": "12.7 cm", "5 ft 3 in in cm": "160.02 cm", "3 h 20 min in s": "12000 s",
		"1.5 GiB in MB": "1610.612736 MB", "100 Mbit / 8 s": "1562500 B/s", "72 F in C": "22.2222222222 °C", "0 °C in K": "273.15 K", "180° in rad": "3.14159265359 rad", "1 turn in deg": "360°",
		"3 m * 2 m": "6 m²", "90 km / 2 h in kmh": "45 kmh", "10 m/s in km/h": "", "36 km/1 h in m/s": "10 m/s", "2 kg + 500 g": "2.5 kg", "3 m ^ 2": "9 m²",
		"1e300*1e10": "1e310", "10^20": "1e20", "1/10^9": "1e-09",
	} {
		r, err := Eval(line)
		switch {
		case want == "" && !errors.Is(err, ErrNotArithmetic):
			t.Errorf("Eval(%q) = %v, %v; want ErrNotArithmetic", line, r, err)
		case want == "1e310":
			if err == nil {
				t.Errorf("Eval(%q) = %v; want an error", line, r)
			}
		case want != "" && (err != nil || r.String() != want):
			t.Errorf("Eval(%q) = %v, %v; want %s", line, r, err, want)
		}
	}
}

func TestWhatIsNoArithmetic(t *testing.T) {
	for _, line := range []string{
		"", " ", "5", "firefox", "show linux desktop", "2 3", "a + b", "5 km", "e", "pi", "1 +", "(", ")", "1 + )", "foot", "min", "5 in parsecs", "1.2.3", "..", "#1",
		"run vnc lab:1", "C", "2 windows", strings.Repeat("(", 60) + "1", strings.Repeat("1+", 200) + "1", strings.Repeat("-", 300), "\xff",
	} {
		if r, err := Eval(line); !errors.Is(err, ErrNotArithmetic) {
			t.Errorf("Eval(%q) = %v, %v; want ErrNotArithmetic", line, r, err)
		}
	}
}

func TestWhatCannotBeDone(t *testing.T) {
	for line, want := range map[string]string{
		"1/0": "division by zero", "5 mod 0": "division by zero", "1 m + 1 s": "different measures can't be added", "5 km in kg": "kg is no measure of that",
		"(-1)!": "a factorial is of a whole number up to 170", "171!": "a factorial is of a whole number up to 170", "2^(1 m)": "a power has no measure",
		"(2 m)^0.5": "a measure can be raised to whole powers up to 3", "sqrt(4 kg)": "sqrt is not for measures", "sqrt(0-1)": errRange.Error(), "170! * 170!": errRange.Error(),
	} {
		if r, err := Eval(line); err == nil || err.Error() != want {
			t.Errorf("Eval(%q) = %v, %v; want %s", line, r, err, want)
		}
	}
}

func FuzzEval(f *testing.F) {
	for _, s := range []string{"1+1", "5 km in miles", "3 h 20 min in s", "72 F in C", "2^3^2!%", "0xff in binary", "sqrt((1", "1 m/s in km/h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := Eval(line)
		if err != nil {
			return
		}
		if s := r.String(); s == "" || strings.Contains(s, "NaN") || math.IsNaN(r.Value()) {
			t.Errorf("Eval(%q) = %q", line, s)
		}
	})
}
