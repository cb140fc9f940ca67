package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"rayos/intent/classify"
	"rayos/internal/atomicfile"
	"rayos/shell/control"
)

// intentOwn are the commands about intents that need no session.
var intentOwn = []struct {
	name, args, help string
	run              func(opt options, words []string, stdout io.Writer) error
}{
	{"intent train", "--data FILE --out MODEL [--oos FILE] [--seed N]", "train a model of intents on lines of an intent, a tab, and what is said", intentTrain},
	{"intent eval", "--model MODEL --data FILE [--oos FILE] [--errors N]", "say how well a model does on lines that it hasn't seen", intentEval},
	{"intent log", "[--dir DIR] [--lines N]", "show what came of lines at the prompt, the last at the end", intentLog},
	{"intent replay", "[--dir DIR] [--model MODEL]", "make the plans of the log again, and say which are others now", intentReplay},
}

// intentCommand carries out a command about intents; ok says whether it was one.
func intentCommand(opt options, words []string, stdout io.Writer) (ok bool, err error) {
	if len(words) < 2 {
		return false, nil
	}
	for i := range intentOwn {
		c := &intentOwn[i]
		if c.name != words[0]+" "+words[1] {
			continue
		}
		if opt.help {
			_, err := fmt.Fprintf(stdout, "rayctl %s %s\n%s.\n", c.name, c.args, c.help)
			return true, err
		}
		err := c.run(opt, words[2:], stdout)
		if errors.Is(err, errUsage) {
			err = control.Errorf(control.CodeBadArgs, "%v\nusage: rayctl %s %s", err, c.name, c.args)
		}
		return true, err
	}
	return false, nil
}

var errUsage = errors.New("the command line is wrong")

// files is a flag that may be given several times.
type files []string

func (f *files) String() string     { return fmt.Sprint(*f) }
func (f *files) Set(s string) error { *f = append(*f, s); return nil }

// intentFlags parses flags; each of need has to be given.
func intentFlags(fs *flag.FlagSet, words []string, need ...string) error {
	fs.SetOutput(io.Discard)
	if err := fs.Parse(words); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("%w: %q goes with no flag", errUsage, fs.Arg(0))
	}
	for _, name := range need {
		if v := fs.Lookup(name).Value.String(); v == "" || v == "[]" {
			return fmt.Errorf("%w: --%s is missing", errUsage, name)
		}
	}
	return nil
}

// readExamples reads files of examples; those of oos are out of scope,
// whatever they are called there.
func readExamples(data, oos []string) ([]classify.Example, error) {
	var all []classify.Example
	for i, name := range append(data[:len(data):len(data)], oos...) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		list, err := classify.ReadExamples(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if i >= len(data) {
			for k := range list {
				list[k].Intent = classify.OutOfScope
			}
		}
		all = append(all, list...)
	}
	return all, nil
}

func intentTrain(opt options, words []string, stdout io.Writer) error {
	var data, oos files
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.Var(&data, "data", "")
	fs.Var(&oos, "oos", "")
	out := fs.String("out", "", "")
	seed := fs.Uint64("seed", 0, "")
	if err := intentFlags(fs, words, "data", "out"); err != nil {
		return err
	}
	examples, err := readExamples(data, oos)
	if err != nil {
		return err
	}
	begin := time.Now()
	m, err := classify.Train(examples, classify.Options{Seed: *seed})
	if err != nil {
		return err
	}
	took := time.Since(begin)
	file := m.Encode()
	if err := atomicfile.Write(*out, file); err != nil {
		return err
	}
	if opt.json {
		return json.NewEncoder(stdout).Encode(map[string]any{
			"model": *out, "bytes": len(file), "sha256": classify.Hash(file), "examples": len(examples),
			"intents": len(m.Intents()), "features": m.Features(), "threshold": m.Threshold(), "seconds": took.Seconds(),
		})
	}
	_, err = fmt.Fprintf(stdout, "%s: %d intents, %d features, %d bytes, SHA-256 %s\ntrained on %d lines in %.1f s; refuses below %.3f\n",
		*out, len(m.Intents()), m.Features(), len(file), classify.Hash(file), len(examples), took.Seconds(), m.Threshold())
	return err
}

func intentEval(opt options, words []string, stdout io.Writer) error {
	var data, oos files
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	fs.Var(&data, "data", "")
	fs.Var(&oos, "oos", "")
	model := fs.String("model", "", "")
	wrong := fs.Int("errors", 0, "")
	if err := intentFlags(fs, words, "model", "data"); err != nil {
		return err
	}
	examples, err := readExamples(data, oos)
	if err != nil {
		return err
	}
	m, err := readModel(*model)
	if err != nil {
		return err
	}
	r := classify.Evaluate(m, examples)
	if opt.json {
		r.Errors = r.Errors[:min(len(r.Errors), max(*wrong, 0))]
		return json.NewEncoder(stdout).Encode(r)
	}
	if err := printReport(stdout, r); err != nil {
		return err
	}
	for _, e := range r.Errors[:min(len(r.Errors), max(*wrong, 0))] {
		if _, err := fmt.Fprintf(stdout, "%s, not %s (%.2f): %s\n", e.Got, e.Want, e.P, printable(e.Line)); err != nil {
			return err
		}
	}
	return nil
}

func readModel(name string) (*classify.Model, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	m, err := classify.Read(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

func printReport(w io.Writer, r classify.Report) error {
	_, err := fmt.Fprintf(w, "%-20s %d in scope, %d out of scope\n", "lines", r.Lines, r.OutOfScope)
	row := func(name string, share float64, of int, says string) {
		if of > 0 && err == nil {
			_, err = fmt.Fprintf(w, "%-20s %6.2f %%  %s\n", name, 100*share, says)
		}
	}
	row("accuracy", r.Accuracy, r.Lines, "of the lines in scope have the right intent as their best")
	row("in-scope accuracy", r.Accepted, r.Lines, "… and aren't refused")
	row("macro-F1", r.MacroF1, r.Lines, "mean over intents")
	row("out-of-scope recall", r.Recall, r.OutOfScope, "of the lines out of scope are refused")
	if err == nil {
		_, err = fmt.Fprintf(w, "%-20s p50 %.0f µs, p99 %.0f µs a line\n", "latency", us(r.P50), us(r.P99))
	}
	return err
}

func us(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
