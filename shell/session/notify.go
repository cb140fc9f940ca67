package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"rayos/geom"
	"rayos/internal/atomicfile"
	"rayos/internal/loop"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/control/grammar"
	"rayos/shell/notify"
	"rayos/shell/notify/view"
	"rayos/shell/taskbar"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// notices are the notifications of programs and of the session itself: the
// toasts, and the drawer in which all can be read.
type notices struct {
	s       *Session
	center  notify.Center
	service *notify.Service // nil without a bus
	absent  string          // why no program can send any, "" if one can
	timer   *loop.Timer
	stale   bool // what is shown may have changed
	over    bool // the pointer is on a toast
	held    bool
	ended   bool
	// closedBy is the press that closed the drawer.
	closedBy time.Duration
	saving   sync.Mutex
	wanted   atomic.Bool // what is to be saved

	toasts  toasts
	drawer  sheet
	cabinet view.Drawer
	beside  *scene.Buffer                  // takes presses on the bare desktop while the drawer is open
	own     map[uint32]func(action string) // of the session's notifications
}

// toasts is the sheet of the toasts, which is as large as they are.
type toasts struct {
	sheet
	view view.Toasts
}

func (n *notices) init(s *Session) {
	n.s, n.own = s, map[uint32]func(string){}
	n.timer = s.loop.NewTimer(func() { n.expire() })
	n.center.Quiet = n.load()
	n.center.Changed = func() { n.stale = true; n.expire() }
	n.center.Came = n.came
	n.center.Told = n.told
	n.toasts.view = view.Toasts{Theme: s.parts.theme, Act: noticeActions{n}, Icons: n.icon}
	n.toasts.sheet = sheet{
		s: s, name: "notifications", strip: s.layers.menus, view: n.toasts.view.View, rise: uitheme.MotionPanel,
		place: func(area geom.Rect) geom.Rect { return n.toasts.view.Place(area, s.opt.RTL) },
	}
	n.cabinet = view.Drawer{Theme: s.parts.theme, Act: noticeActions{n}, Icons: n.icon}
	n.drawer = sheet{
		s: s, name: "notification drawer", strip: s.layers.menus, modal: true,
		view:  func() ui.Node { return n.cabinet.View(taskbar.Height) },
		place: func(area geom.Rect) geom.Rect { return n.cabinet.Place(area, s.opt.RTL, taskbar.Height) },
		hidden: func() {
			n.stale, n.closedBy = true, s.seat.LastPress()
			n.beside.SetEnabled(false)
			n.marker("drawer", "closed")
		},
	}
	n.beside = s.layers.background.NewBuffer()
	n.beside.Data = &beside{s: s}
	n.beside.SetEnabled(false)
	n.beside.Lower()
	n.connect()
}

// beside is the bare desktop while the drawer is open. A press on it is one
// beside the drawer, as on any window.
type beside struct {
	seat.NoFocus
	s *Session
}

// PointerEnter implements seat.Focus.
func (b *beside) PointerEnter(uint32, geom.FPoint) { b.s.SetCursorShape(b.s.seat, "default") }

// connect offers the service to programs, on a goroutine, for a bus may take its
// time.
func (n *notices) connect() {
	s, address := n.s, n.s.opt.Bus
	if address == "" {
		n.absent = lang.M("Programs can't send notifications: the session has no message bus.")
		s.log.Info("no notifications of programs: there is no session bus (DBUS_SESSION_BUS_ADDRESS)")
		return
	}
	go func() {
		service, err := notify.Connect(address, &n.center, notify.Options{
			Version: Version, Post: s.loop.Post, Now: n.now, Owned: n.owned,
		})
		s.loop.Post(func() { n.connected(service, err) })
	}()
}

func (n *notices) connected(service *notify.Service, err error) {
	switch {
	case err != nil:
		n.absent = lang.M("Programs can't send notifications: the message bus doesn't answer.")
		n.s.log.Warn("no notifications of programs", "err", err)
	case n.ended:
		_ = service.Close() // nobody uses it
	default:
		n.service = service
	}
	n.stale = true
}

// owned is told whether programs find us or another program.
func (n *notices) owned(on bool) {
	if n.ended {
		return
	}
	n.absent = ""
	word := "on"
	if !on {
		word, n.absent = "taken", lang.M("Another program shows notifications; they come here when it ends.")
		n.s.log.Info("another program shows notifications; the session does when it ends")
	}
	n.stale = true
	n.s.console.marker("RAYOS_SHELL:notifications:" + word)
}

func (n *notices) now() time.Time { return n.s.bars.wall() }

// icon looks up an icon for all outputs, at the largest scale of one.
func (n *notices) icon(name string, size int32) *paint.Image {
	scale := geom.ScaleOne
	for _, o := range n.s.outputs {
		scale = max(scale, o.info.Scale)
	}
	return n.s.parts.icons.Lookup(name, int(size), scale.Float())
}

// expire ends what has had its time, and looks again when the next has.
func (n *notices) expire() {
	now := n.now()
	next := n.center.Expire(now)
	if next.IsZero() {
		n.timer.Disarm()
		return
	}
	n.timer.Arm(n.s.loop.Now() + next.Sub(now))
}

// came tells of a notification, and nothing of what it says.
func (n *notices) came(m *notify.Notification, shown bool) {
	word := "kept"
	if shown {
		word = "shown"
	}
	n.marker(word, strconv.FormatUint(uint64(m.ID), 10))
}

func (n *notices) marker(what, of string) {
	n.s.markers.tell("RAYOS_UI_NOTIFICATION", grammar.Value(what), grammar.Value(of))
}

// told lets whoever sent a notification hear of it.
func (n *notices) told(t notify.Told) {
	if t.Action == "" {
		n.marker("closed", fmt.Sprintf("%d reason=%d", t.ID, t.Reason))
	}
	switch {
	case t.Sender != "":
		if n.service != nil {
			n.service.Tell(t)
		}
	case t.Action != "":
		if do := n.own[t.ID]; do != nil {
			do(t.Action)
		}
	default:
		delete(n.own, t.ID)
	}
}

// tell shows a notification of the session itself; do, which may be nil, hears of
// its actions.
func (n *notices) tell(m notify.Notification, do func(action string)) {
	if n.s == nil {
		return // there is no shell
	}
	m.Value = -1
	id := n.center.Add(m, 0, n.now())
	if do != nil {
		n.own[id] = do
	}
}

// machineFailed tells of a machine that has crashed too often.
func (n *notices) machineFailed(id, name, why string, t theme.Trust) {
	n.tell(notify.Notification{
		App: name, Trust: t, Urgency: notify.Critical, Summary: lang.F("{machine} has failed", "machine", name),
		Body:    []notify.Span{{Text: lang.T(why)}},
		Actions: []notify.Action{{Key: "show", Label: lang.T("Show")}},
	}, func(string) { barActions{s: n.s}.Machine(id, taskbar.Show) })
}

// pointed follows the pointer of the first seat: what it is on stays.
func (n *notices) pointed(f seat.Focus) {
	if n.s != nil {
		n.over = n.toasts.owns(f)
		n.hold()
	}
}

// hold keeps all in its place while somebody reads, or nobody can.
func (n *notices) hold() {
	want := n.over && n.toasts.shown() || n.drawer.shown() || n.s.lock.on
	if want == n.held {
		return
	}
	n.held = want
	n.center.Hold(want, n.now())
	n.expire()
}

// toggle opens the drawer where the person works, or closes it.
func (n *notices) toggle() { n.open(!n.drawer.shown()) }

func (n *notices) open(on bool) {
	s := n.s
	if s == nil || on == n.drawer.shown() || s.lock.on || len(s.outputs) == 0 {
		return
	}
	if !on {
		n.drawer.hide()
		return
	}
	s.prompt.close()
	n.fill()
	n.drawer.show(s.workOutput())
	area := n.drawer.out.scene.Logical()
	n.beside.SetPosition(area.X0, area.Y0)
	n.beside.SetDestSize(area.Size())
	n.beside.SetEnabled(true)
	n.center.Read()
	n.marker("drawer", "opened")
}

// workOutput is the output where the person works.
func (s *Session) workOutput() *output {
	if g := s.PreferredOutput(); g != nil {
		if o, ok := g.Data.(*output); ok {
			return o
		}
	}
	return s.outputs[0]
}

// fill brings the drawer's view up to date.
func (n *notices) fill() {
	n.cabinet.Show(n.center.Shown(), n.center.History(), n.center.Quiet, lang.T(n.absent), n.s.media.player())
}

// sync shows what there is to show, at the end of a turn.
func (n *notices) sync() {
	n.hold()
	if !n.stale {
		return
	}
	n.stale, n.s.bars.stale = false, true
	t := &n.toasts
	if n.drawer.shown() {
		n.fill()
		n.drawer.invalidate()
		t.view.Show(nil)
	} else {
		t.view.Show(n.center.Shown())
	}
	switch {
	case t.view.Empty():
		t.hide()
	case t.shown():
		t.invalidate()
	case len(n.s.outputs) > 0:
		t.show(n.s.workOutput())
	}
}

// turn implements part. The sheet takes the size that the toasts have now.
func (t *toasts) turn() {
	t.s.notices.sync()
	if t.out != nil {
		t.panel.Layout()
		t.sheet.follow()
	}
	t.sheet.turn()
}

// end implements part.
func (t *toasts) end() {
	n := &t.s.notices
	n.ended = true
	n.timer.Disarm()
	if n.service != nil {
		_ = n.service.Close() // the session ends
	}
	t.sheet.end()
}

// setQuiet turns "do not disturb" on or off, for this session and the next.
func (n *notices) setQuiet(on bool) {
	if n.center.Quiet == on {
		return
	}
	n.center.Quiet, n.stale = on, true
	word := "off"
	if on {
		word = "on"
	}
	n.marker("quiet", word)
	n.save(on)
}

// kept is what of notifications lasts from one session to the next.
type kept struct {
	Quiet bool `json:"do_not_disturb"`
}

func (n *notices) load() bool {
	path := n.s.opt.Notices
	if path == "" {
		return false
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return false
	}
	var k kept
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	if err != nil {
		n.s.log.Warn("notifications begin as usual", "err", err)
	}
	return k.Quiet
}

// save writes on another goroutine, for a disk may take its time.
func (n *notices) save(on bool) {
	path, s := n.s.opt.Notices, n.s
	if path == "" {
		return
	}
	n.wanted.Store(on)
	go func() {
		n.saving.Lock()
		defer n.saving.Unlock()
		data, err := json.Marshal(kept{n.wanted.Load()})
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o700)
		}
		if err == nil {
			err = atomicfile.Write(path, data)
		}
		if err != nil {
			s.loop.Post(func() { s.log.Error("save", "err", err) })
		}
	}()
}

// noticeActions do what a person asks of notifications.
type noticeActions struct{ n *notices }

func (a noticeActions) Choose(id uint32, key string) { a.n.choose(id, key) }
func (a noticeActions) Dismiss(id uint32)            { a.n.dismiss(id) }
func (a noticeActions) Open()                        { a.n.open(true) }
func (a noticeActions) Clear()                       { a.n.center.Clear() }
func (a noticeActions) Quiet(on bool)                { a.n.setQuiet(on) }
func (a noticeActions) Player(k view.Key)            { a.n.s.media.press(k) }

// choose does an action; its program may come to the front.
func (n *notices) choose(id uint32, key string) bool {
	ok := n.center.Choose(id, key, n.s.server.ActivationToken(""))
	if ok {
		n.drawer.hide()
	}
	return ok
}

// dismiss takes a toast off, or a notification out of the drawer.
func (n *notices) dismiss(id uint32) bool {
	if n.drawer.shown() {
		return n.center.Remove(id)
	}
	return n.center.Close(id, notify.Dismissed)
}

var _ view.Actions = noticeActions{}
