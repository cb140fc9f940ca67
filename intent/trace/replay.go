package trace

import (
	"encoding/json"
	"fmt"

	"rayos/intent/plan"
)

// Replayed is what came of making plans again.
type Replayed struct {
	Same    int          `json:"same"`
	Exact   int          `json:"exact"` // lines of the grammar: no model has a part in them
	Gone    int          `json:"gone"`  // what was left out of the line had decided
	Other   int          `json:"other"` // another model understood them
	Differs []Difference `json:"differs"`
}

// Difference is a plan that is another now.
type Difference struct {
	ID        uint64 `json:"id"`
	Was, Made string
}

// Replay makes the plan of each record again, by the model of a hash.
func Replay(list []Record, m plan.Model, hash string) Replayed {
	r := Replayed{Differs: []Difference{}}
	for i := range list {
		s := list[i].Said
		switch {
		case s == nil:
		case s.Model == "":
			r.Exact++
		case s.Model != hash:
			r.Other++
		case !s.Whole || s.Scene == nil:
			r.Gone++
		default:
			p, _ := plan.Make(s.Line, m, s.Scene.scene())
			if s.same(&p) {
				r.Same++
				break
			}
			if s.Redacted {
				for i := range p.Steps {
					p.Steps[i] = bare(p.Steps[i])
				}
			}
			r.Differs = append(r.Differs, Difference{ID: list[i].ID, Was: inWords(s.Refused, s.Plan), Made: inWords(p.Refused, p.Steps)})
		}
	}
	return r
}

// inWords is a plan in a line.
func inWords(refused bool, steps []plan.Step) string {
	if refused {
		return "refused"
	}
	if len(steps) == 0 {
		return "nothing"
	}
	text, err := json.Marshal(steps)
	if err != nil {
		return fmt.Sprint(steps)
	}
	return string(text)
}
