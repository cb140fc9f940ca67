package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWithMemory(t *testing.T) {
	text := `{"version":1,"sha256":"x","vms":{"linux-micro-001":{"id":"linux-micro-001","devices":{"vcpu":1,"memory_mb":256}}}}`
	out, err := withMemory([]byte(text), 512)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Sum string `json:"sha256"`
		VMs map[string]struct {
			Devices map[string]int `json:"devices"`
		} `json:"vms"`
	}
	if err := json.Unmarshal(out, &file); err != nil || file.Sum != "" || file.VMs[machineID].Devices["memory_mb"] != 512 || file.VMs[machineID].Devices["vcpu"] != 1 {
		t.Errorf("withMemory = %s, %v", out, err)
	}
	for _, bad := range []string{"", "[]", `{"vms":{}}`, `{"vms":{"linux-micro-001":{}}}`} {
		if out, err := withMemory([]byte(bad), 512); err == nil {
			t.Errorf("withMemory(%s) = %s", bad, out)
		}
	}
}

func TestLoggedReadsWhatComesLater(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, []byte("END old\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	from, err := fileSize(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	go func() {
		for _, part := range []string{"BEG", "IN\nEN", "D\n"} {
			if _, err := f.WriteString(part); err != nil {
				t.Error(err)
			}
		}
	}()
	w := &world{}
	if from, err = w.logged(path, from, "BEGIN", time.Minute); err != nil || from != int64(len("END old\nBEGIN")) {
		t.Fatalf("logged = %d, %v", from, err)
	}
	if from, err = w.logged(path, from, "END", time.Minute); err != nil || from != int64(len("END old\nBEGIN\nEND")) {
		t.Errorf("logged = %d, %v", from, err)
	}
	if _, err := w.logged(path, from, "MORE", time.Millisecond); err == nil || !strings.Contains(err.Error(), "MORE") {
		t.Errorf("logged without it = %v", err)
	}
}

func TestThreadCPU(t *testing.T) {
	cpu, err := threadCPU(os.Getpid(), os.Getpid())
	if err != nil || cpu <= 0 {
		t.Errorf("threadCPU = %v, %v", cpu, err)
	}
	all := machineSide{Process{os.Getpid()}, nil}
	rest := machineSide{Process{os.Getpid()}, []int{os.Getpid()}}
	a, err := all.CPU()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := rest.CPU(); err != nil || b > a {
		t.Errorf("without the main thread %v, %v; with it %v", b, err, a)
	}
}
