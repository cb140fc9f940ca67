package qemu

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/vmm"
)

var update = flag.Bool("update", false, "write the command lines in testdata anew")

func testConfigs() map[string]Config {
	socket := func(name string) string { return "/data/run/" + name + ".sock" }
	linux := Config{
		Major: 7, Accel: TCG, ID: "linux-desktop-001", UUID: "12345678-1234-4234-8234-123456789abc", Kind: vmm.Linux,
		CPUs: 2, MemMiB: 1024, RAM: "/data/state/ram", Kernel: "/data/vmlinux", Initrd: "/data/initrd", Cmdline: "console=ttyS0 quiet",
		Disks: []Disk{{"root", "/data/a,b.ext4", "raw", false}}, Sockets: socket, GPU: true, Input: true,
	}
	kvm := linux
	kvm.Data = []string{"/opt/qemu/share/qemu", "/opt/qemu/share/seabios"}
	kvm.Accel, kvm.Major, kvm.Network, kvm.Clipboard, kvm.Incoming = KVM, 10, true, true, true
	confined := linux
	confined.Sandbox, confined.TPM = true, "/data/run/tpm.sock"
	confined.Descriptors = map[string]int{"qmp": 20, "qmp2": 21, "agent": 22, "qga": 23, "serial": 24, "tpm": 25}
	shares := linux
	shares.Folders = []vmm.Folder{{Path: "/home/me/a,b", Tag: "docs"}, {Path: "/home/me/work", Tag: "work", Writable: true}}
	audio := linux
	audio.Audio = true
	micro := linux
	micro.Disks, micro.GPU = nil, false
	windows := Config{
		Major: 7, Accel: KVM, ID: "windows-desktop-001", UUID: linux.UUID, Kind: vmm.Windows, CPUs: 4, MemMiB: 8192, RAM: "/data/state/ram",
		FirmwareCode: "/usr/share/OVMF/OVMF_CODE_4M.ms.fd", FirmwareVars: "/data/state/vars.fd", TPM: "/data/run/tpm.sock",
		Disks: []Disk{{"root", "/data/disk/disk.qcow2", "qcow2", false}}, Sockets: socket, GPU: true, Input: true,
	}
	loud := windows
	loud.Audio = true
	return map[string]Config{"linux": linux, "linux-audio": audio, "windows-audio": loud, "linux-kvm-10": kvm, "linux-confined": confined, "linux-shares": shares, "micro": micro, "windows": windows}
}

// TestCommandLines holds every profile against the command line in testdata,
// one option a line.
func TestCommandLines(t *testing.T) {
	for name, c := range testConfigs() {
		got := strings.ReplaceAll(strings.Join(c.Arguments(), " "), " -", "\n-") + "\n"
		path := filepath.Join("testdata", name+".args")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s\nwant (go test -update writes it):\n%s", name, got, want)
		}
	}
}

func TestFingerprintIsOfTheMachine(t *testing.T) {
	c := testConfigs()["linux"]
	cold := c.Fingerprint()
	c.Incoming = true
	if c.Fingerprint() != cold {
		t.Error("waiting for a state makes another machine")
	}
	c.MemMiB++
	if c.Fingerprint() == cold {
		t.Error("more memory makes no other machine")
	}
}
