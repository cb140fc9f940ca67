package xwayland

import (
	"fmt"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// name is an atom that this package uses, by its place in names.
type name uint8

// The atoms. Predefined ones (PRIMARY, STRING, ATOM…) have constants in xproto.
const (
	wmS0 name = iota
	netWMCMS0
	wmProtocols
	wmDeleteWindow
	wmTakeFocus
	wmState
	wmChangeState
	wmWindowRole
	wmClientLeader
	wlSurfaceID
	wlSurfaceSerial
	utf8String
	compoundText
	text
	motifHints
	gtkFrameExtents
	managerMessage
	xsettingsS0
	xsettingsSettings

	netSupported
	netSupportingWMCheck
	netWMName
	netWMPID
	netWMIcon
	netWMPing
	netWMUserTime
	netWMOpacity
	netFrameExtents
	netRequestFrameExtents
	netClientList
	netClientListStacking
	netActiveWindow
	netCloseWindow
	netWMMoveResize
	netMoveResizeWindow
	netRestackWindow
	netWorkarea
	netDesktopGeometry
	netDesktopViewport
	netNumberOfDesktops
	netCurrentDesktop
	netWMDesktop

	netWMState
	stateModal
	stateSticky
	stateMaxVert
	stateMaxHorz
	stateShaded
	stateSkipTaskbar
	stateSkipPager
	stateHidden
	stateFullscreen
	stateAbove
	stateBelow
	stateAttention
	stateFocused

	netWMWindowType
	typeDesktop
	typeDock
	typeToolbar
	typeMenu
	typeUtility
	typeSplash
	typeDialog
	typeDropdownMenu
	typePopupMenu
	typeTooltip
	typeNotification
	typeCombo
	typeDND
	typeNormal

	clipboard
	targets
	timestamp
	multiple
	incr
	deleteTarget
	selectionData

	xdndAware
	xdndSelection
	xdndEnter
	xdndPosition
	xdndStatus
	xdndLeave
	xdndDrop
	xdndFinished
	xdndTypeList
	xdndActionCopy
	xdndActionMove
	xdndActionAsk
	xdndActionPrivate
	xdndProxy

	nameCount
)

var names = [nameCount]string{
	wmS0: "WM_S0", netWMCMS0: "_NET_WM_CM_S0", wmProtocols: "WM_PROTOCOLS", wmDeleteWindow: "WM_DELETE_WINDOW",
	wmTakeFocus: "WM_TAKE_FOCUS", wmState: "WM_STATE", wmChangeState: "WM_CHANGE_STATE", wmWindowRole: "WM_WINDOW_ROLE",
	wmClientLeader: "WM_CLIENT_LEADER", wlSurfaceID: "WL_SURFACE_ID", wlSurfaceSerial: "WL_SURFACE_SERIAL",
	utf8String: "UTF8_STRING", compoundText: "COMPOUND_TEXT", text: "TEXT", motifHints: "_MOTIF_WM_HINTS",
	gtkFrameExtents: "_GTK_FRAME_EXTENTS", managerMessage: "MANAGER",
	xsettingsS0: "_XSETTINGS_S0", xsettingsSettings: "_XSETTINGS_SETTINGS",

	netSupported: "_NET_SUPPORTED", netSupportingWMCheck: "_NET_SUPPORTING_WM_CHECK", netWMName: "_NET_WM_NAME",
	netWMPID: "_NET_WM_PID", netWMIcon: "_NET_WM_ICON", netWMPing: "_NET_WM_PING", netWMUserTime: "_NET_WM_USER_TIME",
	netWMOpacity: "_NET_WM_WINDOW_OPACITY", netFrameExtents: "_NET_FRAME_EXTENTS",
	netRequestFrameExtents: "_NET_REQUEST_FRAME_EXTENTS", netClientList: "_NET_CLIENT_LIST",
	netClientListStacking: "_NET_CLIENT_LIST_STACKING", netActiveWindow: "_NET_ACTIVE_WINDOW",
	netCloseWindow: "_NET_CLOSE_WINDOW", netWMMoveResize: "_NET_WM_MOVERESIZE",
	netMoveResizeWindow: "_NET_MOVERESIZE_WINDOW", netRestackWindow: "_NET_RESTACK_WINDOW",
	netWorkarea: "_NET_WORKAREA", netDesktopGeometry: "_NET_DESKTOP_GEOMETRY",
	netDesktopViewport: "_NET_DESKTOP_VIEWPORT", netNumberOfDesktops: "_NET_NUMBER_OF_DESKTOPS",
	netCurrentDesktop: "_NET_CURRENT_DESKTOP", netWMDesktop: "_NET_WM_DESKTOP",

	netWMState: "_NET_WM_STATE", stateModal: "_NET_WM_STATE_MODAL", stateSticky: "_NET_WM_STATE_STICKY",
	stateMaxVert: "_NET_WM_STATE_MAXIMIZED_VERT", stateMaxHorz: "_NET_WM_STATE_MAXIMIZED_HORZ",
	stateShaded: "_NET_WM_STATE_SHADED", stateSkipTaskbar: "_NET_WM_STATE_SKIP_TASKBAR",
	stateSkipPager: "_NET_WM_STATE_SKIP_PAGER", stateHidden: "_NET_WM_STATE_HIDDEN",
	stateFullscreen: "_NET_WM_STATE_FULLSCREEN", stateAbove: "_NET_WM_STATE_ABOVE", stateBelow: "_NET_WM_STATE_BELOW",
	stateAttention: "_NET_WM_STATE_DEMANDS_ATTENTION", stateFocused: "_NET_WM_STATE_FOCUSED",

	netWMWindowType: "_NET_WM_WINDOW_TYPE", typeDesktop: "_NET_WM_WINDOW_TYPE_DESKTOP",
	typeDock: "_NET_WM_WINDOW_TYPE_DOCK", typeToolbar: "_NET_WM_WINDOW_TYPE_TOOLBAR",
	typeMenu: "_NET_WM_WINDOW_TYPE_MENU", typeUtility: "_NET_WM_WINDOW_TYPE_UTILITY",
	typeSplash: "_NET_WM_WINDOW_TYPE_SPLASH", typeDialog: "_NET_WM_WINDOW_TYPE_DIALOG",
	typeDropdownMenu: "_NET_WM_WINDOW_TYPE_DROPDOWN_MENU", typePopupMenu: "_NET_WM_WINDOW_TYPE_POPUP_MENU",
	typeTooltip: "_NET_WM_WINDOW_TYPE_TOOLTIP", typeNotification: "_NET_WM_WINDOW_TYPE_NOTIFICATION",
	typeCombo: "_NET_WM_WINDOW_TYPE_COMBO", typeDND: "_NET_WM_WINDOW_TYPE_DND",
	typeNormal: "_NET_WM_WINDOW_TYPE_NORMAL",

	clipboard: "CLIPBOARD", targets: "TARGETS", timestamp: "TIMESTAMP", multiple: "MULTIPLE", incr: "INCR",
	deleteTarget: "DELETE", selectionData: "_RAYOS_SELECTION",

	xdndAware: "XdndAware", xdndSelection: "XdndSelection", xdndEnter: "XdndEnter", xdndPosition: "XdndPosition",
	xdndStatus: "XdndStatus", xdndLeave: "XdndLeave", xdndDrop: "XdndDrop", xdndFinished: "XdndFinished",
	xdndTypeList: "XdndTypeList", xdndActionCopy: "XdndActionCopy", xdndActionMove: "XdndActionMove",
	xdndActionAsk: "XdndActionAsk", xdndActionPrivate: "XdndActionPrivate", xdndProxy: "XdndProxy",
}

// atoms are the X server's numbers for names, and the way back. Others are
// interned as they come up.
type atoms struct {
	of   [nameCount]xproto.Atom
	back map[xproto.Atom]name
}

// internAtoms asks for all numbers at once.
func internAtoms(c *xgb.Conn) (*atoms, error) {
	var cookies [nameCount]xproto.InternAtomCookie
	for i, n := range names {
		cookies[i] = xproto.InternAtom(c, false, uint16(len(n)), n)
	}
	a := &atoms{back: make(map[xproto.Atom]name, nameCount)}
	for i := range cookies {
		r, err := cookies[i].Reply()
		if err != nil {
			return nil, fmt.Errorf("atom %s: %w", names[i], err)
		}
		a.of[i] = r.Atom
		a.back[r.Atom] = name(i)
	}
	return a, nil
}

// known returns the name of an atom.
func (a *atoms) known(v xproto.Atom) (name, bool) {
	n, ok := a.back[v]
	return n, ok
}
