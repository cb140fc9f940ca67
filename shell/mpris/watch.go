package mpris

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/shell/sessionbus"
)

// Names on the bus.
const (
	namePrefix = "org.mpris.MediaPlayer2."
	rootName   = "org.mpris.MediaPlayer2"
	playerName = "org.mpris.MediaPlayer2.Player"
	playerPath = "/org/mpris/MediaPlayer2"
	propsName  = "org.freedesktop.DBus.Properties"
	busDaemon  = "org.freedesktop.DBus"
)

const (
	maxPlayers = 16 // more are not looked at
	maxKeys    = 8  // that wait to be sent
	// patience is how long a player may take to answer.
	patience = 5 * time.Second
	// pause is the least time between two questions to a player.
	pause = 200 * time.Millisecond
)

// Key is what can be asked of a player.
type Key uint8

// Keys.
const (
	PlayPause Key = iota
	Play
	Pause
	Stop
	Next
	Previous
)

// method is what the specification calls a key.
func (k Key) method() string {
	return [...]string{"PlayPause", "Play", "Pause", "Stop", "Next", "Previous"}[min(k, Previous)]
}

// Watcher follows the players of a bus. Its methods may be called on any
// goroutine; none waits for a player.
type Watcher struct {
	conn    *dbus.Conn
	changed func([]Player)
	keys    chan press

	mu      sync.Mutex
	players []*player // in the order in which they came
	turn    uint64    // counts how often one began to play
	ended   bool
}

type player struct {
	Player
	owner string // unique name
	known bool   // it has answered
	busy  bool   // it is being asked, or rests
	stale bool   // it is to be asked again
}

type press struct {
	bus string
	key Key
}

// Watch follows the players of the bus of an address, on a connection of its
// own; it takes as long as the bus does. changed is called on any goroutine, in
// order, with all players that have answered; the list is the callee's.
func Watch(address string, changed func([]Player)) (*Watcher, error) {
	w := &Watcher{changed: changed, keys: make(chan press, maxKeys)}
	conn, err := sessionbus.Connect(address, dbus.WithSignalHandler(w))
	if err != nil {
		return nil, err
	}
	w.conn = conn
	if err := w.begin(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	go w.send()
	return w, nil
}

func (w *Watcher) begin() error {
	err := w.conn.AddMatchSignal(
		dbus.WithMatchSender(busDaemon), dbus.WithMatchInterface(busDaemon), dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg0Namespace(strings.TrimSuffix(namePrefix, ".")),
	)
	if err != nil {
		return fmt.Errorf("watch for players: %w", err)
	}
	err = w.conn.AddMatchSignal(
		dbus.WithMatchInterface(propsName), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchObjectPath(playerPath),
		dbus.WithMatchArg(0, playerName),
	)
	if err != nil {
		return fmt.Errorf("watch players: %w", err)
	}
	var names []string
	if err := w.conn.BusObject().Call(busDaemon+".ListNames", 0).Store(&names); err != nil {
		return fmt.Errorf("look for players: %w", err)
	}
	for _, name := range names {
		var owner string
		if strings.HasPrefix(name, namePrefix) && w.conn.BusObject().Call(busDaemon+".GetNameOwner", 0, name).Store(&owner) == nil {
			w.owned(name, owner)
		}
	}
	return nil
}

// Close ends the watch; changed isn't called any more.
func (w *Watcher) Close() error {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	return w.conn.Close()
}

// DeliverSignal implements dbus.SignalHandler, on the goroutine that reads from
// the bus. Of a player it takes only that something has changed.
func (w *Watcher) DeliverSignal(_, member string, sig *dbus.Signal) {
	if sig.Sender == busDaemon {
		if member != "NameOwnerChanged" || len(sig.Body) != 3 {
			return
		}
		name, _ := sig.Body[0].(string)
		owner, ok := sig.Body[2].(string)
		if ok && strings.HasPrefix(name, namePrefix) {
			w.owned(name, owner)
		}
		return
	}
	if member != "PropertiesChanged" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.players {
		if p.owner == sig.Sender {
			w.ask(p)
		}
	}
}

// owned is told whose a player's name is now, "" for nobody's.
func (w *Watcher) owned(bus, owner string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.IndexFunc(w.players, func(p *player) bool { return p.Bus == bus })
	if i >= 0 && w.players[i].owner == owner {
		return
	}
	if i >= 0 {
		known := w.players[i].known
		w.players = slices.Delete(w.players, i, i+1)
		if known {
			w.tell()
		}
	}
	if owner == "" || len(bus) > MaxText || len(w.players) >= maxPlayers {
		return
	}
	p := &player{Player: Player{Bus: bus}, owner: owner}
	w.players = append(w.players, p)
	w.ask(p)
}

// ask asks a player what it does, one question at a time. w.mu is held.
func (w *Watcher) ask(p *player) {
	if p.busy {
		p.stale = true
		return
	}
	p.busy, p.stale = true, false
	owner, bus := p.owner, p.Bus
	go func() {
		got, err := w.properties(owner, bus)
		w.mu.Lock()
		defer w.mu.Unlock()
		if err == nil && slices.Contains(w.players, p) {
			w.answered(p, got)
		}
		time.AfterFunc(pause, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			p.busy = false
			if p.stale && !w.ended && slices.Contains(w.players, p) {
				w.ask(p)
			}
		})
	}()
}

func (w *Watcher) properties(owner, bus string) (Player, error) {
	ctx, cancel := context.WithTimeout(w.conn.Context(), patience)
	defer cancel()
	o := w.conn.Object(owner, playerPath)
	var props map[string]dbus.Variant
	if err := o.CallWithContext(ctx, propsName+".GetAll", dbus.FlagNoAutoStart, playerName).Store(&props); err != nil {
		return Player{}, err
	}
	var v dbus.Variant
	// One that doesn't say what it is called goes by its name on the bus.
	_ = o.CallWithContext(ctx, propsName+".Get", dbus.FlagNoAutoStart, rootName, "Identity").Store(&v)
	name, _ := v.Value().(string)
	return parse(bus, name, props), nil
}

// answered takes what a player does now. w.mu is held.
func (w *Watcher) answered(p *player, got Player) {
	got.since = p.since
	if got.Status == Playing && p.Status != Playing {
		w.turn++
		got.since = w.turn
	}
	if p.known && p.Player == got {
		return
	}
	p.Player, p.known = got, true
	w.tell()
}

// tell hands over those that have answered. w.mu is held.
func (w *Watcher) tell() {
	if w.ended {
		return
	}
	list := make([]Player, 0, len(w.players))
	for _, p := range w.players {
		if p.known {
			list = append(list, p.Player)
		}
	}
	w.changed(list)
}

// Do presses a key of a player. It is false when so many wait that the bus must
// be stuck.
func (w *Watcher) Do(bus string, k Key) bool {
	select {
	case w.keys <- press{bus, k}:
		return true
	default:
		return false
	}
}

// send sends keys until the connection ends.
func (w *Watcher) send() {
	for {
		select {
		case p := <-w.keys:
			w.conn.Object(p.bus, playerPath).Go(playerName+"."+p.key.method(), dbus.FlagNoAutoStart|dbus.FlagNoReplyExpected, nil)
		case <-w.conn.Context().Done():
			return
		}
	}
}
