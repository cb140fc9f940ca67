package control

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// clean keeps what clients call themselves from reaching the terminal as
// control sequences.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
}

func shorten(s string, n int) string {
	r := []rune(clean(s))
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return string(r)
}

func printWindows(w io.Writer, result json.RawMessage) error {
	var list []Window
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no windows")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, " \tID\tAPP-ID\tTITLE\tOWNER\tFRAME\tWS\tOUTPUT\tSTATE")
	for _, v := range slices.Backward(list) {
		mark := " "
		if v.Focused {
			mark = "*"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%v\t%d\t%s\t%s\n", mark, v.ID, shorten(v.AppID, 28), shorten(v.Title, 32),
			clean(v.Owner), v.Frame.geom(), v.Workspace, clean(v.Output), strings.Join(v.States, ","))
	}
	return t.Flush()
}

func printWindow(w io.Writer, result json.RawMessage) error {
	var v *Window
	if err := json.Unmarshal(result, &v); err != nil || v == nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d %s %v\n", v.ID, clean(v.AppID), v.Frame.geom())
	return err
}

func printWorkspaces(w io.Writer, result json.RawMessage) error {
	var list []Workspace
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, " \tN\tNAME\tWINDOWS\tLAYOUT")
	for _, v := range list {
		mark := " "
		switch {
		case v.Shown:
			mark = "*"
		case v.Urgent:
			mark = "!"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\n", mark, v.N, shorten(v.Name, 28), v.Windows, clean(v.Layout))
	}
	return t.Flush()
}

func printOutputs(w io.Writer, result json.RawMessage) error {
	var list []Output
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "no outputs")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tMODE\tSCALE\tLOGICAL\tFRAMES")
	for _, o := range list {
		fmt.Fprintf(t, "%s\t%dx%d@%.4g\t%.4g\t%v\t%d\n", clean(o.Name), o.Width, o.Height, o.Refresh, o.Scale, o.Logical.geom(), o.Frames)
	}
	return t.Flush()
}

func printStats(w io.Writer, result json.RawMessage) error {
	var s Stats
	if err := json.Unmarshal(result, &s); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "display\t%s (pid %d)\n", clean(s.Display), s.PID)
	fmt.Fprintf(t, "up\t%v\n", s.Uptime.Round(time.Millisecond))
	for _, row := range []struct {
		name string
		n    int
	}{{"clients", s.Clients}, {"surfaces", s.Surfaces}, {"windows", s.Windows}, {"outputs", s.Outputs}, {"goroutines", s.Goroutines}} {
		fmt.Fprintf(t, "%s\t%d\n", row.name, row.n)
	}
	fmt.Fprintf(t, "frames\t%d\nwakeups\t%d\n", s.Frames, s.Wakeups)
	fmt.Fprintf(t, "heap\t%.1f MiB, %d collections\n", float64(s.HeapBytes)/(1<<20), s.GCs)
	return t.Flush()
}

func printName(w io.Writer, result json.RawMessage) error {
	var n Name
	if err := json.Unmarshal(result, &n); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, clean(n.Name))
	return err
}
