package proctest

import (
	"os"
	"path/filepath"
	"testing"

	"rayos/shell/control"
)

// passwords is a program that takes "secret" alone.
const passwords = `#!/bin/sh
[ "$1" = ready ] && echo ready && exit 0
read -r p || :
[ "$p" = secret ] && echo accepted && exit 0
echo refused
exit 1
`

// lockable starts a session with a shell, whose password is "secret".
func lockable(t *testing.T, dir string) *Session {
	t.Helper()
	program := filepath.Join(dir, "passwords")
	if err := os.WriteFile(program, []byte(passwords), 0o700); err != nil {
		t.Fatal(err)
	}
	return StartWith(t, Options{Dir: dir, Args: []string{"--headless", "--output", "800x600", "--x11=false", "--auth", program}})
}

func (s *Session) locked() bool {
	s.T.Helper()
	var st control.LockState
	if err := s.Try("lock status", nil, &st); err != nil {
		s.T.Fatal(err)
	}
	return st.Locked && st.Own
}

// TestALockSurvivesAKill: who kills the session has not unlocked it.
func TestALockSurvivesAKill(t *testing.T) {
	dir := RuntimeDir(t)
	s := lockable(t, dir)
	s.Call("lock", nil)
	if !s.locked() {
		t.Fatal("it is not locked")
	}
	for range 2 { // also of one that began locked
		s.Kill()
		s = lockable(t, dir)
		if !s.locked() {
			t.Fatal("a session after one that was killed is open")
		}
	}
	s.Call("input type", Args{"text": "wrong\n"})
	s.Call("input type", Args{"text": "secret\n"})
	s.Until("it is unlocked", func() bool {
		if !s.locked() {
			return true
		}
		s.Call("input type", Args{"text": "\x1bsecret\n"}) // the wrong one was still being checked
		return false
	})
	s.Kill()
	if s = lockable(t, dir); s.locked() {
		t.Error("a session after one that was open is locked")
	}
}

func TestASessionThatNobodyCanUnlockSaysSo(t *testing.T) {
	s := StartWith(t, Options{Args: []string{"--headless", "--output", "800x600", "--x11=false", "--auth", "/no/such/program"}})
	if err := s.Try("lock", nil, nil); err == nil || s.locked() {
		t.Errorf("it locks: %v", err)
	}
}

func TestLogOutEndsInOrder(t *testing.T) {
	s := lockable(t, RuntimeDir(t))
	s.Call("logout", nil)
	<-s.Exited()
	if err := s.Stop(); err != nil {
		t.Errorf("the session ended with %v", err)
	}
}
