package vnc

import (
	"errors"
	"os"
	"strings"

	"rayos/geom"
	"rayos/internal/bus"
	"rayos/rayapps"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/rfb"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Options says what the app is called.
var Options = rayapps.Options{
	ID: "org.rayos.VNC", Title: lang.M("Remote Desktop"), Size: geom.Size{W: 960, H: 640}, MinSize: geom.Size{W: 360, H: 280},
}

// Viewer is the app.
type Viewer struct {
	w       *rayapps.Window
	book    *book
	secrets secrets
	ring    bool   // there is a keyring
	warn    string // what is wrong beside the connection

	address string // as it was typed
	bad     string // what is wrong with it
	link    *link  // nil without a connection
	failed  string // why there is none any more
	server  server // that it is, or was

	password *wantPassword
	user     string // typed as its answer
	typed    string
	remember bool
	secret   string // that let the person in, for as long as they look
	lost     *lost  // nil but while the connection is to come again
	trust    *wantTrust

	name     string // of the desktop
	security rfb.Security
	screen   *screen // nil before there is one
	box      geom.Rect
	room     geom.Size // that the server was last asked for
	whole    bool      // the picture is as large as the window
	lookOnly bool
	down     rfb.Button
	held     map[uint32]rfbKey
	wheel    geom.FPoint // scrolled, and not yet sent
}

// rfbKey is a key that is held.
type rfbKey struct{ sym, scan uint32 }

// New returns a viewer that connects with the servers of arguments, of which there
// is one.
func New(args []string, getenv func(string) string) (*Viewer, error) {
	if len(args) > 1 {
		return nil, errors.New("usage: vnc [ADDRESS]")
	}
	v := &Viewer{whole: true, held: map[uint32]rfbKey{}}
	var err error
	if v.book, err = openBook(bookPath(getenv)); err != nil {
		v.warn = err.Error()
	}
	v.address = strings.Join(args, "")
	return v, nil
}

// Run shows a viewer.
func Run(args []string) error {
	v, err := New(args, os.Getenv)
	if err != nil {
		return err
	}
	v.secrets.bus = bus.Address()
	return rayapps.Run(Options, v)
}

// Start implements rayapps.Starter.
func (v *Viewer) Start(w *rayapps.Window) error {
	v.w = w
	if v.secrets.bus != "" {
		v.findRing()
	}
	if v.address != "" {
		v.connect(v.address)
	} else {
		w.Post(func() { w.Root().FocusNext(false) }) // the address, when there is a view
	}
	return nil
}

// Destroy implements rayapps.Destroyer.
func (v *Viewer) Destroy() {
	v.found()
	if v.link != nil {
		v.link.close()
	}
}

// Title implements rayapps.Titler.
func (v *Viewer) Title() string {
	if v.screen != nil && v.name != "" {
		return v.name
	}
	return lang.T(Options.Title)
}

func (v *Viewer) connect(address string) {
	v.address, v.bad, v.failed, v.secret = address, "", "", ""
	v.server = v.book.get(address)
	v.dial()
}

// dial connects with the server.
func (v *Viewer) dial() {
	to, err := parseAddress(v.address)
	if err != nil {
		v.bad = err.Error()
		return
	}
	known := v.server
	if v.secret != "" {
		known.Password = v.secret
	}
	var l *link
	l = dial(to, known, v.secrets, v.w.Post, func(event any) {
		if v.link == l {
			v.told(event)
		}
	})
	v.link = l
}

// told is what the link tells.
func (v *Viewer) told(event any) {
	switch ev := event.(type) {
	case wantPassword:
		v.password, v.user, v.typed, v.remember = &ev, v.server.User, "", false
	case wantTrust:
		v.trust = &ev
	case connected:
		v.name, v.security = ev.name, ev.security
		v.server.Name = ev.name
		v.keep()
	case resized:
		v.resize(ev.desktop)
	case painted:
		if v.screen != nil {
			v.screen.take(ev.fb, ev.damage)
		}
	case clipSet:
		v.w.Root().Clipboard().Copy(ev.text)
	case ended:
		v.end(ev.err)
	}
	v.w.Invalidate()
}

func (v *Viewer) resize(d rfb.Desktop) {
	s, err := newScreen(d.Size)
	if err != nil {
		v.hangUp()
		v.failed = err.Error()
		return
	}
	v.found()
	v.screen = s
}

// end shows why a connection has ended.
func (v *Viewer) end(err error) {
	v.link, v.password, v.trust = nil, nil, nil
	if v.screen != nil && comes(err) {
		v.lose(err)
		return
	}
	v.found()
	v.screen = nil
	switch {
	case errors.Is(err, errNo):
		v.failed = ""
	case errors.Is(err, rfb.ErrRefused) && (v.server.Password != "" || v.server.Ring):
		v.dropSecret(v.server.Address, v.server.Ring)
		v.server.Password, v.server.Ring = "", false // it is another one now
		v.keep()
		v.failed = err.Error()
	case err == nil:
		v.failed = lang.T("The server has closed the connection.")
	default:
		v.failed = err.Error()
	}
}

// hangUp ends the connection, as the person wants.
func (v *Viewer) hangUp() {
	if v.link != nil {
		v.link.close()
	}
	v.found()
	v.link, v.screen, v.password, v.trust, v.failed, v.secret = nil, nil, nil, nil, "", ""
}

// View implements rayapps.App.
func (v *Viewer) View(w *rayapps.Window) ui.Node {
	switch {
	case v.screen != nil:
		return ui.Stack{Children: ui.Nodes{
			ui.Column{Children: ui.Nodes{v.bar(w), ui.Expand{Child: v.canvas()}}},
			v.lostDialog(), v.passwordDialog(), v.trustDialog(),
		}}
	case v.link != nil:
		return ui.Stack{Children: ui.Nodes{
			ui.Centred(ui.Column{Gap: theme.Space4, Align: ui.Centre, Children: ui.Nodes{
				ui.Spinner{Name: lang.T("Connecting"), Size: 32},
				ui.Label{Text: lang.F("Connecting with {address}", "address", v.address)},
				ui.Button{Text: lang.T("Cancel"), OnPress: v.hangUp},
			}}),
			v.passwordDialog(), v.trustDialog(),
		}}
	}
	return v.form(w)
}

// form asks for an address.
func (v *Viewer) form(w *rayapps.Window) ui.Node {
	th := w.Theme()
	list := ui.Nodes{
		ui.Title(lang.T("Remote desktop")),
		ui.Row{Gap: theme.Space2, Children: ui.Nodes{
			ui.Expand{Child: ui.TextField{
				Name: lang.T("Address"), Placeholder: lang.T("host, host:1 or host:5901"), Icon: icon.Search, Text: v.address, Invalid: v.bad != "", MaxBytes: maxAddress,
				OnChange: func(s string) { v.address, v.bad = s, "" },
				OnSubmit: func(s string) { v.connect(s) },
			}},
			ui.Button{Text: lang.T("Connect"), Tone: ui.Primary, Disabled: strings.TrimSpace(v.address) == "", OnPress: func() { v.connect(v.address) }},
		}},
	}
	for _, text := range []string{v.bad, v.failed, v.warn} {
		if text != "" {
			list = append(list, ui.Label{Text: text, Color: th.Bad})
		}
	}
	if len(v.book.Servers) > 0 {
		list = append(list, ui.Padding{Insets: ui.Insets{Top: theme.Space3}, Child: ui.Label{Text: lang.T("Looked at before"), Bold: true}})
		rows := v.book.Servers
		list = append(list, ui.Sized{H: min(int32(len(rows)), 6) * rowHeight, Child: ui.List{
			Name: lang.T("Servers"), Count: len(rows), RowHeight: rowHeight, Selected: -1,
			Key:        func(i int) string { return rows[i].Address },
			OnActivate: func(i int) { v.connect(rows[i].Address) },
			Row:        func(i int) ui.Node { return v.row(th, rows[i]) },
		}})
	}
	return ui.Centred(ui.Padding{Insets: ui.All(theme.Space4), Child: ui.Sized{W: 480, Child: ui.Column{Gap: theme.Space3, Children: list}}})
}

const rowHeight = 48

func (v *Viewer) row(th *theme.Theme, s server) ui.Node {
	name := s.Name
	lines := ui.Nodes{ui.Label{Text: s.Address, Size: theme.Caption, Color: th.Text2, Lines: 1}}
	if name == "" {
		name, lines = s.Address, nil
	}
	return ui.Padding{Insets: ui.Sides(theme.Space2, 0), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{
		ui.Expand{Child: ui.Column{Children: append(ui.Nodes{ui.Label{Text: name, Lines: 1}}, lines...)}},
		ui.Button{Text: lang.T("Connect"), Tone: ui.Quiet, OnPress: func() { v.connect(s.Address) }},
		ui.IconButton(icon.Close, lang.F("Forget {server}", "server", name), func() { v.forget(s.Address) }),
	}}}
}

func (v *Viewer) passwordDialog() ui.Node {
	q := v.password
	if q == nil {
		return ui.Dialog{}
	}
	answer := func(ok bool) {
		v.password = nil
		if ok {
			v.server.User, v.secret = v.user, v.typed
		}
		if ok && v.remember {
			v.server.Password = v.typed
		}
		q.answer(v.user, v.typed, ok)
		v.typed = ""
	}
	text, where := "", lang.T("Remember it in a file that only you can read")
	if v.ring {
		where = lang.T("Remember it in your keyring")
	}
	switch {
	case q.method.Encrypted() && !q.method.Authenticated():
		text = lang.T("The connection is encrypted, but nobody vouches for the server: somebody on the way could pass for it.")
	case !q.method.Encrypted():
		text = lang.T("The connection is not encrypted: whoever is on the way can read what you type, and guess the password.")
	}
	var fields ui.Nodes
	if q.method.Named() {
		fields = append(fields, ui.TextField{
			Name: lang.T("User name"), Placeholder: lang.T("User name"), Text: v.user, First: true, MaxBytes: 255,
			OnChange: func(s string) { v.user = s },
		})
	}
	return ui.Dialog{
		Open: true, Title: lang.F("Password for {address}", "address", v.address), Text: text, OnClose: func() { answer(false) },
		Content: ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: append(
			fields,
			ui.TextField{
				Name: lang.T("Password"), Password: true, First: fields == nil, OnChange: func(s string) { v.typed = s },
				OnSubmit: func(s string) { v.typed = s; answer(true) },
			},
			ui.Checkbox{Text: where, Checked: v.remember, OnChange: func(on bool) { v.remember = on }},
		)},
		Actions: []ui.Button{{Text: lang.T("Cancel"), OnPress: func() { answer(false) }}, {Text: lang.T("Connect"), Tone: ui.Primary, OnPress: func() { answer(true) }}},
	}
}

func (v *Viewer) trustDialog() ui.Node {
	q := v.trust
	if q == nil {
		return ui.Dialog{}
	}
	answer := func(ok bool) {
		v.trust = nil
		if ok {
			v.server.Key = q.key
			v.keep()
		}
		q.answer(ok)
	}
	d := ui.Dialog{
		Open: true, Title: lang.T("Is this the server?"), OnClose: func() { answer(false) },
		Text:    lang.T("Nobody vouches for it. Compare this with what the server says of itself; from now on it will be remembered."),
		Content: ui.Label{Text: fingerprint(q.key), Mono: true},
		Actions: []ui.Button{{Text: lang.T("Cancel"), OnPress: func() { answer(false) }}, {Text: lang.T("Trust"), Tone: ui.Primary, OnPress: func() { answer(true) }}},
	}
	if q.before != "" {
		d.Title = lang.T("This is not the server from before")
		d.Text = lang.T("Its certificate is another one. Somebody may listen in. Only trust it if you know why it has changed.")
		d.Actions[1].Tone = ui.Danger
	}
	return d
}

// fingerprint is a key in groups that people can compare.
func fingerprint(key string) string {
	var groups []string
	for ; len(key) > 4; key = key[4:] {
		groups = append(groups, key[:4])
	}
	return strings.Join(append(groups, key), " ")
}

// bar is above the picture.
func (v *Viewer) bar(w *rayapps.Window) ui.Node {
	th := w.Theme()
	safe := lang.T("not encrypted")
	if v.security.Encrypted() && v.security.Authenticated() {
		safe = lang.T("encrypted")
	} else if v.security.Encrypted() {
		safe = lang.T("encrypted, nobody vouches for the server")
	} else if to, err := parseAddress(v.address); err == nil && to.network == "unix" {
		safe = lang.T("this machine")
	}
	return ui.Padding{Insets: ui.Sides(theme.Space2, theme.Space1), Child: ui.Row{
		Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
			ui.Expand{Child: ui.Label{Text: lang.F("{address} · {safe} · {size}", "address", v.address, "safe", safe, "size", lang.Number(int(v.screen.size.W))+" × "+lang.Number(int(v.screen.size.H))), Color: th.Text2, Lines: 1}},
			ui.Button{Text: lang.T("Ctrl+Alt+Del"), Tone: ui.Quiet, Disabled: v.lookOnly, OnPress: v.attention},
			ui.Button{Text: lang.T("Fit"), Tone: ui.Quiet, Toggle: true, Selected: v.whole, OnPress: func() { v.whole = !v.whole }},
			ui.Button{Text: lang.T("View only"), Tone: ui.Quiet, Toggle: true, Selected: v.lookOnly, OnPress: func() { v.release(); v.lookOnly = !v.lookOnly }},
			ui.Button{Text: lang.T("Disconnect"), Tone: ui.Quiet, OnPress: v.hangUp},
		},
	}}
}

func (v *Viewer) canvas() ui.Node {
	return ui.Canvas{Name: lang.F("Remote desktop {name}", "name", v.name), OnEvent: v.event, Draw: func(b *paint.Builder, size geom.Size) {
		v.ask(size)
		v.box = fit(size, v.screen.size, v.whole)
		if err := v.screen.draw(b, v.box, v.w.Scale()); err != nil {
			v.failed = err.Error()
		}
	}}
}
