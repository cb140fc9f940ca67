package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rayos/intent/plan"
)

// MaxRecord is the longest record, in bytes.
const MaxRecord = 64 << 10

// Record is a step of a line on its way to its effect.
type Record struct {
	ID     uint64    `json:"id"` // of its envelope, ascending
	At     time.Time `json:"at"`
	Status string    `json:"status"`         // of the envelope, after the step
	Said   *Said     `json:"said,omitempty"` // of the first record of an envelope
	Did    *Did      `json:"did,omitempty"`  // of a step of the plan that has ended
	Note   string    `json:"note,omitempty"`
}

// Said is a line and what it was taken for.
type Said struct {
	Source     string  `json:"source"`
	Intent     string  `json:"intent"`
	Confidence float32 `json:"confidence"`
	Priority   string  `json:"priority"`
	Asks       bool    `json:"asks,omitempty"`    // the person agrees first
	Refused    bool    `json:"refused,omitempty"` // it is never done from a line

	Line     string `json:"line,omitempty"`
	Redacted bool   `json:"redacted,omitempty"`
	// Model is the hash of the one that understood it, "" for a line of the
	// grammar.
	Model string `json:"model,omitempty"`
	// Whole says that the line as it stands here leads to the plan.
	Whole bool        `json:"whole,omitempty"`
	Scene *Scene      `json:"scene,omitempty"`
	Plan  []plan.Step `json:"plan,omitempty"`
}

// Did is a step that has ended.
type Did struct {
	Step   int    `json:"step"` // from 1
	Of     int    `json:"of"`
	What   string `json:"what"` // the command, without arguments
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"` // of the acknowledgement, where it is a code
	Micros int64  `json:"us"`
}

// Scene is what there was, as far as the plan needs it.
type Scene struct {
	Windows    []Window          `json:"windows,omitempty"` // the one that was used last first
	Apps       map[string]string `json:"apps,omitempty"`    // that the line names, and their IDs
	Machines   []plan.Thing      `json:"machines,omitempty"`
	Workspaces int               `json:"workspaces"`
	Workspace  int               `json:"workspace"`
}

// Window is an open window.
type Window struct {
	ID        string `json:"id"`
	App       string `json:"app,omitempty"`
	Machine   string `json:"machine,omitempty"`
	Workspace int    `json:"workspace"`
	Title     string `json:"title,omitempty"`
}

// Limits of a scene.
const (
	maxWindows  = 64
	maxMachines = 32
)

// errTooLong is a record that doesn't fit.
var errTooLong = errors.New("the record is longer than 64 KiB")

// encode returns a record as it is kept.
func encode(r *Record) ([]byte, error) {
	data, err := json.Marshal(r)
	if err == nil && len(data) > MaxRecord {
		err = errTooLong
	}
	return data, err
}

// Decode reads a record, from wherever it comes.
func Decode(data []byte) (Record, error) {
	var r Record
	if len(data) > MaxRecord {
		return r, errTooLong
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Record{}, fmt.Errorf("record: %w", err)
	}
	switch s := r.Said; {
	case d.More():
		return Record{}, errors.New("record: something stands behind it")
	case r.ID == 0 || r.Status == "":
		return Record{}, errors.New("record: it has no number or no status")
	case s != nil && (len(s.Plan) > plan.MaxSteps || !(s.Confidence >= 0 && s.Confidence <= 1)):
		return Record{}, fmt.Errorf("record %d: %d steps, confidence %v", r.ID, len(s.Plan), s.Confidence)
	case s != nil && slices.ContainsFunc(s.Plan, func(s plan.Step) bool { return s.Deed == 0 }):
		return Record{}, fmt.Errorf("record %d: a step without a deed", r.ID)
	case s != nil && s.Scene != nil && (len(s.Scene.Windows) > maxWindows || len(s.Scene.Machines) > maxMachines || s.Scene.Workspaces < 0 || s.Scene.Workspaces > 64):
		return Record{}, fmt.Errorf("record %d: a scene of %d windows, %d machines, %d workspaces", r.ID, len(s.Scene.Windows), len(s.Scene.Machines), s.Scene.Workspaces)
	}
	return r, nil
}
