// Package progress hears from programs how far their work is and how many things
// wait in them: the signal Update of com.canonical.Unity.LauncherEntry, which file
// managers, browsers, mail and chat programs send.
//
//	w, err := progress.Watch(address, func(list []progress.Entry) { ... })
//	defer w.Close()
//
// What is said of a program lasts until it says otherwise or whoever has said it
// leaves the bus. Programs aren't trusted: how many there may be is limited, and
// one that says something new all the time is heard now and then.
package progress

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/shell/sessionbus"
)

// Limits of what is kept.
const (
	maxEntries = 64
	maxOfOne   = 4 // of one connection
	maxApp     = 255
	maxCount   = 9999
)

// pause is the least time between two calls of changed.
const pause = 100 * time.Millisecond

// entryName is the interface that is listened for.
const entryName = "com.canonical.Unity.LauncherEntry"

// Entry is what a program shows.
type Entry struct {
	App     string // its application id, without ".desktop"
	Count   int    // of things that wait; 0 shows none
	Working bool   // Percent is shown
	Percent int    // 0 to 100
	Urgent  bool   // it asks for attention
}

// Watcher follows the programs of a bus.
type Watcher struct {
	conn    *dbus.Conn
	changed func([]Entry)
	owners  sessionbus.Departures

	mu      sync.Mutex
	entries []entry // in the order in which they came
	rests   bool    // changed was called a moment ago
	stale   bool    // and there is something new since
	ended   bool
}

type entry struct {
	Entry
	owner string // unique name
}

// Watch follows the programs of the bus of an address, on a connection of its
// own; it takes as long as the bus does. changed is called on any goroutine, in
// order, with all entries that show something; the list is the callee's.
func Watch(address string, changed func([]Entry)) (*Watcher, error) {
	w := &Watcher{changed: changed}
	conn, err := sessionbus.Connect(address, dbus.WithSignalHandler(w))
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.conn, w.owners.Conn, w.owners.Most = conn, conn, maxEntries
	w.mu.Unlock()
	err = conn.AddMatchSignal(dbus.WithMatchInterface(entryName), dbus.WithMatchMember("Update"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("watch for progress: %w", err), conn.Close())
	}
	return w, nil
}

// Close ends the watch; changed isn't called any more.
func (w *Watcher) Close() error {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	return w.conn.Close()
}

// DeliverSignal implements dbus.SignalHandler, on the goroutine that reads from
// the bus.
func (w *Watcher) DeliverSignal(iface, member string, sig *dbus.Signal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name, left := w.owners.Left(sig)
	switch {
	case left:
		w.gone(name)
	case iface == entryName && member == "Update" && len(sig.Body) == 2:
		uri, _ := sig.Body[0].(string)
		said, _ := sig.Body[1].(map[string]dbus.Variant)
		if app := appOf(uri); app != "" && w.update(sig.Sender, app, said) {
			w.tell()
		}
	}
}

// gone forgets what a program has said. w.mu is held.
func (w *Watcher) gone(owner string) {
	n := len(w.entries)
	w.entries = slices.DeleteFunc(w.entries, func(e entry) bool { return e.owner == owner })
	if len(w.entries) != n {
		w.tell()
	}
}

// follow waits for the bus's word that it will tell when a program leaves. What
// a program says that nobody would hear of leaving is not kept.
func (w *Watcher) follow(owner string) {
	if there, err := w.owners.Follow(w.conn.Context(), owner); err != nil || !there {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.gone(owner)
	}
}

// update takes what a program says, and reports whether it is something new.
func (w *Watcher) update(owner, app string, said map[string]dbus.Variant) bool {
	i := slices.IndexFunc(w.entries, func(e entry) bool { return e.App == app })
	if i < 0 {
		mine := 0
		for _, e := range w.entries {
			if e.owner == owner {
				mine++
			}
		}
		if mine >= maxOfOne || len(w.entries) >= maxEntries {
			return false
		}
		w.entries = append(w.entries, entry{Entry: Entry{App: app}})
		i = len(w.entries) - 1
	}
	e := &w.entries[i]
	if e.owner != owner {
		e.owner = owner
		go w.follow(owner) // this goroutine reads the answer
	}
	before := e.Entry
	e.take(said)
	return e.Entry != before
}

// take reads what is said; what isn't said stays as it was.
func (e *entry) take(said map[string]dbus.Variant) {
	shown := func(name string, now bool) bool {
		if v, ok := said[name].Value().(bool); ok {
			return v
		}
		return now
	}
	if n, ok := said["count"].Value().(int64); ok {
		e.Count = int(min(max(n, 0), maxCount))
	}
	if !shown("count-visible", e.Count > 0) {
		e.Count = 0
	}
	if p, ok := said["progress"].Value().(float64); ok && !math.IsNaN(p) {
		e.Percent = int(min(max(p, 0), 1)*100 + 0.5)
	}
	e.Working = shown("progress-visible", e.Working)
	e.Urgent = shown("urgent", e.Urgent)
}

// appOf returns the application of a URI like application://foot.desktop.
func appOf(uri string) string {
	name, ok := strings.CutPrefix(uri, "application://")
	if !ok || len(name) > maxApp {
		return ""
	}
	return strings.TrimSuffix(name, ".desktop")
}

// tell hands over what there is, but not again and again. w.mu is held.
func (w *Watcher) tell() {
	if w.stale = true; w.rests || w.ended {
		return
	}
	w.stale, w.rests = false, true
	list := make([]Entry, 0, len(w.entries))
	for _, e := range w.entries {
		if e.Count > 0 || e.Working || e.Urgent {
			list = append(list, e.Entry)
		}
	}
	w.changed(list)
	time.AfterFunc(pause, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.rests = false; w.stale {
			w.tell()
		}
	})
}
