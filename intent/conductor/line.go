package conductor

import (
	"fmt"
	"strings"
)

// Outside is what the conductor's neighbours say of themselves, for Line.
type Outside struct {
	System1 System1
	System2 System2
}

// System1 is what computes in batches.
type System1 struct {
	Running                 bool
	Depth                   int // tasks that wait
	Enqueued, Dropped, Done uint64
	LastOp                  string // name of the last task's kernel, "" for none
	LastPriority            uint8
	LastArg                 uint64
}

// System2 is what plans.
type System2 struct {
	LastHash             uint64 // of the last line
	LastOp, LastPriority uint8  // of the last ray
	LastCount            int    // of rays of the last line
	Enqueued, Dropped    uint64
}

// Line is the snapshot as programs have always read it: one line of names and
// values, each name once and in this order. Numbers are decimal, but for the
// hash; whether something runs is 0 or 1; the last tick is in milliseconds since
// the conductor was opened; System 1's last op is a kernel's name, or 0.
func (s *Snapshot) Line(o Outside) string {
	bit := map[bool]int{true: 1}
	one, two := &o.System1, &o.System2
	op := strings.Join(strings.Fields(one.LastOp), "-") // a value has no spaces
	if op == "" {
		op = "0"
	}
	return fmt.Sprintf("s1_running=%d conductor_running=%d conductor_tq_depth=%d conductor_submitted=%d conductor_dropped=%d conductor_last_tick=%d"+
		" depth=%d s1_enq=%d s1_drop=%d s1_done=%d s1_last_op=%s s1_last_prio=%d s1_last_arg=%d"+
		" s2_last_hash=0x%016x s2_last_op=%d s2_last_prio=%d s2_last_count=%d s2_enq=%d s2_drop=%d",
		bit[one.Running], bit[s.Running], s.Queued+s.Waiting, s.Counts.Submitted, s.Counts.Refused, s.LastTick.Milliseconds(),
		one.Depth, one.Enqueued, one.Dropped, one.Done, op, one.LastPriority, one.LastArg,
		two.LastHash, two.LastOp, two.LastPriority, two.LastCount, two.Enqueued, two.Dropped)
}
