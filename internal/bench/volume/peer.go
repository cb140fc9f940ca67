package volume

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

//go:embed hnswlib/peer.cpp
var source []byte

// header is what libhnswlib-dev brings.
const header = "/usr/include/hnswlib/hnswlib.h"

// ErrNoPeer is wrapped by errors that say what hnswlib lacks to take part.
var ErrNoPeer = errors.New("hnswlib can't be compared with")

// Peer is a process that runs hnswlib.
type Peer struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	said strings.Builder
}

// NewPeer compiles the peer for this CPU, and has it build its index or load the one that an earlier run left in dir.
func NewPeer(d *Data, dir string) (*Peer, error) {
	if _, err := os.Stat(header); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: libhnswlib-dev is not installed", ErrNoPeer)
	} else if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	program := filepath.Join(dir, "hnswlib-peer")
	cxx := exec.Command("g++", "-O3", "-march=native", "-std=c++11", "-x", "c++", "-o", program, "-")
	cxx.Stdin = strings.NewReader(string(source))
	if out, err := cxx.CombinedOutput(); errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: g++ is not installed", ErrNoPeer)
	} else if err != nil {
		return nil, fmt.Errorf("g++: %w: %s", err, out)
	}
	p := &Peer{cmd: exec.Command(program)}
	p.cmd.Stderr = &p.said
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	index := filepath.Join(dir, fmt.Sprintf("wink-%d-%d-%d-%d.hnswlib", d.n, m, efConstruction, seed))
	_, err = p.ask("build %s %d %d %d %d %d %d %s", d.File, dim, d.n, len(d.Queries), m, efConstruction, seed, index)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Peer) ask(format string, args ...any) ([]string, error) {
	if _, err := fmt.Fprintf(p.in, format+"\n", args...); err != nil {
		return nil, fmt.Errorf("hnswlib-peer: %w; it said %q", err, p.said.String())
	}
	line, err := p.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("hnswlib-peer has ended: %w; it said %q", err, p.said.String())
	}
	return strings.Fields(line), nil
}

// Measure times the queries with each ef, the best of some rounds. What is to be found, o knows.
func (p *Peer) Measure(o *Own, rounds int) ([]Point, error) {
	var points []Point
	for _, ef := range EFs {
		words, err := p.ask("time %d %d %d", ef, K, rounds)
		if err != nil {
			return nil, err
		}
		if len(words) != 2+K*len(o.want) {
			return nil, fmt.Errorf("hnswlib-peer answered %d words, want 2 and %d for each of %d queries", len(words), K, len(o.want))
		}
		point := Point{EF: ef}
		for i, to := range []*float64{&point.NS, &point.P95} {
			if *to, err = strconv.ParseFloat(words[i], 64); err != nil {
				return nil, err
			}
		}
		found := 0
		for i, word := range words[2:] {
			id, err := strconv.ParseUint(word, 10, 64)
			if err != nil {
				return nil, err
			}
			if o.want[i/K][id] {
				found++
			}
		}
		point.Recall = o.part(found)
		points = append(points, point)
	}
	return points, nil
}

// Close ends it.
func (p *Peer) Close() error {
	err := p.in.Close()
	return errors.Join(err, p.cmd.Wait())
}
