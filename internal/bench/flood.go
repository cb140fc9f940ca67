package bench

import (
	"errors"
	"fmt"
	"time"

	"rayos/internal/bench/rawclient"
)

// floodBatch is how many commits a client writes at once: about what libwayland
// sends from its 4 KiB buffer.
const floodBatch = 50

// floodProbe measures the compositor's CPU per attach + damage + commit of a
// 256×256 window, committed as fast as the compositor takes it by n clients in
// turn. The repaints that happen meanwhile are part of the bill.
func floodProbe(clients int) Probe {
	key := fmt.Sprintf("commit.%d", clients)
	name := fmt.Sprintf("CPU per commit, flood of %d clients", clients)
	if clients == 1 {
		name = "CPU per commit, flood of 1 client"
	}
	return Probe{
		Name: key,
		Rows: []Row{{Key: key, Name: name, Unit: "us", Bar: ratioBar(1)}},
		Run: func(s *Session, e Effort) (Values, error) {
			crowd, err := newCrowd(s, clients, rawclient.WindowOptions{Title: "flood", Width: 256, Height: 256, Buffers: 4, Format: rawclient.XRGB8888, Color: 0xffa06030})
			if err != nil {
				return nil, err
			}
			turns := max(1, e.Commits/clients/floodBatch)
			if err := crowd.flood(max(1, turns/10)); err != nil {
				return nil, errors.Join(err, crowd.close())
			}
			cpu, err := s.spent(func() error { return crowd.flood(turns) })
			us := float64(cpu.Nanoseconds()) / 1e3 / float64(turns*clients*floodBatch)
			return Values{key: us}, errors.Join(err, crowd.close())
		},
	}
}

// flood lets each client write a batch, then waits until all are handled.
func (cr *crowd) flood(turns int) error {
	for range turns {
		for i, c := range cr.conns {
			for range floodBatch {
				cr.windows[i].Commit(rawclient.FullDamage)
			}
			if err := c.Flush(); err != nil {
				return err
			}
		}
		for _, c := range cr.conns {
			if err := c.Sync(); err != nil {
				return err
			}
		}
	}
	return nil
}

// spent is the CPU time that the compositor uses while fn runs.
func (s *Session) spent(fn func() error) (time.Duration, error) {
	before, err := s.CPU()
	if err != nil {
		return 0, err
	}
	if err := fn(); err != nil {
		return 0, errors.Join(err, s.Alive())
	}
	after, err := s.CPU()
	return after - before, err
}
