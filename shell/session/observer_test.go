package session

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/syslog"
)

func TestProcessesAreThoseThatConnected(t *testing.T) {
	d := newDesk(t)
	before := len(d.ctl.Observer().Processes().Clients)
	d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(1e9)
	p := d.ctl.Observer().Processes()
	if before != 0 || len(p.Clients) != 1 || p.Clients[0].PID != int32(os.Getpid()) || p.Clients[0].Surfaces == 0 {
		t.Errorf("%+v", p.Clients)
	}
	if len(p.Outputs) != 1 || p.Outputs[0].Frames == 0 || p.Outputs[0].Refresh <= 0 {
		t.Errorf("%+v", p.Outputs)
	}
	if p.Session.PID != os.Getpid() || p.Tasks == nil || p.Session.Uptime <= 0 || p.Session.Uptime > time.Hour {
		t.Errorf("%+v", p)
	}
}

func TestOnlyClientsCanBeEnded(t *testing.T) {
	d := newDesk(t)
	d.connect() // of this very process
	for _, pid := range []int32{1, int32(os.Getpid()), int32(os.Getppid())} {
		for what, err := range map[string]error{
			"end": d.ctl.Observer().End(pid, true), "nice": d.ctl.Observer().Nice(pid, 19),
		} {
			if e, ok := err.(*control.Error); !ok || e.Code != control.CodeBadArgs {
				t.Errorf("%s %d: %v", what, pid, err)
			}
		}
	}
	if err := d.ctl.Observer().Cancel(4711); err == nil {
		t.Error("a task that isn't there was cancelled")
	}
}

func TestTheLogIsFollowed(t *testing.T) {
	lines := syslog.New(slog.DiscardHandler)
	d := newDeskWith(t, Options{Log: slog.New(lines), Lines: lines})
	last := uint64(0)
	if list, _ := lines.After(0); len(list) > 0 {
		last = list[len(list)-1].Seq
	}
	got := make(chan []syslog.Entry, 1)
	d.ctl.Observer().Log(last, true, func(l []syslog.Entry) { got <- l })
	d.session.log.Warn("something", "n", 1)
	for len(got) == 0 {
		d.pass(1e6)
	}
	if l := <-got; len(l) != 1 || l[0].Text != "something n=1" || l[0].Subsystem != syslog.UI {
		t.Errorf("%+v", l)
	}
	d.ctl.Observer().Log(0, false, func(l []syslog.Entry) { got <- l })
	if l := <-got; len(l) == 0 {
		t.Error("the log is empty")
	}
}
