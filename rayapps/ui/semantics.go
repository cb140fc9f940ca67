package ui

import "rayos/geom"

// Role is what an element is to a person. The names are those of AT-SPI.
type Role uint8

// Roles.
const (
	NoRole Role = iota // what is in it belongs to the parent
	RoleWindow
	RolePanel
	RoleLabel
	RoleHeading
	RoleButton
	RoleToggle
	RoleCheckbox
	RoleRadio
	RoleGroup
	RoleSwitch
	RoleSlider
	RoleEntry
	RolePassword
	RoleText
	RoleList
	RoleListItem
	RoleTable
	RoleTableRow
	RoleTableCell
	RoleColumnHeader
	RoleTree
	RoleTreeItem
	RoleTabList
	RoleTab
	RoleTabPanel
	RoleScroll
	RoleMenu
	RoleMenuItem
	RoleCheckMenuItem
	RoleSeparator
	RolePopover
	RoleDialog
	RoleTooltip
	RoleProgress
	RoleSpinner
	RoleImage
	RoleCanvas
	RoleSplitPane
	RoleChart
	RoleChip
	RoleAlert
	RoleToolbar
	RoleComboBox
	roles
)

func (r Role) String() string { return roleNames[min(r, roles-1)] }

var roleNames = [roles]string{
	"", "window", "panel", "label", "heading", "push button", "toggle button", "check box", "radio button", "grouping",
	"switch", "slider", "entry", "password text", "text", "list box", "list item", "table", "table row", "table cell",
	"column header", "tree", "tree item", "page tab list", "page tab", "panel", "scroll pane", "menu", "menu item",
	"check menu item", "separator", "popover", "dialog", "tool tip", "progress bar", "spinner", "image", "canvas",
	"split pane", "chart", "chip", "notification", "tool bar", "combo box",
}

// Traits are what can be said of an element besides.
type Traits uint32

// Traits.
const (
	IsFocusable Traits = 1 << iota
	IsFocused
	IsDisabled
	IsChecked
	IsMixed // neither checked nor unchecked
	IsSelected
	IsExpandable
	IsExpanded
	IsReadOnly
	IsMultiline
	IsModal
	IsBusy
	IsInvalid
	HasPopup
)

var traitNames = []string{
	"focusable", "focused", "disabled", "checked", "mixed", "selected", "expandable", "expanded", "read-only", "multi-line",
	"modal", "busy", "invalid", "has-popup",
}

func (t Traits) String() string {
	s := ""
	for i, name := range traitNames {
		if t&(1<<i) != 0 {
			if s != "" {
				s += " "
			}
			s += name
		}
	}
	return s
}

// Action is what can be done to an element without a pointer or keys.
type Action uint8

// Actions.
const (
	DoActivate Action = iota // as a click
	DoFocus                  // carried out by the root
	DoIncrease
	DoDecrease
	DoSetValue // value is the new one
	DoExpand
	DoCollapse
	DoSelect
	DoDismiss
	actions
)

func (a Action) String() string {
	return [...]string{
		"activate", "focus", "increase", "decrease", "set value", "expand", "collapse", "select", "dismiss", "invalid",
	}[min(a, actions)]
}

// Range is the value of a slider or a progress bar.
type Range struct{ Min, Max, Now, Step float64 }

// Info is what an element means. Describe fills it in.
type Info struct {
	ID          uint64
	Role        Role
	Name        string
	Description string
	Value       string
	Range       Range
	Traits      Traits
	Actions     []Action
	// Bounds is the place in the root, in logical pixels.
	Bounds geom.Rect
	// Index of Count is the place among all siblings, those that exist only
	// as numbers included; from 1, 0 if it doesn't matter.
	Index, Count int
	// Level is the depth in a tree, or of a heading, from 1.
	Level int
	// Caret and Anchor are byte offsets in Value of the selection's ends.
	Caret, Anchor int
	Children      []*Info
}

// Can adds actions.
func (i *Info) Can(a ...Action) { i.Actions = append(i.Actions, a...) }

// Semantics returns what the tree means. The result is the caller's.
func (r *Root) Semantics() *Info {
	r.Layout()
	top := &Info{ID: r.top.id, Role: RoleWindow, Bounds: r.size.Rect()}
	r.describe(r.top, top)
	return top
}

// describe appends what is in e to its info.
func (r *Root) describe(e *Element, in *Info) {
	for _, k := range e.children {
		to := in
		if d, ok := k.node.(Describer); ok {
			i := &Info{ID: k.id, Bounds: k.Bounds()}
			if k.policy() != NoFocus {
				i.Traits |= IsFocusable
				i.Can(DoFocus)
			}
			if r.focus == k {
				i.Traits |= IsFocused
			}
			d.Describe(k, i)
			if i.Role != NoRole {
				in.Children = append(in.Children, i)
				to = i
			}
		}
		if q, ok := k.node.(silent); ok && q.hides() {
			continue
		}
		r.describe(k, to)
	}
}

// silent is a node whose children mean nothing beyond itself.
type silent interface{ hides() bool }

// Do carries an action out on the element with an ID, and reports whether it
// could.
func (r *Root) Do(id uint64, a Action, value string) bool {
	r.Layout()
	if id>>32 != 0 {
		e := r.find(r.top, id>>32)
		if e == nil {
			return false
		}
		k, ok := e.node.(inside)
		return ok && k.actInside(id&(1<<32-1), a, value)
	}
	e := r.find(r.top, id)
	if e == nil {
		return false
	}
	if a == DoFocus {
		return e.Focus()
	}
	k, ok := e.node.(Actor)
	return ok && k.Act(e, a, value)
}

func (r *Root) find(e *Element, id uint64) *Element {
	if e.id == id {
		return e
	}
	for _, k := range e.children {
		if f := r.find(k, id); f != nil {
			return f
		}
	}
	return nil
}

// Labelled gives what is in it a name and a description that is not to be seen.
type Labelled struct {
	wrap
	Name, Description string
	Role              Role // NoRole is a grouping
	Child             Node
}

// Build implements Parent.
func (l Labelled) Build(*Element) []Node { return []Node{l.Child} }

// Describe implements Describer.
func (l Labelled) Describe(_ *Element, i *Info) {
	i.Role, i.Name, i.Description = l.Role, l.Name, l.Description
	if l.Role == NoRole {
		i.Role = RoleGroup
	}
}
