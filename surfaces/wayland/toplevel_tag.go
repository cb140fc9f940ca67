package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addToplevelTag() {
	s.addGlobal(&protocol.XdgToplevelTagManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgToplevelTagManagerV1(c.conn, id, version).Handler = toplevelTags{}
	})
}

type toplevelTags struct{}

func (toplevelTags) Destroy(*server.XdgToplevelTagManagerV1) {}

// SetToplevelTag names a window's purpose for rules and for other runs of the
// program.
func (toplevelTags) SetToplevelTag(_ *server.XdgToplevelTagManagerV1, top *server.XdgToplevel, tag string) {
	t := top.Handler.(*toplevel)
	t.guest.Tag = cleanText(tag)
	t.tell(ChangeTag)
}

// SetToplevelDescription names it for people.
func (toplevelTags) SetToplevelDescription(_ *server.XdgToplevelTagManagerV1, top *server.XdgToplevel, text string) {
	t := top.Handler.(*toplevel)
	t.guest.Description = cleanText(text)
	t.tell(ChangeTag)
}
