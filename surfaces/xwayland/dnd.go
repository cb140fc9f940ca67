package xwayland

import "github.com/jezek/xgb/xproto"

// xdndVersion is the version of the drag and drop protocol that is spoken.
const xdndVersion = 5

type dragIn struct{ target xproto.Window }

func (m *manager) dragOwned(xproto.Window)                     {}
func (m *manager) doDrag(command)                              {}
func (m *manager) dragMessage(name, xproto.ClientMessageEvent) {}
