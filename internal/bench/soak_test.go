package bench

import (
	"math"
	"strings"
	"testing"
	"time"
)

func soakRun(change func(i int, s *SoakSample)) *SoakResult {
	var r SoakResult
	for i := range soakSamples {
		s := SoakSample{
			At: time.Duration(i+1) * 90 * time.Second, Steps: 100 * (i + 1),
			Memory: Memory{PSS: 20000}, Files: 20, Goroutines: 6, FrameCPU: time.Millisecond,
		}
		change(i, &s)
		r.Samples = append(r.Samples, s)
	}
	r.judge()
	return &r
}

func TestSoakSeesWhatCreeps(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(i int, s *SoakSample)
		want   string // of the error
	}{
		{"nothing", func(int, *SoakSample) {}, ""},
		{"a spike", func(i int, s *SoakSample) {
			if i == 35 {
				s.FrameCPU, s.Memory.PSS, s.Files = time.Second, 90000, 100
			}
		}, ""},
		{"a warm-up", func(i int, s *SoakSample) { s.Memory.PSS -= int64(max(0, 4-i)) * 800 }, ""},
		{"memory", func(i int, s *SoakSample) { s.Memory.PSS += int64(i) * 50 }, "PSS: +7."},
		{"descriptors", func(i int, s *SoakSample) { s.Files += i / 15 }, "descriptors: +10.0%"},
		{"goroutines", func(i int, s *SoakSample) { s.Goroutines += i / 4 }, "goroutines: +"},
		{"goroutines that begin once", func(i int, s *SoakSample) { s.Goroutines += i / 20 }, ""},
		{"CPU", func(i int, s *SoakSample) { s.FrameCPU += time.Duration(i) * 5 * time.Microsecond }, "CPU per frame: +14."},
		{"CPU in a short run", func(i int, s *SoakSample) { s.At /= 10; s.FrameCPU += time.Duration(i) * 5 * time.Microsecond }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := soakRun(tc.change).Creeps()
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.HasPrefix(err.Error(), tc.want)) {
				t.Errorf("Creeps() = %v; want %q", err, tc.want)
			}
		})
	}
}

func TestSoakTellsGrowth(t *testing.T) {
	// 4 MiB of warm-up, then 30 KiB per 100 steps.
	r := soakRun(func(i int, s *SoakSample) { s.Memory.PSS += int64(min(i, 8))*500 + int64(i)*30 })
	if math.Abs(r.Growth-300) > 1 {
		t.Errorf("growth %v KiB per 1000 steps; want 300", r.Growth)
	}
	var b strings.Builder
	if err := r.Write(&b); err != nil || !strings.HasPrefix(b.String(), "after 1h0m0s and 4000 steps, last quarter against first: PSS +") {
		t.Errorf("verdict = %q, %v", b.String(), err)
	}
}
