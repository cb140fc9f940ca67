package vmm

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const samplePolicy = `version = 0
[defaults]
networking = "off"
autoboot_vms = true
[limits]
mem_mib = 2048
[linux]
vm_id = "linux-desktop-001"
clipboard = "both"
[linux.limits]
cpus = 2
[windows]
enabled = true
networking = "provisioning_only"
[vm.lab]
networking = "on"
color = "#336699"
shares = [{ path = "Documents", tag = "docs" }]
[vm.lab.limits]
cpus = 1
cpu_percent = 50
`

func TestPolicyCutsDown(t *testing.T) {
	p, err := ParsePolicy([]byte(samplePolicy))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rec  Record
		want Effective
	}{
		{
			Record{ID: "linux-desktop-001", Kind: Linux, Devices: Devices{CPUs: 8, MemMiB: 4096, Network: true}},
			Effective{
				Enabled: true, Autoboot: true, Networking: NetOff, NetworkReason: "explicit", Clipboard: ClipBoth,
				CPUs: 2, MemMiB: 2048, CPUPercent: 100, Input: true, GPU: true,
			},
		},
		{
			Record{ID: "lab", Kind: Linux, Devices: Devices{CPUs: 8, MemMiB: 512}},
			Effective{
				Enabled: true, Autoboot: true, Networking: NetOn, NetworkReason: "explicit", Clipboard: ClipBoth, Color: "#336699",
				Shares: []Share{{Path: "Documents", Tag: "docs"}}, CPUs: 1, MemMiB: 512, CPUPercent: 50, Input: true, GPU: true,
			},
		},
		{
			Record{ID: "windows-desktop-001", Kind: Windows, Devices: Devices{CPUs: 4, MemMiB: 8192, TPM: true}},
			Effective{
				Enabled: true, Autoboot: true, Networking: NetProvisioning, NetworkReason: "explicit", Clipboard: ClipOff,
				CPUs: 4, MemMiB: 2048, CPUPercent: 100, Input: true, GPU: true, TPM: true,
			},
		},
	} {
		if diff := cmp.Diff(tt.want, p.Effective(&tt.rec)); diff != "" {
			t.Errorf("Effective(%s) (-want +got):\n%s", tt.rec.ID, diff)
		}
	}
}

func TestSoundIsOffUnlessPolicySaysSo(t *testing.T) {
	rec := Record{ID: "lab", Kind: Linux, Devices: Devices{CPUs: 1, MemMiB: 64}}
	for text, want := range map[string]bool{
		"":                     false,
		"linux.audio = true":   true,
		"linux.audio = false":  false,
		"windows.audio = true": false,
		"vm.lab.audio = true":  true,
		"linux.audio = true\nlinux.microphone = false":    true,
		"linux.audio = true\nvm.lab.audio = false":        false,
		"linux.audio = true\nvm.lab.devices.gpu = 'none'": false,
	} {
		p, err := ParsePolicy([]byte("version = 0\n" + text))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Effective(&rec).Audio; got != want {
			t.Errorf("%q: sound %v; want %v", text, got, want)
		}
	}
}

func TestNetworkMarkers(t *testing.T) {
	for _, tt := range []struct {
		policy       string
		provisioning bool
		want         string
		card         bool
	}{
		{"version = 0", false, "off:default_off", false},
		{"version = 0\nlinux.audio = false", false, "off:default_off", false},
		{"version = 0", true, "on:auto_provisioning", true},
		{"version = 0\nlinux.networking = 'off'", true, "off:explicit", false},
		{"version = 0\nlinux.networking = 'on'", false, "on:explicit", true},
		{"version = 0\nlinux.networking = 'provisioning_only'", false, "off:explicit", false},
		{"version = 0\nlinux.networking = 'provisioning_only'", true, "on:auto_provisioning", true},
	} {
		p, err := ParsePolicy([]byte(tt.policy))
		if err != nil {
			t.Fatal(err)
		}
		e := p.Effective(&Record{ID: "linux-desktop-001", Kind: Linux, Devices: Devices{CPUs: 1, MemMiB: 64}})
		if got := e.NetworkMarker(Linux, tt.provisioning); got != "RAYOS_HOST_MARKER:LINUX_DESKTOP_NETWORK:"+tt.want {
			t.Errorf("%q provisioning %v: %s; want %s", tt.policy, tt.provisioning, got, tt.want)
		}
		if got := e.Network(tt.provisioning); got != tt.card {
			t.Errorf("%q provisioning %v: network card %v; want %v", tt.policy, tt.provisioning, got, tt.card)
		}
	}
}

func TestPolicyErrorsSayWhere(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "policy: version: missing"},
		{"version = 1", "policy:1:1: version: 1 is not supported"},
		{"version = 0\nnetwork = 1", "policy:2:1: network: unknown key"},
		{"version = 0\n[linux]\nenabled = 'yes'", "policy:3:11: linux.enabled"},
		{"version = 0\n[linux.limits]\n  cpus = 0", "policy:3:3: linux.limits.cpus: 0: want 1 to 64"},
		{"version = 0\n[linux]\nlimits = { cpus = 99 }", "policy:3:1: linux.limits.cpus: 99"},
		{"version = 0\n[linux.storage]\nroot_disk = '/etc/shadow'", "policy:3:1: linux.storage.root_disk: path \"/etc/shadow\": want one relative"},
		{"version = 0\n[windows.storage]\ndisk = 'a/../../b'", "policy:3:1: windows.storage.disk: path \"a/../../b\""},
		{"version = 0\n[windows]\nenabled = true\ndevices.vtpm = false", "policy:4:1: windows.devices.vtpm: must be true"},
		{"version = 0\n[vm.\"a\\u0062\"]\nnetworking = 'maybe'", "policy:3:1: vm.ab.networking"},
		{"version = 0\n[vm.'../x']\n", "policy:2:2: vm.../x: vm id"},
		{"version = 0\n[linux]\nshares = [{path='../x', tag='a'}]", "policy:3:1: linux.shares"},
		{"version = 0\n[linux]\nshares = [{path='x', tag='a'}, {path='y', tag='a'}]", "policy:3:1: linux.shares: tag \"a\": two"},
		{"version = 0\n[linux]\naudio = 'loud'", "policy:3:9: linux.audio"},
		{"version = 0\n[linux]\nmicrophone = true", "policy:3:1: linux.microphone: can't be true: no machine hears"},
		{"version = 0\n[vm.lab]\naudio = true\nmicrophone = true", "policy:4:1: vm.lab.microphone: can't be true"},
		{"version = 0\nlimits.cpu_percent = 101", "policy:2:1: limits.cpu_percent: 101"},
		{"version = 0\n=", "policy:2:1: syntax"},
	} {
		p, err := ParsePolicy([]byte(tt.text))
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("ParsePolicy(%q) = %v, %v; want %s", tt.text, p, err, tt.want)
		}
	}
}

func TestBrokenPolicyRunsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rayos-policy.toml")
	rec := Record{ID: "lab", Kind: Linux, Devices: Devices{CPUs: 1, MemMiB: 64}}
	p, err := LoadPolicy(path)
	if err != nil || !p.Effective(&rec).Enabled {
		t.Errorf("without a file: %v, %v; want the default policy", p, err)
	}
	if err := os.WriteFile(path, []byte("version = 0\nlinux.enabled = 3"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err = LoadPolicy(path)
	var pe *PolicyError
	if !errors.As(err, &pe) || pe.Path != path || pe.Marker() != "RAYOS_POLICY_VIOLATION:linux.enabled:"+pe.Detail {
		t.Errorf("LoadPolicy = %v; want a PolicyError of %s", err, path)
	}
	if p.Safe == "" || p.Effective(&rec).Enabled {
		t.Error("a broken policy lets machines run")
	}
}

func TestPolicyDamagedAnywhere(t *testing.T) {
	// Damage gives an error or another valid policy, and never a panic.
	for i := range len(samplePolicy) {
		for _, c := range []byte{0, '"', 0xff, '[', '\n'} {
			b := []byte(samplePolicy)
			b[i] = c
			if _, err := ParsePolicy(b); err != nil {
				var pe *PolicyError
				if !errors.As(err, &pe) {
					t.Fatalf("byte %d = %q: %v is no PolicyError", i, c, err)
				}
			}
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(samplePolicy))
	f.Add([]byte("version=0\n[linux]\nshares=[{path='a',tag='b'}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePolicy(data)
		if err != nil {
			return
		}
		for _, k := range []Kind{Linux, Windows} {
			e := p.Effective(&Record{ID: "x", Kind: k, Devices: Devices{CPUs: 4, MemMiB: 1 << 20}})
			if e.CPUs > 4 || e.MemMiB > 1<<20 || e.CPUPercent > 100 || e.CPUs < 1 {
				t.Errorf("%s gets %+v", k, e)
			}
		}
	})
}
