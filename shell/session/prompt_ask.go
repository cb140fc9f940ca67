package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"rayos/intent/llm"
	"rayos/intent/plan"
	"rayos/rayapps/lang"
	"rayos/shell/control"
	"rayos/shell/mind"
)

// adviser is a language model that the person may ask about a line, or none. What
// it says is shown; what it would have done becomes a plan like any, about which
// the person is asked.
type adviser struct {
	p      *promptPanel
	client *llm.Client // nil for none
	state  control.ModelState
	cancel context.CancelFunc // of what is asked now; nil for nothing
	asking uint64             // the line that it is about
}

// maxModelKey bounds the file of a key.
const maxModelKey = 4 << 10

var errNoModel = errors.New(lang.M("no language model is named: see Privacy in the settings"))

// set takes the server over that is named now.
func (a *adviser) set() error {
	s := a.p.s
	a.stop()
	a.client, a.p.model.Adviser = nil, ""
	c := s.opt.Model
	c.URL = cmp.Or(s.prefs.store.Get("privacy.model-server"), c.URL)
	c.Model = cmp.Or(s.prefs.store.Get("privacy.model-name"), c.Model)
	a.state = control.ModelState{Server: c.URL, Model: c.Model, Why: "set privacy.model-server and privacy.model-name"}
	if c.URL == "" {
		return nil
	}
	key, err := modelKey(s.opt.ModelKey)
	if err != nil {
		a.state.Why = err.Error()
		return err
	}
	name := c.Model
	c.Key, c.Model = key, cmp.Or(c.Model, "?") // the address is checked in any case
	client, err := llm.New(c)
	if err != nil {
		a.state.Why = err.Error()
		return err
	}
	if name == "" {
		a.state.Why = "set privacy.model-name to a model that the server has"
		return nil
	}
	a.client, a.p.model.Adviser = client, name
	a.state.Local, a.state.Keyed, a.state.Ready, a.state.Why = client.Local(), key != "", true, ""
	return nil
}

// modelKey reads a key from a file that nobody else may read; "" for none.
func modelKey(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", fmt.Errorf("the key of the language model: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if m := info.Mode(); !m.IsRegular() || m.Perm()&0o077 != 0 {
		return "", fmt.Errorf("the key of the language model: others may read %s: chmod 600 it", path)
	}
	b, err := io.ReadAll(io.LimitReader(f, maxModelKey))
	return strings.TrimSpace(string(b)), err
}

// follow gives up what was asked about another line.
func (a *adviser) follow(asking uint64) {
	if asking != a.asking {
		a.stop()
	}
}

// stop gives up what is asked.
func (a *adviser) stop() {
	if a.cancel != nil {
		a.cancel()
		a.cancel = nil
	}
}

// ask asks about the line of the prompt: first what is to be done, and if that is
// nothing, what there is to say.
func (a *adviser) ask(line string) error {
	if a.client == nil {
		return errNoModel
	}
	a.stop()
	ctx, cancel := context.WithCancel(context.Background())
	p, s := a.p, a.p.s
	_, asking := p.model.Line()
	a.cancel, a.asking = cancel, asking
	p.model.Advise(asking, "", true)
	p.invalidate()
	client, tools := a.client, modelTools()
	// show runs on the loop while the question stands.
	show := func(fn func()) {
		s.loop.Post(func() {
			if ctx.Err() == nil {
				fn()
				p.invalidate()
			}
		})
	}
	go func() {
		defer cancel()
		wants, err := client.Plan(ctx, line, tools)
		if err == nil && len(wants) > 0 {
			taken := make(chan bool, 1)
			show(func() {
				p.withMind(func(m *mind.Mind, err error) { taken <- err == nil && a.suggest(m, asking, wants) })
			})
			select {
			case done := <-taken:
				if done {
					return
				}
			case <-ctx.Done():
				return
			}
		}
		if errors.Is(err, llm.ErrAnswer) {
			why := err
			s.loop.Post(func() { s.log.Warn("what the language model would have done is no plan", "err", why) })
			err = nil // it may have something to say all the same
		}
		var text string
		if err == nil {
			text, err = a.answer(ctx, client, line, func(text string) { show(func() { p.model.Advise(asking, text, true) }) })
		}
		last := make(chan struct{})
		show(func() {
			defer close(last)
			if err != nil {
				text = strings.TrimSpace(text + "\n\n" + lang.F("There is no answer: {why}", "why", strings.TrimPrefix(err.Error(), "language model: ")))
			}
			p.model.Advise(asking, text, false)
		})
		select {
		case <-last:
		case <-ctx.Done():
		}
	}()
	return nil
}

// modelPace is how often an answer that grows is shown.
const modelPace = 33 * time.Millisecond

// answer brings what is said, not too often, and returns all of it.
func (*adviser) answer(ctx context.Context, client *llm.Client, line string, tell func(string)) (said string, err error) {
	var told time.Time
	for text, err := range client.Answer(ctx, line) {
		if err != nil {
			return said, err
		}
		if said = text; time.Since(told) >= modelPace {
			tell(said)
			told = time.Now()
		}
	}
	return said, nil
}

// suggest shows what the model would have done, and reports whether that is
// something.
func (a *adviser) suggest(m *mind.Mind, asking uint64, wants []llm.Want) bool {
	p := a.p
	list := make([]plan.Want, len(wants))
	for i, w := range wants {
		list[i] = plan.Want{Intent: w.Tool, Words: w.Words}
	}
	w := p.world()
	r, err := m.Follow(list, &w)
	if err != nil {
		p.s.log.Info("what the language model would have done isn’t possible", "err", err)
		return false
	}
	return p.model.Suggest(asking, r)
}

// modelTools are what a model may plan with.
func modelTools() []llm.Tool {
	var list []llm.Tool
	for _, intent := range plan.Intents() {
		list = append(list, llm.Tool{Name: intent, Example: plan.Example(intent)})
	}
	return list
}

// LanguageModel implements control.Session.
func (c *commands) LanguageModel() control.LanguageModel { return &c.s.prompt.adviser }

// LanguageModel implements control.LanguageModel.
func (a *adviser) LanguageModel() control.ModelState { return a.state }

// CheckModel implements control.LanguageModel.
func (a *adviser) CheckModel(done func(control.ModelState, error)) func() {
	if a.client == nil {
		done(control.ModelState{}, &control.Error{Code: control.CodeFailed, Message: a.state.Why})
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	client, state, s := a.client, a.state, a.p.s
	go func() {
		defer cancel()
		began := time.Now()
		err := client.Check(ctx)
		state.Took = max(time.Since(began).Milliseconds(), 1)
		s.loop.Post(func() {
			if err != nil {
				err = &control.Error{Code: control.CodeFailed, Message: err.Error()}
			}
			done(state, err)
		})
	}()
	return cancel
}
