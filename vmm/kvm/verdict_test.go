package kvm

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

func TestProbeSaysWhatIsMissing(t *testing.T) {
	for device, want := range map[string]string{
		"/dev/there-is-none": "no /dev/there-is-none",
		"/dev/null":          "/dev/null speaks version 0, not 12",
	} {
		if v := Probe(device); v.Usable || v.Ran || v.Reason != want {
			t.Errorf("Probe(%s) = %+v; want the reason %q", device, v, want)
		}
	}
}

// TestProbeOfThisHost can't know the verdict, but that there is one, and that
// it is the same each time.
func TestProbeOfThisHost(t *testing.T) {
	v := Probe(Device)
	if v.Reason == "" || v.Usable && !v.Ran {
		t.Errorf("Probe() = %+v", v)
	}
	if again := Probe(Device); again != v {
		t.Errorf("Probe() = %+v; before %+v", again, v)
	}
	t.Logf("%+v", v)
}

func TestVerdictIsKeptUntilTheNextBoot(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kvm.json")
	boot, err := bootID()
	if err != nil {
		t.Fatal(err)
	}
	kept := cached{Verdict{Usable: true, Reason: "it was seen", Ran: true}, boot}
	probed := Probe("/dev/null")
	for _, c := range []struct {
		name   string
		device string
		edit   func(*cached)
		want   Verdict
	}{
		{"of this boot", "/dev/null", func(*cached) {}, kept.Verdict},
		{"of another boot", "/dev/null", func(c *cached) { c.BootID = "another" }, probed},
		{"of no guest", "/dev/null", func(c *cached) { c.Ran = false }, probed},
		{"without a reason", "/dev/null", func(c *cached) { c.Reason = "" }, probed},
		{"device gone", "/dev/there-is-none", func(*cached) {}, no("no /dev/there-is-none")},
	} {
		f := kept
		c.edit(&f)
		if err := write(file, f); err != nil {
			t.Fatal(err)
		}
		if got, err := Cached(c.device, file); err != nil || got != c.want {
			t.Errorf("%s: Cached() = %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
	if err := os.WriteFile(file, []byte("{\"usable\":true"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Cached("/dev/null", file); err != nil || got != probed {
		t.Errorf("damaged file: Cached() = %+v, %v; want %+v", got, err, probed)
	}
}

// TestOnlyRunsAreKept: a permission can be given without a boot.
func TestOnlyRunsAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kvm.json")
	if _, err := Cached("/dev/there-is-none", file); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the verdict on a device that isn't there was kept")
	}
	v, err := Cached(Device, file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if !v.Ran {
		if err == nil {
			t.Errorf("kept %s of no run", data)
		}
		return
	}
	var c cached
	if err != nil || json.Unmarshal(data, &c) != nil || c.Verdict != v {
		t.Errorf("kept %s, %v; want %+v", data, err, v)
	}
	if _, err := Cached(Device, filepath.Join(t.TempDir(), "gone", "kvm.json")); err == nil {
		t.Error("a verdict that can't be kept is no error")
	}
}
