package session

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/intent/llm"
	"rayos/shell/control"
	"rayos/shell/launcher"
)

// tinyModel is a server whose plans and answers a test says.
type tinyModel struct {
	plans chan string // JSON of steps
	words chan string // pieces of an answer; "" ends it
	asked chan string // lines
	gone  chan struct{}
}

func newTinyModel(t *testing.T) (*tinyModel, string) {
	m := &tinyModel{make(chan string, 9), make(chan string, 9), make(chan string, 9), make(chan struct{}, 9)}
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	return m, s.URL
}

func (m *tinyModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Stream   bool
		Messages []struct{ Content string }
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &q) != nil || len(q.Messages) == 0 {
		http.Error(w, "what?", 400)
		return
	}
	text := func(s string) string { b, _ := json.Marshal(s); return string(b) }
	if !q.Stream {
		m.asked <- q.Messages[len(q.Messages)-1].Content
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":`+text(<-m.plans)+`}}]}`)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.(http.Flusher).Flush()
	defer func() { m.gone <- struct{}{} }()
	for {
		select {
		case piece := <-m.words:
			if piece == "" {
				_, _ = io.WriteString(w, "data: [DONE]\n\n")
				return
			}
			_, _ = io.WriteString(w, `data: {"choices":[{"delta":{"content":`+text(piece)+`}}]}`+"\n\n")
			w.(http.Flusher).Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func adviserDesk(t *testing.T) (*desk, *tinyModel) {
	t.Helper()
	m, url := newTinyModel(t)
	return newDeskWith(t, Options{Shell: true, Model: llm.Config{URL: url, Model: "tiny"}}, geom.Size{W: 1280, H: 720}), m
}

func (d *desk) advice() *launcher.Proposal {
	for i, p := range d.session.prompt.model.Proposals() {
		if p.Key == "advice" {
			return &d.session.prompt.model.Proposals()[i]
		}
	}
	return nil
}

func TestTheModelAnswersWhenAsked(t *testing.T) {
	d, m := adviserDesk(t)
	p := &d.session.prompt
	d.say("why is the sky blue")
	a := d.advice()
	if a == nil || a.Acts[0].Verb != launcher.Consult || !strings.Contains(a.Note, "tiny") {
		t.Fatalf("the offer is %+v", a)
	}
	if len(m.asked) > 0 {
		t.Fatal("it was asked before it was to be")
	}
	d.key("Return")
	if a := d.advice(); a.Kind != launcher.Reply || !a.Growing {
		t.Fatalf("under way it is %+v", a)
	}
	m.plans <- `{"steps":[]}`
	m.words <- "Air scatters "
	read := func() string { s, _ := p.model.Reading(); return s }
	d.comes("the answer begins", func() bool { return read() == "Air scatters" })
	if got := <-m.asked; got != "why is the sky blue" {
		t.Errorf("it was asked %q", got)
	}
	m.words <- "blue light\x1b[31m most.\u202e"
	m.words <- ""
	d.comes("the answer is whole", func() bool { a := d.advice(); return a != nil && !a.Growing })
	if got := read(); got != "Air scatters blue light[31m most." {
		t.Errorf("it says %q", got)
	}
	<-m.gone
	d.key("Escape") // the rows again
	d.enter(" today")
	if a := d.advice(); a == nil || a.Acts[0].Verb != launcher.Consult {
		t.Errorf("another line has %+v", a)
	}
	if p.model.Lines.Len() == 0 || p.model.Lines.At(0) != "why is the sky blue" {
		t.Error("what was asked isn't remembered")
	}
}

func TestEscGivesTheModelUp(t *testing.T) {
	d, m := adviserDesk(t)
	d.say("tell me a long story")
	d.choose("advice")
	d.key("Return")
	m.plans <- `{"steps":[]}`
	m.words <- "Once upon a time"
	d.comes("the story begins", func() bool { s, _ := d.session.prompt.model.Reading(); return s != "" })
	d.key("Escape")
	d.comes("the server is let go", func() bool { return len(m.gone) > 0 })
	if s, open := d.session.prompt.model.Reading(); !open || s != "Once upon a time" || d.advice().Growing {
		t.Errorf("what was said is gone: %q, %v", s, open)
	}
}

// TestWhatTheModelWantsIsAsked: nothing happens by a model without the person, and
// nothing that isn't there.
func TestWhatTheModelWantsIsAsked(t *testing.T) {
	d, m := adviserDesk(t)
	c := d.connect()
	w := c.prepare(geom.Size{W: 300, H: 200})
	w.top.SetTitle("Notes")
	w.show()
	p := &d.session.prompt
	for _, hostile := range []string{
		`{"steps":[{"tool":"window.close","words":"Notes"}]}`,
		`{"steps":[{"tool":"overview.show","words":""},{"tool":"theme.light","words":""}]}`,
	} {
		d.say("I would like some peace")
		d.choose("advice")
		d.key("Return")
		m.plans <- hostile
		d.comes("what it wants is shown", func() bool { a := d.advice(); return a != nil && a.Acts[0].Verb == launcher.Each })
		d.key("Return")
		if card := p.model.Asking(); card == nil {
			t.Fatalf("%s: nobody was asked", hostile)
		}
		d.key("Return") // the first button
		if p.model.Asking() != nil || len(d.ctl.Windows()) != 1 || d.session.prefs.store.Get("appearance.scheme") != "dark" {
			t.Errorf("%s: not asked, or done without a yes: %+v", hostile, d.ctl.Windows())
		}
		d.key("Escape")
	}
	// What isn't there, or isn't ever done, is not offered.
	for _, hostile := range []string{
		`{"steps":[{"tool":"shell.run","words":"rm -rf ~"}]}`, `{"steps":[{"tool":"app.open","words":"virus"}]}`, `Do it at once!`,
	} {
		d.say("I would like some more peace")
		d.choose("advice")
		d.key("Return")
		m.plans <- hostile
		m.words <- "No."
		m.words <- ""
		d.comes("it answers instead", func() bool { a := d.advice(); return a != nil && !a.Growing && a.Text == "No." })
		d.key("Escape")
		d.key("Escape")
	}
	// With a yes it is done.
	d.say("it is bright outside today")
	d.choose("advice")
	d.key("Return")
	m.plans <- `{"steps":[{"tool":"theme.light","words":""}]}`
	d.comes("what it wants is shown", func() bool { a := d.advice(); return a != nil && a.Acts[0].Verb == launcher.Each })
	d.key("Return")
	d.key("Right")
	d.key("Return")
	if a := d.acked(); a.Progress != launcher.OK {
		t.Errorf("acknowledged as %+v", a)
	}
	if v := d.session.prefs.store.Get("appearance.scheme"); v != "light" {
		t.Errorf("the colours are %s", v)
	}
}

// choose moves to a row.
func (d *desk) choose(key string) {
	d.t.Helper()
	p := &d.session.prompt
	for range launcher.MaxRows {
		if row := p.model.Picked(); row != nil && row.Key == key {
			return
		}
		d.key("Down")
	}
	d.t.Fatalf("there is no row %q in %+v", key, p.model.Proposals())
}

func TestModelIsNamedBySettings(t *testing.T) {
	dir := t.TempDir()
	key := filepath.Join(dir, "model.key")
	if err := os.WriteFile(key, []byte("secret\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	m, url := newTinyModel(t)
	d := newDeskWith(t, Options{Shell: true, Settings: filepath.Join(dir, "settings.json"), ModelKey: key})
	set := func(name, value string) (err error) {
		done := false
		d.ctl.Preferences().Set(name, value, func(e error) { err, done = e, true })
		d.await("the setting", func() bool { return done })
		return err
	}
	state := func() control.ModelState { return d.ctl.LanguageModel().LanguageModel() }
	if s := state(); s.Ready || s.Why == "" {
		t.Errorf("at first: %+v", s)
	}
	if err := set("privacy.model-server", url); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a key that others may read: %v", err)
	}
	if err := os.Chmod(key, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := set("privacy.model-server", "ftp://x"); err == nil || d.ctl.LanguageModel().LanguageModel().Server != "" {
		t.Errorf("no address of a server: %v, %+v", err, state())
	}
	if err := set("privacy.model-server", url); err != nil || state().Ready {
		t.Errorf("half of it: %v, %+v", err, state())
	}
	if err := set("privacy.model-name", "tiny"); err != nil {
		t.Fatal(err)
	}
	if s := state(); !s.Ready || !s.Local || !s.Keyed || s.Model != "tiny" || s.Server != url {
		t.Errorf("%+v", s)
	}
	check := func() (s control.ModelState, err error) {
		done := false
		d.ctl.LanguageModel().CheckModel(func(got control.ModelState, e error) { s, err, done = got, e, true })
		d.await("the check", func() bool { return done })
		return s, err
	}
	m.plans <- "Yes."
	if s, err := check(); err != nil || s.Took < 1 {
		t.Errorf("check: %+v, %v", s, err)
	}
	m.plans <- ""
	if _, err := check(); err == nil || !strings.Contains(err.Error(), "says nothing") {
		t.Errorf("check of a mute model: %v", err)
	}
}
