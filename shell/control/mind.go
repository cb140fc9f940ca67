package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"rayos/rayapps/lang"
)

// Mind understands lines that are no command. Its methods are called on the
// session's loop goroutine.
type Mind interface {
	// Understand says what a line would have done, and does nothing. Of the empty
	// line it says what was understood so far.
	Understand(line string, done func(Understood, error)) (cancel func())
}

// Understood is what a line is taken for.
type Understood struct {
	Intent      string   `json:"intent,omitempty"` // "" for none
	Confidence  float32  `json:"confidence"`
	Disposition string   `json:"disposition,omitempty"` // chat, ask, execute
	Priority    string   `json:"priority,omitempty"`
	Refused     bool     `json:"refused,omitempty"`
	Steps       []string `json:"steps,omitempty"`
	// Counts are there for the empty line.
	Counts *System2 `json:"counts,omitempty"`
}

// System2 is what planning has done.
type System2 struct {
	LastHash     uint64 `json:"last_hash"` // of the last line, by a key of this session
	LastOp       string `json:"last_op"`   // the deed of its last step
	LastPriority string `json:"last_prio"`
	LastCount    int    `json:"last_count"` // steps of it
	Enqueued     uint64 `json:"enq"`        // steps that were begun
	Dropped      uint64 `json:"drop"`       // steps that weren't: nobody agreed, or one before failed
	Lines        uint64 `json:"lines"`      // number of the last one
	Model        string `json:"model"`
}

const mindDeadline = 10 * time.Second

var mindCommands = []*Command{{
	Name: "s2", Reads: true, Help: lang.M("say what System 2 takes a line for, without doing it; without a line, what it has done"), Deadline: mindDeadline, print: printUnderstood,
	Args: []Arg{{Name: "line", Kind: KindString, Rest: true, Help: "as it would be typed"}},
	start: func(s Session, v Values, done func(any, error)) func() {
		return s.Mind().Understand(get[string](v, "line"), func(u Understood, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			done(u, nil)
		})
	},
}}

// printUnderstood prints one line of names and values.
func printUnderstood(w io.Writer, result json.RawMessage) error {
	var u Understood
	if err := json.Unmarshal(result, &u); err != nil {
		return err
	}
	if c := u.Counts; c != nil {
		_, err := fmt.Fprintf(w, "lines=%d last_hash=0x%016x last_op=%s last_prio=%s last_count=%d enq=%d drop=%d model=%.12s\n",
			c.Lines, c.LastHash, strings.ReplaceAll(clean(c.LastOp), " ", "-"), clean(c.LastPriority), c.LastCount, c.Enqueued, c.Dropped, clean(c.Model))
		return err
	}
	intent := u.Intent
	if intent == "" {
		intent = "-"
	}
	plan := strings.Join(u.Steps, "; ")
	switch {
	case u.Refused:
		plan = "refused"
	case plan == "":
		plan = "nothing"
	}
	_, err := fmt.Fprintf(w, "intent=%s confidence=%.2f disposition=%s prio=%s steps=%d plan: %s\n", clean(intent), u.Confidence, clean(u.Disposition), clean(u.Priority), len(u.Steps), clean(plan))
	return err
}
