package conductor

import "testing"

func TestLine(t *testing.T) {
	s := Snapshot{Running: true, Queued: 2, Waiting: 1, LastTick: 1500000, Counts: Counts{Submitted: 7, Refused: 3}}
	o := Outside{
		System1{Running: true, Depth: 4, Enqueued: 10, Dropped: 1, Done: 9, LastOp: "dot products", LastPriority: 2, LastArg: 11},
		System2{LastHash: 0xabc, LastOp: 1, LastPriority: 1, LastCount: 3, Enqueued: 5, Dropped: 6},
	}
	want := "s1_running=1 conductor_running=1 conductor_tq_depth=3 conductor_submitted=7 conductor_dropped=3 conductor_last_tick=1 depth=4 s1_enq=10 s1_drop=1 s1_done=9 s1_last_op=dot-products s1_last_prio=2 s1_last_arg=11 s2_last_hash=0x0000000000000abc s2_last_op=1 s2_last_prio=1 s2_last_count=3 s2_enq=5 s2_drop=6"
	if got := s.Line(o); got != want {
		t.Errorf("%s; want\n%s", got, want)
	}
}
