package bench

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
)

// cells are the table's rows as text, the header first.
func (r *Result) cells() [][]string {
	head := []string{"row", "unit"}
	for _, n := range r.Names {
		head = append(head, strings.TrimSpace(n+" "+r.Versions[n]))
	}
	rows := [][]string{append(head, "ratio", "bar", "")}
	for i := range r.Lines {
		l := &r.Lines[i]
		cells := []string{l.Row.Name, l.Row.Unit}
		for _, n := range r.Names {
			cell := figure(l.of(n))
			if s := l.Spread[n]; s >= 0.1 {
				cell += fmt.Sprintf(" ±%.0f%%", s*100)
			}
			cells = append(cells, cell)
		}
		verdict := ""
		if met, known := l.Row.Bar.Met(l.Own(), l.Ratio()); known {
			verdict = map[bool]string{true: "met", false: "MISSED"}[met]
		}
		rows = append(rows, append(cells, ratio(l.Ratio()), l.Row.Bar.String(), verdict))
	}
	return rows
}

// WriteTable prints an aligned table for a terminal, then the notes.
func (r *Result) WriteTable(w io.Writer) error {
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, cells := range r.cells() {
		fmt.Fprintln(tw, strings.Join(cells, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	var err error
	for line := range strings.Lines(b.String()) {
		_, werr := fmt.Fprintln(w, strings.TrimRight(line, " \n"))
		err = errors.Join(err, werr)
	}
	for _, n := range r.notes() {
		_, werr := fmt.Fprintln(w, n)
		err = errors.Join(err, werr)
	}
	return err
}

// WriteMarkdown prints the section of docs/BENCHMARKS.md that holds the table.
func (r *Result) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	for i, cells := range r.cells() {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		if i == 0 {
			b.WriteString("|---|---|" + strings.Repeat("---:|", len(r.Names)+1) + "---|---|\n")
		}
	}
	if notes := r.notes(); len(notes) > 0 {
		b.WriteString("\n")
		for _, n := range notes {
			fmt.Fprintf(&b, "- %s\n", strings.ReplaceAll(n, "\n", " "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Result) notes() []string {
	var out []string
	for _, n := range r.Notes {
		verb := "is not in"
		if n.Failed {
			verb = "failed in"
		}
		out = append(out, fmt.Sprintf("%s %s %q: %s", n.Compositor, verb, n.Probe, n.Text))
	}
	return out
}

// figure prints a value with three significant digits, "-" for none.
func figure(v float64) string {
	switch a := math.Abs(v); {
	case math.IsNaN(v):
		return "-"
	case a == 0:
		return "0"
	case a < 0.01:
		return fmt.Sprintf("%.4f", v)
	case a < 1:
		return fmt.Sprintf("%.3f", v)
	case a < 10:
		return fmt.Sprintf("%.2f", v)
	case a < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func ratio(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	return fmt.Sprintf("%.2fx", v)
}
