package rfb

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// capability is one entry of TightVNC's lists (rfbproto, Tight Security Type). All of it
// names one thing.
type capability struct {
	code int32
	name string // vendor and signature
}

// The capabilities that the client knows.
var (
	noTunnel   = capability{0, "TGHTNOTUNNEL"}
	tightTypes = []struct {
		capability
		is Security
	}{
		{capability{19, "VENCVENCRYPT"}, VeNCrypt},
		{capability{1, "STDVNOAUTH__"}, None},
		{capability{2, "STDVVNCAUTH_"}, VncAuth},
		{capability{129, "TGHTULGNAUTH"}, UnixLogin},
	}
)

// maxCapabilities bounds a list.
const maxCapabilities = 256

// list reads the capabilities of a list of n.
func (h *handshake) list(n uint32) ([]capability, error) {
	if n > maxCapabilities {
		return nil, fmt.Errorf("%d capabilities; the limit is %d", n, maxCapabilities)
	}
	var all []capability
	for range n {
		p, err := h.c.in.take(16)
		if err != nil {
			return nil, err
		}
		all = append(all, capability{int32(binary.BigEndian.Uint32(p)), string(p[4:16])})
	}
	return all, nil
}

// tight agrees on no tunnel and on a way to authenticate, the best that is allowed.
func (h *handshake) tight() error {
	h.more = true
	n, err := h.c.in.u32()
	if err != nil {
		return err
	}
	tunnels, err := h.list(n)
	if err != nil {
		return fmt.Errorf("tunnels: %w", err)
	}
	if len(tunnels) > 0 {
		if !slices.Contains(tunnels, noTunnel) {
			return fmt.Errorf("%w: the server wants a tunnel of %v", ErrSecurity, tunnels)
		}
		if err := h.write(binary.BigEndian.AppendUint32(nil, uint32(noTunnel.code))); err != nil {
			return err
		}
	}
	if n, err = h.c.in.u32(); err != nil {
		return err
	}
	offered, err := h.list(n)
	if err != nil {
		return fmt.Errorf("ways to authenticate: %w", err)
	}
	types, _ := h.c.opt.wanted()
	if h.c.opt.Security == nil || slices.Contains(h.c.opt.Security, TightVNC) {
		types = append(types, None, VncAuth)
	}
	if slices.Contains(h.c.opt.Security, UnixLogin) {
		types = append(types, UnixLogin)
	}
	if len(offered) == 0 { // the server goes on as with None
		if !slices.Contains(types, None) {
			return fmt.Errorf("%w: the server asks for nothing", ErrSecurity)
		}
		h.c.Security = None
		return nil
	}
	for _, t := range tightTypes {
		if !slices.Contains(offered, t.capability) || !slices.Contains(types, t.is) {
			continue
		}
		if err := h.write(binary.BigEndian.AppendUint32(nil, uint32(t.code))); err != nil {
			return err
		}
		if t.is == UnixLogin {
			h.c.Security = UnixLogin
			return h.plain()
		}
		return h.authenticate(t.is)
	}
	return fmt.Errorf("%w: the server has %v", ErrSecurity, offered)
}

// capabilities passes over what a TightVNC server tells of its messages and encodings.
func (h *handshake) capabilities() error {
	p, err := h.c.in.take(8)
	if err != nil {
		return err
	}
	n := 0 // of the server's messages, the client's, and encodings
	for i := range 3 {
		n += int(binary.BigEndian.Uint16(p[2*i:]))
	}
	_, err = h.list(uint32(n))
	return err
}
