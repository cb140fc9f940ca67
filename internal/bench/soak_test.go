package bench

import (
	"math"
	"strings"
	"testing"
	"time"
)

func soakRun(rss func(i int) int64, cost func(i int) time.Duration) *SoakResult {
	var r SoakResult
	for i := range soakSamples {
		r.Samples = append(r.Samples, SoakSample{
			At: time.Duration(i+1) * 2 * time.Minute, Steps: 100 * (i + 1),
			Memory: Memory{RSS: rss(i)}, FrameCPU: cost(i),
		})
	}
	r.judge()
	return &r
}

func TestSoakSeesGrowthAfterTheWarmUp(t *testing.T) {
	// 4 MiB of warm-up, then 30 KiB per 100 steps.
	r := soakRun(func(i int) int64 { return 20000 + int64(min(i, 5))*800 + int64(i)*30 }, func(int) time.Duration { return time.Millisecond })
	if math.Abs(r.Growth-300) > 1 || r.Drift != 0 {
		t.Errorf("growth %v KiB per 1000 steps, drift %v; want 300, 0", r.Growth, r.Drift)
	}
}

func TestSoakSeesDriftButNotASpike(t *testing.T) {
	flat := func(int) int64 { return 20000 }
	spike := soakRun(flat, func(i int) time.Duration {
		if i == 25 {
			return time.Second
		}
		return time.Millisecond
	})
	if spike.Drift != 0 || spike.Growth != 0 {
		t.Errorf("one spike reads as drift %v, growth %v", spike.Drift, spike.Growth)
	}
	creep := soakRun(flat, func(i int) time.Duration { return time.Millisecond + time.Duration(i)*10*time.Microsecond })
	if creep.Drift < 0.15 || creep.Drift > 0.25 {
		t.Errorf("drift of a creeping cost = %v; want about 0.2", creep.Drift)
	}
	var b strings.Builder
	if err := creep.Write(&b); err != nil || !strings.HasPrefix(b.String(), "after 1h0m0s and 3000 steps: RSS 19.5 MiB, growth +0 KiB per 1000 steps, frame cost drift +1") {
		t.Errorf("verdict = %q, %v", b.String(), err)
	}
}
