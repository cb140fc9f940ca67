package guest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// tree writes files below a folder of its own.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Capabilities as sysfs tells of QEMU's devices.
var (
	keyboardFiles = map[string]string{
		"dev": "13:64\n", "device/capabilities/ev": "120013\n", "device/capabilities/rel": "0\n", "device/capabilities/abs": "0\n",
		"device/capabilities/key": "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n", "device/properties": "0\n",
	}
	tabletFiles = map[string]string{
		"dev": "13:65\n", "device/capabilities/ev": "f\n", "device/capabilities/rel": "100\n", "device/capabilities/abs": "3\n",
		"device/capabilities/key": "1f0000 0 0 0 0\n", "device/properties": "0\n",
	}
	touchFiles = map[string]string{
		"dev": "13:66\n", "device/capabilities/ev": "b\n", "device/capabilities/abs": "260800000000000\n",
		"device/capabilities/key": "400 0 0 0 0 0\n", "device/properties": "2\n",
	}
	buttonFiles = map[string]string{
		"dev": "13:67\n", "device/capabilities/ev": "3\n", "device/capabilities/key": "10000000000000 0\n",
	}
)

func inputs(devices map[string]map[string]string) map[string]string {
	files := map[string]string{}
	for event, device := range devices {
		for name, text := range device {
			files["class/input/"+event+"/"+name] = text
		}
	}
	return files
}

func TestDevicesAreKnownByWhatTheyCan(t *testing.T) {
	dir := tree(t, inputs(map[string]map[string]string{"event0": keyboardFiles, "event1": tabletFiles, "event2": touchFiles, "event3": buttonFiles}))
	for event, want := range map[string]string{
		"event0": "ID_INPUT_KEY ID_INPUT_KEYBOARD", "event1": "ID_INPUT_MOUSE", "event2": "ID_INPUT_TOUCHSCREEN", "event3": "", "event9": "",
	} {
		in := readInput(filepath.Join(dir, "class/input", event))
		if got := strings.Join(in.kinds(), " "); got != want {
			t.Errorf("%s is %q; want %q", event, got, want)
		}
		if got := in.button(); got != (event == "event3") {
			t.Errorf("%s: power button is %v", event, got)
		}
	}
}

func TestUdevIsThere(t *testing.T) {
	files := inputs(map[string]map[string]string{"event0": keyboardFiles, "event1": tabletFiles, "event3": buttonFiles})
	files["class/drm/card0/dev"] = "226:0\n"
	files["class/drm/card0-Virtual-1/status"] = "connected\n"
	sys, run := tree(t, files), t.TempDir()
	if err := os.Mkdir(filepath.Join(sys, "class/drm/card1"), 0o755); err != nil { // one that is going
		t.Fatal(err)
	}
	if err := seedUdev(sys, run); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"c13:64": "I:1000\nE:ID_INPUT=1\nE:ID_INPUT_KEY=1\nE:ID_INPUT_KEYBOARD=1\nE:ID_SEAT=seat0\nG:seat\nQ:seat\nV:1\n",
		"c13:65": "I:1000\nE:ID_INPUT=1\nE:ID_INPUT_MOUSE=1\nE:ID_SEAT=seat0\nG:seat\nQ:seat\nV:1\n",
		"c226:0": "I:1000\nE:ID_SEAT=seat0\nG:master-of-seat\nG:seat\nQ:master-of-seat\nQ:seat\nV:1\n",
	}
	list, err := os.ReadDir(filepath.Join(run, "udev/data"))
	if err != nil || len(list) != len(want) {
		t.Errorf("%d devices, %v; want %d", len(list), err, len(want))
	}
	for name, text := range want {
		if got, err := os.ReadFile(filepath.Join(run, "udev/data", name)); err != nil || string(got) != text {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, text)
		}
	}
	if _, err := os.Stat(filepath.Join(run, "udev/control")); err != nil {
		t.Error(err)
	}
}

func TestBitmap(t *testing.T) {
	b := parseBitmap("8000000000000000 0 3\n")
	for n, want := range map[int]bool{0: true, 1: true, 2: false, 64: false, 191: true, 192: false, 100000: false} {
		if b.has(n) != want {
			t.Errorf("has(%d) = %v", n, !want)
		}
	}
	if parseBitmap("3 zz").has(0) {
		t.Error("nonsense is a bitmap")
	}
}

const hotplug = "change@/devices/pci0000:00/0000:00:02.0/virtio1/drm/card0\x00ACTION=change\x00DEVPATH=/devices/x/drm/card0\x00SUBSYSTEM=drm\x00HOTPLUG=1\x00MAJOR=226\x00MINOR=0\x00DEVTYPE=drm_minor\x00SEQNUM=1400\x00"

func TestKernelEventsAreRead(t *testing.T) {
	e, ok := parseUevent([]byte(hotplug))
	if !ok || !e.hotplug() || e.value("DEVTYPE") != "drm_minor" || e.value("SEQ") != "" || len(e.values) != 8 {
		t.Errorf("parseUevent = %q, %v", e.values, ok)
	}
	for _, bad := range []string{"", "change@/x", "libudev\x00\xfe\xed\xca\xfe\x00SUBSYSTEM=drm\x00ACTION=add\x00", "add@/x\x00ACTION=add\x00", "add@/x\x00SUBSYSTEM=input\x00"} {
		if e, ok := parseUevent([]byte(bad)); ok {
			t.Errorf("%q is the event %q", bad, e.values)
		}
	}
	if e, _ := parseUevent([]byte("add@/x\x00ACTION=add\x00SUBSYSTEM=input\x00HOTPLUG=1\x00")); e.hotplug() {
		t.Error("an input device is a screen")
	}
}

// TestEventsAreToldLikeUdev holds the message against what libudev checks:
// magic, lengths, and the hashes that sockets are filtered by.
func TestEventsAreToldLikeUdev(t *testing.T) {
	e, _ := parseUevent([]byte(hotplug))
	b := e.libudev()
	body := "ACTION=change\x00DEVPATH=/devices/x/drm/card0\x00SUBSYSTEM=drm\x00HOTPLUG=1\x00MAJOR=226\x00MINOR=0\x00DEVTYPE=drm_minor\x00SEQNUM=1400\x00"
	if len(b) != 40+len(body) || string(b[40:]) != body || string(b[:8]) != "libudev\x00" {
		t.Fatalf("message %q", b)
	}
	be, ne := binary.BigEndian, binary.NativeEndian
	for name, tt := range map[string]struct{ got, want uint32 }{
		"magic":     {be.Uint32(b[8:]), 0xfeedcafe},
		"header":    {ne.Uint32(b[12:]), 40},
		"offset":    {ne.Uint32(b[16:]), 40},
		"length":    {ne.Uint32(b[20:]), uint32(len(body))},
		"subsystem": {be.Uint32(b[24:]), murmur2("drm")},
		"type":      {be.Uint32(b[28:]), murmur2("drm_minor")},
		"bloom":     {be.Uint32(b[32:]) | be.Uint32(b[36:]), 0},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is %#x; want %#x", name, tt.got, tt.want)
		}
	}
}

// TestMurmur2 holds the hash against values of its author's program.
func TestMurmur2(t *testing.T) {
	for s, want := range map[string]uint32{
		"": 0, "a": 0x92685f5e, "drm": 0x16664179, "input": 0xc1a28470, "drm_minor": 0x1ca6541e,
	} {
		if got := murmur2(s); got != want {
			t.Errorf("murmur2(%q) = %#08x; want %#08x", s, got, want)
		}
	}
}

// TestScreenIsPluggedAnew follows a connector through changes of its screen.
func TestScreenIsPluggedAnew(t *testing.T) {
	sys := tree(t, map[string]string{
		"class/drm/card0-Virtual-1/status": "connected\n", "class/drm/card0-Virtual-1/modes": "1280x800\n1024x768\n",
		"class/drm/card0-Virtual-2/status": "disconnected\n", "class/drm/card0-Virtual-2/modes": "",
		"class/drm/card0/dev": "226:0\n", "class/drm/version": "drm 1.1.0\n",
	})
	list, err := findConnectors(sys)
	if err != nil || len(list) != 1 || list[0].mode != "1280x800" {
		t.Fatalf("findConnectors = %+v, %v; want one of 1280x800", list, err)
	}
	c := list[0]
	file := func(name string) string { return filepath.Join(c.dir, name) }
	if changed, err := c.changed(); changed || err != nil {
		t.Errorf("changed = %v, %v when nothing has", changed, err)
	}
	for _, modes := range []string{"1600x900\n1280x800\n", "1024x700\n"} {
		if err := os.WriteFile(file("modes"), []byte(modes), 0o644); err != nil {
			t.Fatal(err)
		}
		if changed, err := c.changed(); !changed || err != nil {
			t.Fatalf("changed = %v, %v at %s", changed, err, modes)
		}
	}
	var states []string
	tell := func() error {
		state, err := os.ReadFile(file("status"))
		states = append(states, string(state))
		return err
	}
	if err := c.replug(tell); err != nil || !slices.Equal(states, []string{"off", "detect"}) {
		t.Errorf("replug told of %q, %v; want off and detect", states, err)
	}
	broken := errors.New("nobody is told")
	if err := c.replug(func() error { return broken }); !errors.Is(err, broken) {
		t.Errorf("replug = %v; want %v", err, broken)
	}
	if err := os.WriteFile(file("modes"), nil, 0o644); err != nil { // no screen is there
		t.Fatal(err)
	}
	if changed, err := c.changed(); changed || err != nil || c.mode != "1024x700" {
		t.Errorf("changed = %v, %v without a screen", changed, err)
	}
}

func TestNetworkCard(t *testing.T) {
	if got := networkCard(tree(t, map[string]string{"class/net/lo/mtu": "65536"})); got != "" {
		t.Errorf("found the card %q where there is none", got)
	}
	if got := networkCard(tree(t, map[string]string{"class/net/lo/mtu": "65536", "class/net/eth0/device/vendor": "0x1af4"})); got != "eth0" {
		t.Errorf("found the card %q; want eth0", got)
	}
	if size := unsafe.Sizeof(route{}); size != 120 {
		t.Errorf("a route has %d bytes; the kernel's has 120", size)
	}
}

// TestPowerButton reads events as the kernel writes them.
func TestPowerButton(t *testing.T) {
	event := func(kind, code uint16, value uint32) []byte {
		b := make([]byte, 24)
		ne := binary.NativeEndian
		ne.PutUint16(b[16:], kind)
		ne.PutUint16(b[18:], code)
		ne.PutUint32(b[20:], value)
		return b
	}
	for name, tt := range map[string]struct {
		events [][]byte
		want   int
	}{
		"pressed":  {[][]byte{event(evKey, keyPower, 1), event(0, 0, 0), event(evKey, keyPower, 0)}, 1},
		"released": {[][]byte{event(evKey, keyPower, 0)}, 0},
		"another":  {[][]byte{event(evKey, keyD, 1), event(evAbs, keyPower, 1)}, 0},
		"half":     {[][]byte{event(evKey, keyPower, 1)[:12]}, 0},
	} {
		n := 0
		watchButton(bytes.NewReader(bytes.Join(tt.events, nil)), func() { n++ })
		if n != tt.want {
			t.Errorf("%s: pressed %d times; want %d", name, n, tt.want)
		}
	}
}

func FuzzUevent(f *testing.F) {
	f.Add([]byte(hotplug))
	f.Add([]byte("add@/x\x00=\x00A=\x00ACTION=add\x00SUBSYSTEM=input\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, ok := parseUevent(data)
		if !ok {
			return
		}
		b := e.libudev()
		if int(binary.NativeEndian.Uint32(b[20:])) != len(b)-libudevHeader || len(b) > libudevHeader+len(data)+1 {
			t.Errorf("%d bytes of values in a message of %d", binary.NativeEndian.Uint32(b[20:]), len(b))
		}
	})
}
