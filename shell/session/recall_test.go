package session

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rayos/shell/control"
)

// library writes documents into a folder of the test.
func library(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"descriptor.md": "# Rings\n\nA virtqueue is three rings in the guest's memory. A descriptor chain of a virtqueue is one request.\n",
		"cooking.md":    "# Bread\n\nFlour, water, salt and time.\n",
		"balloon.txt":   "The balloon gives memory of a guest back to its host.\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// answered waits for what is answered on the loop.
func answered[T any](d *desk, ask func(control.Volume, func(T, error))) (T, error) {
	d.t.Helper()
	var out T
	var failed error
	done := false
	ask(d.ctl.Volume(), func(v T, err error) { out, failed, done = v, err, true })
	d.await("the volume", func() bool { return done })
	return out, failed
}

func (d *desk) index(folder string) (control.VolumeReport, error) {
	d.t.Helper()
	return answered(d, func(v control.Volume, done func(control.VolumeReport, error)) { v.Index(folder, func(string) {}, done) })
}

func (d *desk) recalled(text string) control.VolumeFound {
	d.t.Helper()
	f, err := answered(d, func(v control.Volume, done func(control.VolumeFound, error)) {
		v.Search(control.VolumeQuery{Text: text, N: 10, Files: true}, done)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}

func TestAFolderIsNamedFoundAndForgotten(t *testing.T) {
	d := newDeskWith(t, Options{})
	if _, err := d.index(""); err == nil {
		t.Error("something was indexed though nothing was named")
	}
	for _, wrong := range []string{filepath.Join(t.TempDir(), "nothing"), "/tmp/a:b"} {
		if _, err := d.index(wrong); err == nil || len(d.session.recall.folders()) > 0 {
			t.Errorf("%s: %v, named are %q", wrong, err, d.session.recall.folders())
		}
	}
	dir := library(t)
	r, err := d.index(dir)
	if err != nil || r.Files != 3 {
		t.Fatalf("indexed %+v, %v", r, err)
	}
	if got := d.session.prefs.store.Get("privacy.folders"); got != dir {
		t.Errorf("named are %q; want %q", got, dir)
	}
	f := d.recalled("virtqueues")
	if len(f.Hits) != 1 || filepath.Base(f.Hits[0].Path) != "descriptor.md" || !strings.Contains(f.Hits[0].Snippet, "descriptor chain") {
		t.Errorf("found %+v", f)
	}
	if r, err := d.index(""); err != nil || r.Files != 0 || r.Same != 3 {
		t.Errorf("indexed again: %+v, %v", r, err)
	}
	s, err := answered(d, func(v control.Volume, done func(control.VolumeStats, error)) { v.Stats(done) })
	if err != nil || s.Docs != 3 || len(s.Folders) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	if c, err := answered(d, func(v control.Volume, done func(control.VolumeCheck, error)) { v.Verify(done) }); err != nil || len(c.Problems) != 0 || c.Docs != 3 {
		t.Errorf("verified: %+v, %v", c, err)
	}
	if r, err := answered(d, func(v control.Volume, done func(control.VolumeReport, error)) { v.Rebuild(func(string) {}, done) }); err != nil || r.Files != 3 {
		t.Errorf("rebuilt: %+v, %v", r, err)
	}
	if _, err := answered(d, func(v control.Volume, done func(int, error)) { v.Forget(t.TempDir(), done) }); err == nil {
		t.Error("a folder that wasn't named was forgotten")
	}
	if n, err := answered(d, func(v control.Volume, done func(int, error)) { v.Forget(dir, done) }); err != nil || n != 3 {
		t.Errorf("forgot %d, %v", n, err)
	}
	if f := d.recalled("virtqueues"); len(f.Hits) != 0 || d.session.prefs.store.Get("privacy.folders") != "" {
		t.Errorf("forgotten, but %+v is found", f)
	}
}

// TestAFolderIsForgottenWhileItIsTakenIn: nothing of it comes back.
func TestAFolderIsForgottenWhileItIsTakenIn(t *testing.T) {
	d := newDeskWith(t, Options{})
	dir := t.TempDir()
	for i := range 300 {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(i)+".txt"), []byte("zebra "+strconv.Itoa(i)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ended := false
	d.ctl.Volume().Index(dir, func(string) {}, func(control.VolumeReport, error) { ended = true })
	d.await("it begins", func() bool { return len(d.session.recall.runs) == 1 || ended })
	if _, err := answered(d, func(v control.Volume, done func(int, error)) { v.Forget(dir, done) }); err != nil {
		t.Fatal(err)
	}
	d.await("the answer", func() bool { return ended && len(d.session.recall.jobs) == 0 })
	if s, err := answered(d, func(v control.Volume, done func(control.VolumeStats, error)) { v.Stats(done) }); err != nil || s.Docs != 0 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestNothingIsReadUnlessNamed: by no task that somebody submits.
func TestNothingIsReadUnlessNamed(t *testing.T) {
	d := newDeskWith(t, Options{})
	dir := library(t)
	id, err := answered(d, func(_ control.Volume, done func(uint64, error)) {
		d.ctl.Conductor().Submit(control.TaskSpec{Kind: indexing, Args: dir, Level: "high"}, false, done)
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		list, err := answered(d, func(_ control.Volume, done func([]control.Task, error)) { d.ctl.Conductor().Tail(10, done) })
		if err != nil {
			t.Fatal(err)
		}
		if task := list[0]; task.ID == id && task.State == "failed" {
			if !strings.Contains(task.Reason, "named") {
				t.Errorf("%+v", task)
			}
			break
		} else if task.State == "done" {
			t.Fatalf("%+v", task)
		}
	}
	if f := d.recalled("virtqueues"); len(f.Hits) != 0 {
		t.Errorf("found %+v", f)
	}
}

func TestFoldersAreFollowed(t *testing.T) {
	d := newDeskWith(t, Options{})
	dir := library(t)
	if _, err := d.index(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new.txt"), []byte("a zebra came later"), 0o600); err != nil {
		t.Fatal(err)
	}
	var found bool
	d.await("the new file", func() bool {
		if !found {
			d.ctl.Volume().Search(control.VolumeQuery{Text: "zebra"}, func(f control.VolumeFound, _ error) { found = found || len(f.Hits) == 1 })
		}
		return found
	})
}

// TestTheVolumeOutlivesTheSession: what was taken in is found by the next one, and
// what is damaged is made anew when the person says so.
func TestTheVolumeOutlivesTheSession(t *testing.T) {
	dir, state, set := library(t), t.TempDir(), filepath.Join(t.TempDir(), "settings.json")
	begin := func() *desk { return newDeskWith(t, Options{Volume: state, Settings: set}) }
	d := begin()
	if _, err := d.index(dir); err != nil {
		t.Fatal(err)
	}
	d.close()
	d = begin()
	if f := d.recalled("virtqueues"); len(f.Hits) != 1 || filepath.Base(f.Hits[0].Path) != "descriptor.md" {
		t.Errorf("found %+v", f)
	}
	d.close()
	base := filepath.Join(state, "base.rayvol")
	if err := os.WriteFile(base, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	d = begin()
	if _, err := answered(d, func(v control.Volume, done func(control.VolumeStats, error)) { v.Stats(done) }); err == nil || !strings.Contains(err.Error(), "rayctl volume rebuild") {
		t.Errorf("damaged, it says %v", err)
	}
	if r, err := answered(d, func(v control.Volume, done func(control.VolumeReport, error)) { v.Rebuild(func(string) {}, done) }); err != nil || r.Files != 3 {
		t.Errorf("rebuilt: %+v, %v", r, err)
	}
	if f := d.recalled("virtqueues"); len(f.Hits) != 1 {
		t.Errorf("found %+v", f)
	}
}

// TestAnIndexThatWasInterruptedGoesOn in the next session, by its task alone.
func TestAnIndexThatWasInterruptedGoesOn(t *testing.T) {
	dir, state, work, set := library(t), t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "settings.json")
	begin := func() *desk { return newDeskWith(t, Options{Volume: state, Settings: set, Tasks: work}) }
	d := begin()
	if _, err := answered(d, func(_ control.Volume, done func(bool, error)) {
		d.ctl.Conductor().Run(false, func(err error) { done(true, err) })
	}); err != nil {
		t.Fatal(err)
	}
	d.ctl.Volume().Index(dir, func(string) {}, func(control.VolumeReport, error) {})
	d.await("the task waits", func() bool { return len(d.session.tasks.list()) == 1 })
	d.close()

	d = begin()
	if n := len(d.session.recall.folders()); n != 1 {
		t.Fatalf("%d folders are named", n)
	}
	var tail []control.Task
	d.await("the end of the task", func() bool {
		d.ctl.Conductor().Tail(10, func(list []control.Task, _ error) { tail = list })
		return len(tail) == 1 && tail[0].Kind == indexing && tail[0].State == "done"
	})
	if f := d.recalled("virtqueues"); len(f.Hits) != 1 {
		t.Errorf("found %+v", f)
	}
}

// TestAnIndexIsCancelled like any task, and who waits is told.
func TestAnIndexIsCancelled(t *testing.T) {
	d := newDeskWith(t, Options{})
	if _, err := answered(d, func(_ control.Volume, done func(bool, error)) {
		d.ctl.Conductor().Run(false, func(err error) { done(true, err) })
	}); err != nil {
		t.Fatal(err)
	}
	dir := library(t)
	var failed error
	d.ctl.Volume().Index(dir, func(string) {}, func(_ control.VolumeReport, err error) { failed = err })
	d.await("the task waits", func() bool { return len(d.session.tasks.list()) == 1 })
	if _, err := answered(d, func(_ control.Volume, done func(bool, error)) {
		d.ctl.Conductor().Cancel(d.session.tasks.list()[0].ID, func(err error) { done(true, err) })
	}); err != nil {
		t.Fatal(err)
	}
	d.await("the answer", func() bool { return failed != nil })
	if !strings.Contains(failed.Error(), "cancelled") || d.session.recall.busy() != "" {
		t.Errorf("it says %v; busy with %q", failed, d.session.recall.busy())
	}
}

// TestAServerTellsWhatDocumentsMean if the person names one.
func TestAServerTellsWhatDocumentsMean(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v1/embeddings" || q.Model != "tiny" {
			t.Errorf("asked %s for %+v, %v", r.URL, q, err)
		}
		type row struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		var rows []row
		for i, text := range q.Input { // what is about memory goes one way
			v := []float32{0, 1}
			if strings.Contains(text, "memory") || strings.Contains(text, "RAM") {
				v = []float32{1, 0}
			}
			rows = append(rows, row{i, v})
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(map[string]any{"data": rows}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	dir, state, set := library(t), t.TempDir(), filepath.Join(t.TempDir(), "settings.json")
	begin := func() *desk { return newDeskWith(t, Options{Volume: state, Settings: set}) }
	d := begin()
	change := func(name, value string) (err error) {
		d.session.prefs.Set(name, value, func(e error) { err = e })
		return err
	}
	if err := change("privacy.embedder-server", "ftp://x"); err == nil || d.session.prefs.store.Get("privacy.embedder-server") != "" {
		t.Errorf("ftp://x was taken: %v", err)
	}
	for name, value := range map[string]string{"privacy.embedder-server": server.URL, "privacy.embedder-name": "tiny"} {
		if err := change(name, value); err != nil {
			t.Fatal(err)
		}
	}
	d.close()
	d = begin()
	if _, err := d.index(dir); err != nil {
		t.Fatal(err)
	}
	f := d.recalled("RAM")
	if len(f.Hits) == 0 || f.Hits[0].By != "meaning" || f.Words != "" || !strings.Contains(f.Index, "tiny") {
		t.Errorf("found %+v", f)
	}
	server.Close()
	if f := d.recalled("virtqueue"); len(f.Hits) != 1 || f.Hits[0].By != "words" || !strings.Contains(f.Words, "doesn't answer") {
		t.Errorf("without the server: %+v", f)
	}
}
