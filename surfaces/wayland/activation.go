package wayland

import (
	"crypto/rand"
	"slices"
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

func (s *Server) addActivation() {
	s.addGlobal(&protocol.XdgActivationV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgActivationV1(c.conn, id, version).Handler = activation{c}
	})
}

// activationToken allows one window to take the focus.
type activationToken struct {
	text  string
	appID string // of the program that is being started, may be empty
	seat  *seat.Seat
	until time.Duration
}

const (
	// tokenLife is how long a program may take to start. Whoever comes later
	// would interrupt what the person has gone on to do.
	tokenLife = 30 * time.Second
	// maxTokens bounds what may be under way; the oldest give way.
	maxTokens = 128
)

// ActivationToken returns a token for a program that the session starts; appID
// may be empty.
func (s *Server) ActivationToken(appID string) string { return s.activationToken(s.main, appID) }

func (s *Server) activationToken(g *seatGlobal, appID string) string {
	now := s.Loop.Now()
	s.tokens = slices.DeleteFunc(s.tokens, func(t activationToken) bool { return t.until < now })
	if len(s.tokens) >= maxTokens {
		s.tokens = slices.Delete(s.tokens, 0, 1)
	}
	t := activationToken{text: rand.Text(), appID: appID, seat: g.seat, until: now + tokenLife}
	s.tokens = append(s.tokens, t)
	return t.text
}

// redeem uses a token up. It reports whether it was good.
func (s *Server) redeem(text string) (activationToken, bool) {
	i := slices.IndexFunc(s.tokens, func(t activationToken) bool { return t.text == text })
	if i < 0 {
		return activationToken{}, false
	}
	t := s.tokens[i]
	s.tokens = slices.Delete(s.tokens, i, i+1)
	return t, t.until >= s.Loop.Now()
}

// mayPassFocus reports whether the focus is the client's to give away: the
// serial is of something that a person did in it, and they have done nothing
// elsewhere since, unless it has the keyboard still.
func (sc *seatClient) mayPassFocus(serial uint32) bool {
	c, st := sc.c, sc.g.seat
	kind, ok := st.ValidSerial(serial, c)
	f := surfaceBehind(st.KeyboardFocus())
	focused := f != nil && f.c == c
	switch {
	case !ok:
		return false
	case kind.ByUser():
		return focused || st.LastUsed() == any(c)
	}
	return kind == seat.SerialKeyboardEnter && focused
}

type activation struct{ c *Client }

func (activation) Destroy(*server.XdgActivationV1) {}

// GetActivationToken begins a token.
func (h activation) GetActivationToken(_ *server.XdgActivationV1, id *server.XdgActivationTokenV1) {
	id.Handler = &tokenRequest{seatClient: &h.c.seat}
}

// Activate gives a window the focus, or shows that it would like to have it.
func (h activation) Activate(_ *server.XdgActivationV1, token string, surf *server.WlSurface) {
	srv := h.c.srv
	t, good := srv.redeem(token)
	g := surfaceOf(surf).Guest()
	if g == nil {
		return
	}
	srv.log.Debug("activation", "window", g.AppID, "for", t.appID, "granted", good)
	r := Request{Kind: RequestAttention, Client: h.c}
	if good {
		r.Kind, r.Seat = RequestActivate, t.seat
	}
	srv.shell.WindowRequest(g, r)
}

// tokenRequest is xdg_activation_token_v1.
type tokenRequest struct {
	*seatClient // that the serial is of
	serial      uint32
	appID       string
	committed   bool
}

func (*tokenRequest) Destroy(*server.XdgActivationTokenV1) {}

// open posts an error if the token was made already.
func (t *tokenRequest) open(res *server.XdgActivationTokenV1) bool {
	if t.committed {
		res.PostError(protocol.XdgActivationTokenV1ErrorAlreadyUsed, "the token is committed")
	}
	return !t.committed
}

// SetSerial says what the person did.
func (t *tokenRequest) SetSerial(res *server.XdgActivationTokenV1, serial uint32, st *server.WlSeat) {
	if t.open(res) {
		t.serial, t.seatClient = serial, t.c.seatOf(st)
	}
}

// SetAppId names the program that is being started.
func (t *tokenRequest) SetAppId(res *server.XdgActivationTokenV1, id string) { //nolint:revive // generated name
	if t.open(res) {
		t.appID = cleanText(id)
	}
}

// SetSurface says which surface starts it. The serial tells as much.
func (t *tokenRequest) SetSurface(res *server.XdgActivationTokenV1, _ *server.WlSurface) { t.open(res) }

// Commit makes the token. Without a claim to the focus it is one that nobody
// knows: the client can't tell.
func (t *tokenRequest) Commit(res *server.XdgActivationTokenV1) {
	if !t.open(res) {
		return
	}
	t.committed = true
	if !t.mayPassFocus(t.serial) {
		res.SendDone(rand.Text())
		return
	}
	res.SendDone(t.c.srv.activationToken(t.g, t.appID))
}
