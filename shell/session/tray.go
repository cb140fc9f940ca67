package session

import (
	"fmt"
	"io"
	"math"
	"slices"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/shell/sessionbus"
	"rayos/shell/taskbar"
	"rayos/shell/tray"
)

// trayArea is the tray of the taskbars. It is empty where there is no bus.
type trayArea struct {
	s       *Session
	conn    io.Closer
	service *tray.Service
	items   []tray.Item
	shown   []taskbar.TrayItem
	icons   map[*render.Pixels]*paint.Image
	menu    *taskbar.TrayMenu
	asked   string       // the item whose menu is awaited
	entries []tray.Entry // of the menu that is open, whole
	path    []int32      // to the part of it that is shown
	turned  string       // the item that a wheel was turned over
	turn    geom.FPoint  // of it what is less than a notch
	ended   bool
}

// Sizes of icons are those of the bar, at the largest scale of an output.
const trayIcon = 20 * 3

func (t *trayArea) init(s *Session) {
	t.s = s
	if s.opt.Bus == "" {
		return
	}
	go func() {
		conn, err := sessionbus.Connect(s.opt.Bus)
		if err == nil {
			var service *tray.Service
			service, err = tray.Serve(conn, tray.Options{Size: trayIcon, Changed: func(items []tray.Item) {
				s.loop.Post(func() { t.changed(items) })
			}})
			s.loop.Post(func() { t.connected(conn, service) })
		}
		if err != nil {
			s.loop.Post(func() { s.log.Warn("the tray stays empty", "err", err) })
		}
	}()
}

// connected takes a connection, of which nothing may have come.
func (t *trayArea) connected(conn io.Closer, service *tray.Service) {
	if t.ended || service == nil {
		_ = conn.Close() // nobody uses it
		return
	}
	t.conn, t.service = conn, service
}

func (t *trayArea) end() {
	t.ended = true
	if t.conn != nil {
		_ = t.conn.Close() // the session ends
	}
}

// changed takes what programs show now.
func (t *trayArea) changed(items []tray.Item) {
	icons := map[*render.Pixels]*paint.Image{}
	t.items, t.shown = items, make([]taskbar.TrayItem, 0, len(items))
	for i := range items {
		it := &items[i]
		t.shown = append(t.shown, taskbar.TrayItem{
			Key: it.Key, Name: it.Name(), Attention: it.Status == tray.NeedsAttention, Passive: it.Status == tray.Passive,
			MenuOnly: it.MenuOnly, Icon: t.icon(it, icons),
		})
	}
	t.icons = icons
	if m := t.menu; m != nil && t.item(m.Key) == nil {
		t.menu = nil
	}
	t.s.bars.stale = true
}

// refresh is when icons have come.
func (t *trayArea) refresh() {
	if len(t.items) > 0 {
		t.changed(t.items)
	}
}

// icon returns the picture of an item, nil if it has none. Those that are still
// in use are kept, so that nothing is drawn that looks the same.
func (t *trayArea) icon(it *tray.Item, kept map[*render.Pixels]*paint.Image) *paint.Image {
	if it.Icon == nil {
		return t.s.parts.icons.LookupIn(it.ThemePath, it.IconName, taskbar.IconSize, t.s.largestScale())
	}
	m := t.icons[it.Icon]
	if m == nil {
		var err error
		if m, err = paint.NewImage(*it.Icon); err != nil {
			t.s.log.Warn("tray", "item", it.Name(), "err", err)
			return nil
		}
	}
	kept[it.Icon] = m
	return m
}

func (t *trayArea) item(key string) *tray.Item {
	i := slices.IndexFunc(t.items, func(it tray.Item) bool { return it.Key == key })
	if i < 0 {
		return nil
	}
	return &t.items[i]
}

// do does what the person asks of an item.
func (t *trayArea) do(key string, verb taskbar.TrayVerb) {
	it := t.item(key)
	if it == nil || t.service == nil {
		return
	}
	at := t.s.seat.Position().Floor()
	switch verb {
	case taskbar.TrayActivate:
		t.service.Activate(key, at.X, at.Y, t.s.server.ActivationToken(""), func(err error) {
			// Many items have a menu and nothing else without saying so.
			t.s.loop.Post(func() { t.open(key) })
		})
	case taskbar.TraySecondary:
		t.service.Secondary(key, at.X, at.Y)
	case taskbar.TrayOpenMenu:
		t.open(key)
	case taskbar.TrayCloseMenu:
		t.close()
	}
}

// scroll turns a wheel over an item; the parts of notches add up.
func (t *trayArea) scroll(key string, x, y float64) {
	if t.service == nil {
		return
	}
	if t.turned != key {
		t.turned, t.turn = key, geom.FPoint{}
	}
	t.turn.X, t.turn.Y = t.turn.X+x, t.turn.Y+y
	for _, way := range []struct {
		by         *float64
		horizontal bool
	}{{&t.turn.X, true}, {&t.turn.Y, false}} {
		if n := math.Trunc(*way.by); n != 0 {
			*way.by -= n
			t.service.Scroll(key, int32(n)*trayNotch, way.horizontal)
		}
	}
}

// trayNotch is what one notch of a wheel is for items.
const trayNotch = 120

// open asks an item for its menu, and shows it when it comes, if nothing else
// was asked meanwhile.
func (t *trayArea) open(key string) {
	it := t.item(key)
	if it == nil || !it.Menu || t.s.lock.on {
		return
	}
	t.asked = key
	t.service.Menu(key, func(list []tray.Entry, err error) {
		t.s.loop.Post(func() {
			if t.asked != key || t.item(key) == nil {
				return
			}
			t.asked = ""
			if err != nil {
				t.s.log.Warn("tray", "err", err)
				return
			}
			t.entries, t.path = list, nil
			t.show(key)
		})
	})
}

// show shows the part of the menu that the path leads to.
func (t *trayArea) show(key string) {
	list, back := t.entries, false
	for _, id := range t.path {
		i := slices.IndexFunc(list, func(e tray.Entry) bool { return e.ID == id })
		if i < 0 {
			break
		}
		list, back = list[i].Entries, true
	}
	m := &taskbar.TrayMenu{Key: key, Page: fmt.Sprint(t.path)}
	if back {
		m.Entries = append(m.Entries, taskbar.TrayEntry{ID: trayBack, Text: lang.T("Back"), Back: true}, taskbar.TrayEntry{Separator: true})
	}
	for _, e := range list {
		m.Entries = append(m.Entries, taskbar.TrayEntry{
			ID: e.ID, Text: e.Text, Separator: e.Separator, Disabled: e.Disabled, Check: e.Check, Checked: e.Checked, Danger: e.Danger,
			Open: len(e.Entries) > 0,
		})
	}
	if len(m.Entries) == 0 {
		m.Entries = []taskbar.TrayEntry{{Text: lang.T("This menu is empty"), Disabled: true}}
	}
	t.menu, t.s.bars.stale = m, true
}

// trayBack is the line that leads to the menu above. Programs number theirs
// from zero.
const trayBack = -1

func (t *trayArea) close() {
	t.menu, t.asked, t.s.bars.stale = nil, "", true
}

// entry is a press on a line, which has closed the menu.
func (t *trayArea) entry(key string, id int32) {
	if id == trayBack {
		t.path = t.path[:max(len(t.path)-1, 0)]
		t.show(key)
		return
	}
	list := t.entries
	for _, p := range t.path {
		if i := slices.IndexFunc(list, func(e tray.Entry) bool { return e.ID == p }); i >= 0 {
			list = list[i].Entries
		}
	}
	i := slices.IndexFunc(list, func(e tray.Entry) bool { return e.ID == id })
	switch {
	case i < 0:
	case len(list[i].Entries) > 0:
		t.path = append(t.path, id)
		t.show(key)
	case t.service != nil:
		t.service.Click(key, id)
	}
}
