// Package calc answers arithmetic that is typed into the prompt: "2 * (3 + 4)",
// "15 % of 80", "5 km in miles", "0xff + 1", "72 F in C", "3 h 20 min in s".
//
//	r, err := calc.Eval("1.5 GiB in MB")
//	r.String() // "1610.612736 MB"
//
// Numbers are float64 and are shown with 12 significant digits, so that
// 0.1 + 0.2 is 0.3. Units carry their dimension along: metres and seconds can't
// be added, and what results must be of the dimension that is asked for. A line
// that isn't arithmetic is [ErrNotArithmetic], so that others may answer it; a
// lone number or word isn't either.
//
// The factors are exact by definition where the unit is (International System
// of Units, 9th edition; international yard and pound of 1959; IEC 80000-13 for
// binary prefixes).
package calc
