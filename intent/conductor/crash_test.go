package conductor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"rayos/internal/atomicfile"
	"rayos/internal/atomicfile/crash"
)

// crashEnv makes the test's program one that is to be killed: its value is the
// folder, the run's number, the step of the file system and the line of its log
// at which it kills itself, each 0 for never.
const crashEnv = "RAYOS_TEST_CONDUCTOR_CRASH"

func TestMain(m *testing.M) { crash.Main(m, crashEnv, crashChild) }

// crashTasks is what a run submits: as many with a key as without.
const crashTasks = 24

// crashChild submits tasks and writes down, each in one write to a file that
// outlives it, what was acknowledged and what ran:
//
//	ack KEY     a task with a key was taken in
//	take ID     one without was
//	done ID RUN the end of a task was acknowledged in a run
//	effect KEY  a task with a key ran
//	ran ID RUN  one without did
func crashChild(args []string) error {
	dir, run := args[0], args[1]
	step, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	lines, err := strconv.ParseInt(args[3], 10, 64)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "state"), 0o700); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	say := func(format string, a ...any) error {
		_, err := fmt.Fprintf(log, format+"\n", a...) // in one write
		if atomic.AddInt64(&lines, -1) == 0 {
			crash.Die()
		}
		return err
	}
	c, err := Open(Options{fs: crash.Steps(atomicfile.Dir(filepath.Join(dir, "state")), crash.KillAt(step)), Workers: 3, Queue: 1 << 20})
	if err != nil {
		return err
	}
	keyed := Kind{
		Name: "keyed",
		Run:  func(_ context.Context, t Task) error { return say("effect %s", t.Key) },
		Happened: func(_ context.Context, t Task) (bool, error) {
			b, err := os.ReadFile(filepath.Join(dir, "log"))
			return strings.Contains(string(b), "effect "+t.Key+"\n"), err
		},
		Retry: Retry{Attempts: 3},
	}
	plain := Kind{Name: "plain", Run: func(_ context.Context, t Task) error { return say("ran %d %s", t.ID, run) }}
	if err := errors.Join(c.Register(keyed), c.Register(plain)); err != nil {
		return err
	}
	ctx := context.Background()
	if run == "last" {
		return errors.Join(c.Quiet(ctx), c.Close(ctx))
	}
	var last ID
	for i := range crashTasks {
		key := run + "." + strconv.Itoa(i)
		if _, err := c.Submit(Spec{Kind: "keyed", Key: key, Level: Normal}); err != nil {
			return err
		}
		if err := say("ack %s", key); err != nil {
			return err
		}
		s := Spec{Kind: "plain", Level: Level(i % int(levels))}
		if st, known := c.Status(last); known && !st.State.Ended() {
			s.After = []ID{last}
		}
		id, err := c.Submit(s)
		if err != nil {
			return err
		}
		if err := say("take %d", id); err != nil {
			return err
		}
		if last != 0 {
			if _, err := c.Wait(ctx, last); err != nil {
				return err
			}
			if err := say("done %d %s", last, run); err != nil {
				return err
			}
		}
		last = id
	}
	return errors.Join(c.Quiet(ctx), c.Close(ctx))
}

// killed starts a run, which kills itself at a step or a line. It reports whether
// it did.
func killed(t *testing.T, dir, run string, step, lines int) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d %d", crashEnv, dir, run, step, lines))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	err = cmd.Run()
	if st, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && st.Signaled() && st.Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("run %s: %v\n%s", run, err, stderr.String())
	}
	return false
}

// settle lets what is left run, and compares what was acknowledged with what
// happened.
func settle(t *testing.T, dir string) {
	t.Helper()
	killed(t, dir, "last", 0, 0)
	b, err := os.ReadFile(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	effects, acks, taken, ran, done := map[string]int{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]string{}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		switch f[0] {
		case "ack":
			acks[f[1]] = true
		case "take":
			taken[f[1]] = true
		case "done":
			done[f[1]] = f[2]
		case "effect":
			effects[f[1]]++
		case "ran":
			ran[f[1]] = true
			if run, over := done[f[1]]; over {
				t.Errorf("task %s was acknowledged as done in run %s, and ran in run %s", f[1], run, f[2])
			}
		}
	}
	for key := range acks {
		if effects[key] != 1 {
			t.Errorf("the acknowledged effect %s happened %d times", key, effects[key])
		}
	}
	for key, n := range effects {
		if n > 1 {
			t.Errorf("the effect %s happened %d times", key, n)
		}
	}
	for id := range taken {
		if !ran[id] {
			t.Errorf("the acknowledged task %s never ran", id)
		}
	}
	if len(acks) == 0 {
		t.Error("nothing was acknowledged")
	}
}

// TestKilledAtRandom kills runs one after the other on the same journal.
func TestKilledAtRandom(t *testing.T) {
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(1, 2))
	for run := range 15 {
		// Lines are written by whoever runs a task or has it acknowledged: what
		// the others do then is by chance.
		if lines := 1 + rng.IntN(4*crashTasks); !killed(t, dir, strconv.Itoa(run), 0, lines) {
			t.Errorf("run %d came to its end before line %d", run, lines)
		}
	}
	settle(t, dir)
}

// TestKilledAtEachStep kills a run before each step of the file system, and in
// the middle of each write: first the early ones, with nothing there, then
// some of the later ones; each time another run goes on, and is killed too.
func TestKilledAtEachStep(t *testing.T) {
	step := 1
	for ; ; step++ {
		dir := t.TempDir()
		if !killed(t, dir, "a", step, 0) {
			break
		}
		killed(t, dir, "b", 1+step%12, 0) // on its way up
		killed(t, dir, "c", 0, 10)
		settle(t, dir)
		if t.Failed() {
			t.Fatalf("killed at step %d", step)
		}
		if step > 24 { // the later ones are alike
			step += 20
		}
	}
	if step < 40 {
		t.Errorf("a run took %d steps", step)
	}
}
