package controltest

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
)

// console understands lines and does none of them.
type console struct{ s *Session }

// Console returns one on which every command succeeds.
func (s *Session) Console() control.Console { return console{s} }

// Prompt logs the command.
func (c console) Prompt(from, line string, done func(grammar.Result, grammar.Ack)) {
	r := grammar.Parse(line, grammar.Env{Machines: []grammar.Machine{{ID: "a-1", Kind: grammar.Linux}, {ID: "b-1", Kind: grammar.Linux}}})
	var a grammar.Ack
	if r.Outcome == grammar.Matched {
		err := c.s.do("prompt %s %s", from, r.Command.Line())
		a = grammar.Ack{Op: r.Command.Op().Name, OK: err == nil, Detail: "presented"}
		if err != nil {
			a.Detail = err.Error()
		}
	}
	done(r, a)
}

// Do logs the command.
func (c console) Do(from, machine string, cmd grammar.Command, note func(string), done func(grammar.Ack, error)) {
	note("working \x1b[31m")
	cmd.Kind = grammar.Kind(machine)
	if cmd.Kind != grammar.Windows {
		cmd.Kind = grammar.Linux
	}
	a := grammar.Ack{OK: true, Detail: "done", Why: "more \x1b[31m"}
	if op := cmd.Op(); op != nil {
		a.Op = op.Name
	}
	err := c.s.do("%s %s %s %q", from, machine, cmd.Verb, cmd.Text+cmd.App+cmd.Path+cmd.Keys.String()+cmd.Button)
	if err != nil {
		a = grammar.Ack{Op: a.Op, Detail: err.Error()}
	}
	done(a, nil)
}

// Events has two lines, and waits for the session's end for more.
func (c console) Events(after uint64, wait bool, done func([]runner.Entry)) func() {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	all := []runner.Entry{
		{Seq: 1, At: at, From: "prompt", Sort: runner.Asked, Line: "RAYOS_HOST_EVENT_V0:SHOW_LINUX_DESKTOP"},
		{Seq: 2, At: at, From: "prompt", Sort: runner.Acked, Line: "RAYOS_HOST_ACK:SHOW_LINUX_DESKTOP:ok:presented"},
	}
	list := all[min(after, 2):]
	if len(list) > 0 || !wait {
		done(list)
		return nil
	}
	return c.s.effect(nil, func(error) { done(nil) })
}

// Desk returns one whose calls are logged.
func (s *Session) Desk() control.Desk { return desk{s} }

type desk struct{ s *Session }

func (d desk) Switcher(do control.SwitcherAction, app bool) error {
	return d.s.do("switcher %s %v", do, app)
}

func (d desk) Taskbar(sheet control.BarSheet, do control.OverviewAction) error {
	return d.s.do("taskbar %s %s", sheet, do)
}

func (d desk) Overview(do control.OverviewAction) error { return d.s.do("overview %s", do) }

func (d desk) Launcher(do control.OverviewAction) error { return d.s.do("launcher %s", do) }

func (d desk) Undo() error { return d.s.do("undo") }

func (d desk) Tile(do control.OverviewAction) error { return d.s.do("tile %s", do) }

func (d desk) Capture(what control.CaptureKind, atOnce bool) error {
	return d.s.do("capture %s %v", what, atOnce)
}

func (d desk) RecordStart(file, output string, done func(error)) func() {
	done(d.s.do("record %s %s", file, output))
	return nil
}

func (d desk) RecordStop(done func(control.Recording, error)) func() {
	done(control.Recording{File: "x.png", Frames: 2, Bytes: 3000, Seconds: 1.5}, d.s.do("record stop"))
	return nil
}

// Reflex returns a System 1 whose calls are logged.
func (s *Session) Reflex() control.Reflex { return reflex{s} }

type reflex struct{ s *Session }

func (r reflex) StartS1(done func(control.S1, error)) func() {
	done(control.S1{Running: true, Backend: "cpu", Reason: "there is no GPU"}, r.s.do("s1 start"))
	return nil
}

func (r reflex) StopS1(done func(control.S1, error)) func() {
	done(control.S1{}, r.s.do("s1 stop"))
	return nil
}

func (r reflex) S1() control.S1 {
	return control.S1{Running: true, Backend: "cpu", Depth: 1, Enqueued: 5, Dropped: 2, Done: 4, Last: "trace", Kernels: []control.Kernel{{Name: "trace", Tasks: 4, Items: 70, OnGPU: 1}}, Adapters: []string{"0 x"}, Routes: []string{"trace"}}
}

// LanguageModel returns one whose calls are logged.
func (s *Session) LanguageModel() control.LanguageModel { return languageModel{s} }

type languageModel struct{ s *Session }

func (m languageModel) LanguageModel() control.ModelState {
	return control.ModelState{Server: "http://127.0.0.1:8080", Model: "tiny", Local: true, Ready: true}
}

func (m languageModel) CheckModel(done func(control.ModelState, error)) func() {
	state := m.LanguageModel()
	state.Took = 12
	done(state, m.s.do("model check"))
	return nil
}

func (r reflex) WindowsAt(places []control.Place) func() ([]control.Spot, error) {
	spots := make([]control.Spot, len(places))
	for i, p := range places {
		spots[i] = control.Spot{Window: 7, AppID: "foot", Title: "~", Windows: 1}
		if !p.Box.Empty() {
			spots[i].Windows = 2
		}
	}
	return func() ([]control.Spot, error) { return spots, nil }
}

// Developer returns one whose calls are logged.
func (s *Session) Developer() control.Developer { return developer{s} }

type developer struct{ s *Session }

func (d developer) Overlay(on bool) { d.s.Log = append(d.s.Log, fmt.Sprint("overlay ", on)) }

func (d developer) DevScanout(size geom.Size) error { return d.s.do("dev scanout %v", size) }

func (d developer) HideDevScanout() error { return d.s.do("dev scanout hide") }

func (d developer) StopDevScanout() error { return d.s.do("dev scanout stop") }

// Mind returns a System 2 that understands one line.
func (s *Session) Mind() control.Mind { return understands{s} }

type understands struct{ s *Session }

func (m understands) Understand(line string, done func(control.Understood, error)) func() {
	err := m.s.do("s2 %s", line)
	switch line {
	case "":
		done(control.Understood{Counts: &control.System2{LastHash: 0x1f, LastOp: "go to", LastPriority: "Interactive", LastCount: 1, Enqueued: 3, Dropped: 1, Lines: 4, Model: "0123456789abcdef"}}, err)
	case "delete it all":
		done(control.Understood{Intent: "notes.delete", Confidence: 0.9, Disposition: "ask", Priority: "Interactive", Refused: true}, err)
	case "close it":
		done(control.Understood{Intent: "window.close", Confidence: 0.875, Disposition: "execute", Priority: "Interactive", Steps: []string{"close 7"}}, err)
	default:
		done(control.Understood{Disposition: "chat", Priority: "Interactive"}, err)
	}
	return nil
}
