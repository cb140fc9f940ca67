package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// runner runs the suite over a module.
type runner struct {
	suite  string // the program
	dir    string // for sockets and the like, ours alone
	filter string
	shards int
}

// patience is how long one shard may take. Cases end by themselves, most of
// them after 10 s at the latest.
const patience = 10 * time.Minute

// run runs all shards side by side.
func (s *runner) run(module string) (*outcome, error) {
	start := time.Now()
	parts := make([][]byte, s.shards)
	errs := make([]error, s.shards)
	var wg sync.WaitGroup
	for i := range s.shards {
		wg.Go(func() { parts[i], errs[i] = s.shard(module, i) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	o := &outcome{took: time.Since(start), results: map[string]result{}}
	for _, p := range parts {
		o.text = append(o.text, p...)
		if err := o.parse(p); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// shard runs one part of the cases and returns what it prints.
func (s *runner) shard(module string, i int) ([]byte, error) {
	dir := filepath.Join(s.dir, fmt.Sprint("shard-", i))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cmd := exec.Command(s.suite, module, "--gtest_filter="+s.filter, "--gtest_color=no")
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir,
		fmt.Sprint("GTEST_TOTAL_SHARDS=", s.shards), fmt.Sprint("GTEST_SHARD_INDEX=", i))
	// What goes to standard error is the suite's and libwayland's talk of
	// errors that cases provoke on purpose. It explains a crash.
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	hung := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }) // Wait tells
	err := cmd.Wait()
	if !hung.Stop() {
		return nil, fmt.Errorf("shard %d: still not at its end after %v\n%s", i, patience, tail(&stdout))
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.ExitCode() == 1: // some case failed
	case err != nil:
		return nil, fmt.Errorf("shard %d: %w\n%s%s", i, err, tail(&stdout), tail(&stderr))
	}
	return stdout.Bytes(), nil
}

// tail returns the end of what was printed.
func tail(b *bytes.Buffer) []byte {
	const most = 4096
	if n := b.Len(); n > most {
		_, _ = io.CopyN(io.Discard, b, int64(n-most)) // from memory
	}
	return b.Bytes()
}
