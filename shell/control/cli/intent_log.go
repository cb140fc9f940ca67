package cli

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rayos/intent/classify"
	"rayos/intent/data"
	"rayos/intent/trace"
	"rayos/shell/control"
)

// usualLines is how many records are shown.
const usualLines = 40

// logDir is the folder in which a session of this person keeps the log.
func logDir() (string, error) {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(dir, "rayos", "intents"), nil
}

// readLog reads the log of a folder, "" for the usual one, and tells on stdout if
// it is damaged.
func readLog(dir string, opt options, stdout io.Writer) ([]trace.Record, error) {
	if dir == "" {
		var err error
		if dir, err = logDir(); err != nil {
			return nil, err
		}
	}
	list, found, err := trace.Read(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	if !found.Whole() && !opt.json {
		fmt.Fprintf(stdout, "The log is damaged: %d records can't be read, and %d bytes at its end. The rest follows.\n", found.Damaged, found.Cut)
	}
	return list, nil
}

func intentLog(opt options, words []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	dir, lines := fs.String("dir", "", ""), fs.Int("lines", usualLines, "")
	if err := intentFlags(fs, words); err != nil {
		return err
	}
	if *lines < 1 {
		return fmt.Errorf("%w: --lines is at least 1", errUsage)
	}
	list, err := readLog(*dir, opt, stdout)
	if err != nil {
		return err
	}
	list = list[max(len(list)-*lines, 0):]
	if opt.json {
		return json.NewEncoder(stdout).Encode(append([]trace.Record{}, list...))
	}
	if len(list) == 0 {
		_, err := fmt.Fprintln(stdout, "Nothing was written down. Settings, Privacy, Log of the prompt says what is.")
		return err
	}
	for i := range list {
		if _, err := fmt.Fprintln(stdout, logLine(&list[i])); err != nil {
			return err
		}
	}
	return nil
}

// logLine is a record in a line.
func logLine(r *trace.Record) string {
	words := []string{fmt.Sprintf("%s %4d %-10s", r.At.Local().Format("2006-01-02 15:04:05"), r.ID, r.Status)}
	if s := r.Said; s != nil {
		words = append(words, fmt.Sprintf("%s %.2f", s.Intent, s.Confidence))
		if s.Line != "" {
			words = append(words, fmt.Sprintf("%q", s.Line))
		}
		var steps []string
		for i := range s.Plan {
			steps = append(steps, s.Plan[i].String())
		}
		if len(steps) > 0 {
			words = append(words, "→ "+strings.Join(steps, "; "))
		}
		if s.Refused {
			words = append(words, "→ refused")
		}
		if s.Asks {
			words = append(words, "(asks)")
		}
	}
	if d := r.Did; d != nil {
		ack := "err"
		if d.OK {
			ack = "ok"
		}
		words = append(words, fmt.Sprintf("%d/%d %s %s", d.Step, d.Of, d.What, ack))
		if d.Detail != "" {
			words = append(words, d.Detail)
		}
		words = append(words, (time.Duration(d.Micros) * time.Microsecond).Round(time.Microsecond).String())
	}
	if r.Note != "" {
		words = append(words, r.Note)
	}
	return printable(strings.Join(words, " "))
}

func intentReplay(opt options, words []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	dir, file := fs.String("dir", "", ""), fs.String("model", "", "")
	if err := intentFlags(fs, words); err != nil {
		return err
	}
	list, err := readLog(*dir, opt, stdout)
	if err != nil {
		return err
	}
	model, hash, err := replayModel(*file)
	if err != nil {
		return err
	}
	r := trace.Replay(list, model, hash)
	if opt.json {
		if err := json.NewEncoder(stdout).Encode(r); err != nil {
			return err
		}
	} else {
		for _, d := range r.Differs {
			fmt.Fprintln(stdout, printable(fmt.Sprintf("%d was %s and is %s", d.ID, d.Was, d.Made)))
		}
		fmt.Fprintf(stdout, "%d plans are the same, %d differ.\n", r.Same, len(r.Differs))
		for _, c := range []struct {
			n    int
			what string
		}{
			{r.Exact, "were commands, which no model has a part in"}, {r.Gone, "can't be made again: what was left out of the line has decided"}, {r.Other, "are another model's"},
		} {
			if c.n > 0 {
				fmt.Fprintf(stdout, "%d %s.\n", c.n, c.what)
			}
		}
	}
	if len(r.Differs) > 0 {
		return control.Errorf(control.CodeFailed, "%d plans differ", len(r.Differs))
	}
	return nil
}

// replayModel is the one of a file, or the session's own.
func replayModel(file string) (*classify.Model, string, error) {
	if file == "" {
		m, err := data.Model()
		return m, data.Hash(), err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, classify.MaxFile+1))
	if err != nil {
		return nil, "", err
	}
	m, err := classify.Decode(raw)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", file, err)
	}
	return m, classify.Hash(raw), nil
}
