package compute

import "testing"

// TestRoundTripsAreCounted: as many of both, and all by the device.
func TestRoundTripsAreCounted(t *testing.T) {
	e := startGPU(t, Config{})
	a, b, err := e.RoundTrips(300)
	if err != nil {
		t.Fatal(err)
	}
	if s := e.Stats(); len(a) != 300 || len(b) != 300 || s.OnGPU != 300 {
		t.Errorf("%d and %d round trips, %d tasks on the device; want 300", len(a), len(b), s.OnGPU)
	}
	// What is larger than a slice uses the slot that was measured with.
	all, results := tasks(t, 2)
	if err := e.Do(all[0], Normal); err != nil {
		t.Fatal(err)
	}
	cpu := Start(Config{})
	defer cpu.Close()
	want, _ := tasks(t, 2)
	if err := cpu.Do(want[0], Normal); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "trace after it", results(all[0]), results(want[0]))
}
