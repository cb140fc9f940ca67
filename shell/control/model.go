package control

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"rayos/rayapps/lang"
)

// LanguageModel is a language model that the prompt may ask, on a server that the
// person has named. Its methods are called on the session's loop goroutine.
type LanguageModel interface {
	LanguageModel() ModelState
	// CheckModel has the model say something, and is done when it has.
	CheckModel(done func(ModelState, error)) (cancel func())
}

// ModelState tells of a language model. Without one, Why says what is missing.
type ModelState struct {
	Server string `json:"server,omitempty"`
	Model  string `json:"model,omitempty"`
	Local  bool   `json:"local"` // the server is this machine
	Keyed  bool   `json:"keyed"` // a key is sent
	Ready  bool   `json:"ready"` // it may be asked
	Why    string `json:"why,omitempty"`
	Took   int64  `json:"took_ms,omitempty"` // of a check
}

var modelCommands = []*Command{{
	Name: "model", Help: lang.M("tell which language model the prompt may ask, or have it say something"), Deadline: 2 * time.Minute,
	Args:  []Arg{{Name: "action", Kind: KindChoice, Choices: []string{"status", "check"}, Required: true, Help: "check has it make a word, as asking would"}},
	print: printModel,
	start: func(s Session, v Values, done func(any, error)) func() {
		if get[string](v, "action") == "check" {
			return s.LanguageModel().CheckModel(func(m ModelState, err error) {
				if err != nil {
					done(nil, err)
					return
				}
				done(m, nil)
			})
		}
		done(s.LanguageModel().LanguageModel(), nil)
		return nil
	},
}}

func printModel(w io.Writer, result json.RawMessage) error {
	var m ModelState
	if err := json.Unmarshal(result, &m); err != nil {
		return err
	}
	if !m.Ready {
		fmt.Fprintf(w, "none: %s\n", clean(m.Why))
		return nil
	}
	where := "on this machine"
	if !m.Local {
		where = "elsewhere: lines leave this machine when they are asked about"
	}
	fmt.Fprintf(w, "%s at %s, %s\n", clean(m.Model), clean(m.Server), where)
	if m.Took > 0 {
		fmt.Fprintf(w, "it said something after %d ms\n", m.Took)
	}
	return nil
}
