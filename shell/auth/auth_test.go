package auth_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/shell/auth"
)

const within = time.Minute

// script is a helper that a test wrote.
func script(t *testing.T, body string) auth.Helper {
	t.Helper()
	path := filepath.Join(t.TempDir(), "helper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return auth.Helper{Command: []string{"/bin/sh", path}}
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), within)
	t.Cleanup(cancel)
	return ctx
}

func TestOnlyAYesIsAYes(t *testing.T) {
	for _, c := range []struct {
		name, body string
		ok         bool
		said       string
		fails      bool
	}{
		{"yes", "read p; [ $p = secret ] && echo accepted", true, "", false},
		{"no", "echo refused; exit 1", false, "", false},
		{"no, and why", "echo 'refused The account is locked'; exit 1", false, "The account is locked", false},
		{"a word without the status", "echo accepted; exit 1", false, "", true},
		{"a status without the word", "exit 0", false, "", true},
		{"more than the word", "echo accepted; echo accepted", false, "", true},
		{"a crash", "echo accepted; kill -SEGV $$", false, "", true},
		{"much", "yes accepted | head -c 1000000", false, "", true},
		{"escapes", `printf 'refused \033[31mred\033[0m'; exit 1`, false, "[31mred[0m", false},
	} {
		password := []byte("secret\n")
		ok, said, err := script(t, c.body).Check(soon(t), password)
		if ok != c.ok || said != c.said || (err != nil) != c.fails {
			t.Errorf("%s: %v, %q, %v", c.name, ok, said, err)
		}
		if strings.Trim(string(password), "\x00") != "" {
			t.Errorf("%s: the password is still there", c.name)
		}
	}
}

func TestAHelperThatHangsIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if ok, _, err := script(t, "echo accepted; exec sleep 1000").Check(ctx, nil); ok || !errors.Is(err, auth.ErrUnavailable) {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestUsable(t *testing.T) {
	if err := script(t, "[ $1 = ready ] && echo ready").Usable(soon(t)); err != nil {
		t.Error(err)
	}
	for name, h := range map[string]auth.Helper{
		"none": {}, "missing": {Command: []string{"/no/such/helper"}}, "silent": script(t, ""), "without": script(t, "echo no PAM >&2; exit 2"),
	} {
		if err := h.Usable(soon(t)); !errors.Is(err, auth.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// build makes the program of this tree.
func build(t *testing.T, tags string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rayos-auth")
	cmd := exec.Command("go", "build", "-tags", tags, "-o", path, "rayos/cmd/rayos-auth")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func TestWithoutPAMItSaysSo(t *testing.T) {
	h := auth.Helper{Command: []string{build(t, "")}}
	if err := h.Usable(soon(t)); err == nil || !strings.Contains(err.Error(), "-tags pam") {
		t.Errorf("usable: %v", err)
	}
	if ok, _, err := h.Check(soon(t), []byte("x")); ok || err == nil {
		t.Errorf("a check: %v, %v", ok, err)
	}
}

// TestRealPAM asks PAM's own modules.
func TestRealPAM(t *testing.T) {
	if _, err := os.Stat("/usr/include/security/pam_appl.h"); err != nil {
		t.Skip("libpam0g-dev is not installed")
	}
	program := build(t, "pam")
	for _, c := range []struct {
		name, service string
		usable, ok    bool
		fails         bool
	}{
		{"permit", "auth required pam_permit.so", true, true, false},
		{"deny", "auth required pam_deny.so", true, false, false},
		{"the system's passwords", "auth required pam_unix.so nodelay", true, false, false},
		{"no such module", "auth required pam_no_such.so", true, false, true},
		{"nothing", "", true, false, false},
		{"no service", "-", false, false, true},
	} {
		dir := t.TempDir()
		if c.service != "-" {
			if err := os.WriteFile(filepath.Join(dir, "rayos"), []byte(c.service+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		h := auth.Helper{Command: []string{program, "--confdir", dir}}
		if err := h.Usable(soon(t)); (err == nil) != c.usable {
			t.Errorf("%s: usable: %v", c.name, err)
		}
		ok, said, err := h.Check(soon(t), []byte("surely not the password"))
		if ok != c.ok || (err != nil) != c.fails {
			t.Errorf("%s: %v, %q, %v", c.name, ok, said, err)
		}
	}
	h := auth.Helper{Command: []string{program, "--confdir", t.TempDir()}}
	for _, p := range []string{strings.Repeat("x", auth.MaxPassword+1), "a\x00b"} {
		if ok, _, _ := h.Check(soon(t), []byte(p)); ok {
			t.Errorf("%.5q is accepted", p)
		}
	}
}
