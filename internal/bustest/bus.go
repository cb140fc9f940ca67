// Package bustest starts message buses for tests.
package bustest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// New starts a message bus that ends with the test, and returns its address. It
// starts the services that the machine has. A machine without dbus-daemon skips
// the test.
func New(t testing.TB) string {
	t.Helper()
	return start(t, "--session")
}

// Bare is New of a bus that can start the services of these names, and no others.
// Starting one fails.
func Bare(t testing.TB, services ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, s := range services {
		if err := os.WriteFile(filepath.Join(dir, s+".service"), []byte("[D-BUS Service]\nName="+s+"\nExec=/bin/false\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(dir, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, bare, dir), 0o600); err != nil {
		t.Fatal(err)
	}
	return start(t, "--config-file="+config)
}

const bare = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
<type>session</type>
<listen>unix:tmpdir=/tmp</listen>
<auth>EXTERNAL</auth>
<servicedir>%s</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>
`

func start(t testing.TB, config string) string {
	t.Helper()
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		t.Skip("dbus-daemon is not installed (package dbus-daemon)")
	}
	cmd := exec.Command("dbus-daemon", config, "--nofork", "--nopidfile", "--print-address", "--address=unix:tmpdir="+t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}
