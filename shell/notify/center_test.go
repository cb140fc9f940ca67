package notify

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// bench is a Center that writes down what programs hear.
type bench struct {
	Center
	told []string
}

func newBench() *bench {
	b := &bench{}
	b.Center.Told = func(t Told) {
		b.told = append(b.told, fmt.Sprintf("%s %d %d %s%s", t.Sender, t.ID, t.Reason, t.Action, t.Token))
	}
	return b
}

func (b *bench) add(sender, summary string, change func(*Notification)) uint32 {
	n := Notification{Sender: sender, Summary: summary, Urgency: Normal}
	if change != nil {
		change(&n)
	}
	return b.Add(n, 0, noon)
}

func (b *bench) list() string {
	var s []string
	for _, n := range b.Shown() {
		s = append(s, n.Summary)
	}
	return strings.Join(s, " ")
}

func TestNotificationsEndInTheirTime(t *testing.T) {
	b := newBench()
	b.add(":1", "normal", nil)
	b.add(":1", "low", func(n *Notification) { n.Urgency = Low })
	b.add(":1", "critical", func(n *Notification) { n.Urgency = Critical; n.Timeout = time.Second })
	b.add(":1", "for-ever", func(n *Notification) { n.Timeout = -1 })
	b.add(":1", "asked", func(n *Notification) { n.Timeout = 2 * time.Second })
	b.add(":1", "too-long", func(n *Notification) { n.Timeout = time.Hour })
	next := noon
	for _, want := range []string{
		"normal low critical for-ever asked too-long", "normal low critical for-ever too-long",
		"normal critical for-ever too-long", "critical for-ever too-long", "critical for-ever",
	} {
		next = b.Expire(next)
		if got := b.list(); got != want {
			t.Errorf("at %v: %s; want %s", next, got, want)
		}
	}
	if !next.IsZero() {
		t.Errorf("next end at %v; want none", next)
	}
	if got := b.Unread(); got != 4 {
		t.Errorf("%d unread; want 4", got)
	}
	b.Read()
	if b.Unread() != 0 || len(b.History()) != 4 {
		t.Errorf("%d unread of %d", b.Unread(), len(b.History()))
	}
}

func TestReplace(t *testing.T) {
	b := newBench()
	id := b.add(":1", "one", nil)
	b.add(":1", "two", nil)
	if again := b.Add(Notification{Sender: ":1", Summary: "uno"}, id, noon); again != id || b.list() != "uno two" {
		t.Errorf("id %d, was %d: %s", again, id, b.list())
	}
	if other := b.Add(Notification{Sender: ":2", Summary: "mine"}, id, noon); other == id || b.list() != "uno two mine" {
		t.Errorf("a program has replaced what another said: %s", b.list())
	}
	if b.CloseOf(":2", id) || !b.CloseOf(":1", id) || b.CloseOf(":1", id) {
		t.Error("only its own program closes a notification, once")
	}
	if got := strings.Join(b.told, ", "); got != fmt.Sprintf(":1 %d 3 ", id) {
		t.Errorf("told: %s", got)
	}
}

func TestActions(t *testing.T) {
	b := newBench()
	with := func(n *Notification) { n.Actions, n.Default = []Action{{"open", "Open"}}, true }
	one := b.add(":1", "one", with)
	two := b.add(":1", "two", func(n *Notification) { with(n); n.Resident = true })
	if b.Choose(one, "delete", "") || b.Choose(99, "open", "") {
		t.Error("an action that isn't there was chosen")
	}
	if !b.Choose(one, "open", "token") || !b.Choose(two, DefaultAction, "") || b.list() != "two" {
		t.Errorf("shown: %s; want two", b.list())
	}
	want := fmt.Sprintf(":1 %d 0 opentoken, :1 %d 2 , :1 %d 0 default", one, one, two)
	if got := strings.Join(b.told, ", "); got != want {
		t.Errorf("told: %s; want %s", got, want)
	}
	b.Gone(":1")
	if b.Choose(two, "open", "") {
		t.Error("an action of a program that is gone was chosen")
	}
}

func TestQuiet(t *testing.T) {
	b := newBench()
	b.Quiet = true
	b.add(":1", "one", nil)
	b.add(":1", "fire", func(n *Notification) { n.Urgency = Critical })
	b.add(":1", "passing", func(n *Notification) { n.Transient = true })
	if b.list() != "fire" || b.Unread() != 1 {
		t.Errorf("shown: %s; unread %d", b.list(), b.Unread())
	}
}

func TestAFloodHitsItsOwnProgramOnly(t *testing.T) {
	b := newBench()
	b.add(":1", "other", nil)
	for i := range 1000 {
		b.add(":2", fmt.Sprint(i), nil)
	}
	if n := len(b.Shown()); n != maxOfOne+1 || b.Shown()[0].Summary != "other" {
		t.Errorf("%d shown, first %s", n, b.Shown()[0].Summary)
	}
	for i := range 1000 {
		b.add(fmt.Sprint(":", i+3), "x", nil)
	}
	if n := len(b.Shown()); n != maxShown {
		t.Errorf("%d shown; want %d", n, maxShown)
	}
	if n := len(b.History()); n != maxHistory {
		t.Errorf("%d in the history; want %d", n, maxHistory)
	}
}

func TestNothingEndsWhileItIsRead(t *testing.T) {
	b := newBench()
	at := func(s int) time.Time { return noon.Add(time.Duration(s) * time.Second) }
	b.add(":1", "one", func(n *Notification) { n.Timeout = 10 * time.Second })
	b.Hold(true, at(8))
	b.Add(Notification{Summary: "two", Timeout: 10 * time.Second, Urgency: Normal}, 0, at(20))
	b.Hold(true, at(30))
	if next := b.Expire(at(60)); !next.IsZero() || b.list() != "one two" {
		t.Errorf("held: %s, next at %v", b.list(), next)
	}
	b.Hold(false, at(100))
	b.Hold(false, at(110))
	if next := b.Expire(at(101)); next != at(102) || b.list() != "one two" {
		t.Errorf("next at %v: %s; want the two seconds that were left", next, b.list())
	}
	if next := b.Expire(at(102)); next != at(110) || b.list() != "two" {
		t.Errorf("next at %v: %s; want all ten seconds for the second", next, b.list())
	}
}

func TestWhatIsTakenAway(t *testing.T) {
	b := newBench()
	b.add(":1", "one", func(n *Notification) { n.Timeout = time.Second })
	id := b.add(":1", "two", nil)
	gone := b.add(":1", "passing", func(n *Notification) { n.Transient = true })
	b.Expire(noon.Add(time.Second))
	if !b.Remove(id) || b.Remove(id) || !b.Remove(gone) || len(b.History()) != 1 || len(b.Shown()) != 0 {
		t.Errorf("%d in the history, %d shown", len(b.History()), len(b.Shown()))
	}
	again := b.Add(Notification{Sender: ":1", Summary: "uno", Urgency: Normal}, b.History()[0].ID, noon)
	if len(b.History()) != 0 || again == 0 {
		t.Errorf("what is said anew is in the history as well: %d", len(b.History()))
	}
	b.Clear()
	if len(b.Shown())+len(b.History()) != 0 || len(b.told) != 4 {
		t.Errorf("after all is taken away: %q", b.told)
	}
}

func TestOneProgramHasAPartOfTheHistory(t *testing.T) {
	b := newBench()
	b.Quiet = true
	b.add(":1", "other", nil)
	for range 500 {
		b.add(":2", "x", nil)
	}
	if h := b.History(); len(h) != maxPast+1 || h[0].Summary != "other" {
		t.Errorf("%d in the history", len(h))
	}
}
