package xwayland

import (
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// xdndVersion is the version of the drag and drop protocol that is spoken.
const xdndVersion = 5

func (m *manager) setUpSelections() error                           { return nil }
func (m *manager) endTransfers()                                    {}
func (m *manager) selectionEvent(xgb.Event)                         {}
func (m *manager) requestorGone(xproto.Window)                      {}
func (m *manager) transferProperty(xproto.PropertyNotifyEvent) bool { return false }
func (m *manager) doSelection(command)                              {}
func (m *manager) dragMessage(name, xproto.ClientMessageEvent)      {}
