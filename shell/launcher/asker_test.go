package launcher

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"
)

// speaker is a slow proposer that a test leads by the hand.
type speaker struct {
	began chan string // lines
	say   chan Proposal
	err   error
	deaf  chan bool // if not nil: it doesn't hear that ctx has ended until this is closed
}

func newSpeaker() *speaker { return &speaker{began: make(chan string, 8), say: make(chan Proposal)} }

func (s *speaker) Propose(ctx context.Context, line string) iter.Seq2[Proposal, error] {
	return func(yield func(Proposal, error) bool) {
		s.began <- line
		for {
			select {
			case p, ok := <-s.say:
				if !ok {
					if s.err != nil {
						yield(Proposal{}, s.err)
					}
					return
				}
				if !yield(p, nil) {
					return
				}
			case <-ctx.Done():
				if s.deaf != nil {
					<-s.deaf
				}
				return
			}
		}
	}
}

// stage is the goroutine of a model.
type stage struct {
	t     *testing.T
	posts chan func()
	log   []string
	asker Asker
}

func newStage(t *testing.T, p Proposer) *stage {
	s := &stage{t: t, posts: make(chan func(), 1000)}
	s.asker = Asker{
		Proposer: p, Post: func(fn func()) { s.posts <- fn },
		Take: func(asking uint64, list []Proposal) {
			for _, p := range list {
				s.log = append(s.log, fmt.Sprintf("%d %s %s", asking, p.Key, p.Text))
			}
		},
		Ended: func(asking uint64, err error) { s.log = append(s.log, fmt.Sprintf("%d ended %v", asking, err)) },
	}
	return s
}

// until runs what is posted until something is in the log.
func (s *stage) until(want string) {
	s.t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		for _, l := range s.log {
			if l == want {
				return
			}
		}
		select {
		case fn := <-s.posts:
			fn()
		case <-deadline:
			s.t.Fatalf("%q; want %q", s.log, want)
		}
	}
}

func said(key, text string) Proposal {
	return Proposal{Key: key, Kind: Reply, Title: key, Text: text, Growing: true}
}

func TestAnAnswerGrows(t *testing.T) {
	p := newSpeaker()
	s := newStage(t, p)
	s.asker.Ask("why", 1)
	if line := <-p.began; line != "why" || !s.asker.Busy() {
		t.Fatalf("asked %q", line)
	}
	p.say <- said("a", "one")
	s.until("1 a one")
	// What comes faster than it can be read comes at once, and only its newest.
	for i := range 500 {
		p.say <- said("a", fmt.Sprint("more ", i))
	}
	s.until("1 a more 499")
	if n := len(s.log); n > 100 {
		t.Errorf("500 words in a moment were delivered %d times", n)
	}
	p.err = errors.New("no more")
	close(p.say)
	s.until("1 ended no more")
	if s.asker.Busy() {
		t.Error("it is still asked")
	}
}

func TestAnotherLineEndsTheOneBefore(t *testing.T) {
	p := newSpeaker()
	p.deaf = make(chan bool)
	s := newStage(t, p)
	s.asker.Ask("w", 1)
	<-p.began
	p.say <- said("a", "old")
	s.asker.Ask("wh", 2)
	s.asker.Ask("why", 3)
	select {
	case line := <-p.began:
		t.Fatalf("asked about %q while it is busy", line)
	default:
	}
	close(p.deaf)
	s.until("1 ended <nil>")
	for _, l := range s.log {
		if strings.HasPrefix(l, "1 a") {
			t.Errorf("what was said of an older line was delivered: %q", s.log)
		}
	}
	if line := <-p.began; line != "why" {
		t.Errorf("then asked about %q; want the last", line)
	}
	s.asker.Stop()
	s.until("3 ended <nil>")
	s.asker.Close()
	s.asker.Ask("again", 4)
	if s.asker.Busy() {
		t.Error("asked after the end")
	}
}

func TestAProposerSaysOnlySoMuch(t *testing.T) {
	endless := proposerFunc(func(yield func(Proposal, error) bool) {
		for i := 0; ; i++ {
			if !yield(said(fmt.Sprint(i), ""), nil) {
				return
			}
		}
	})
	n := 0
	if err := gather(t.Context(), endless, "x", func(Proposal) { n++ }); err != nil || n != maxLate {
		t.Errorf("%d proposals, %v; want %d", n, err, maxLate)
	}
	long := proposerFunc(func(yield func(Proposal, error) bool) { yield(said(strings.Repeat("k", maxKey+1), ""), nil) })
	if err := gather(t.Context(), long, "x", func(Proposal) { t.Error("a key without end") }); err != nil {
		t.Error(err)
	}
}

type proposerFunc iter.Seq2[Proposal, error]

func (f proposerFunc) Propose(context.Context, string) iter.Seq2[Proposal, error] {
	return iter.Seq2[Proposal, error](f)
}
