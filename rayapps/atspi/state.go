package atspi

import "rayos/rayapps/ui"

// states is a set of AtspiStateType.
type states uint64

// States, by their numbers.
const (
	stateActive       states = 1 << 1
	stateBusy         states = 1 << 3
	stateChecked      states = 1 << 4
	stateCollapsed    states = 1 << 5
	stateDefunct      states = 1 << 6
	stateEditable     states = 1 << 7
	stateEnabled      states = 1 << 8
	stateExpandable   states = 1 << 9
	stateExpanded     states = 1 << 10
	stateFocusable    states = 1 << 11
	stateFocused      states = 1 << 12
	stateModal        states = 1 << 16
	stateMultiLine    states = 1 << 17
	statePressed      states = 1 << 20
	stateSelectable   states = 1 << 22
	stateSelected     states = 1 << 23
	stateSensitive    states = 1 << 24
	stateShowing      states = 1 << 25
	stateSingleLine   states = 1 << 26
	stateVisible      states = 1 << 30
	stateMixed        states = 1 << 32
	stateInvalidEntry states = 1 << 36
	stateCheckable    states = 1 << 41
	stateHasPopup     states = 1 << 42
	stateReadOnly     states = 1 << 43
)

// stateNames are the details of StateChanged, in the order in which clients
// hear of several: what is lost and gained of the focus comes last.
var stateNames = []struct {
	state states
	name  string
}{
	{stateActive, "active"},
	{stateBusy, "busy"},
	{stateChecked, "checked"},
	{stateCollapsed, "collapsed"},
	{stateEditable, "editable"},
	{stateEnabled, "enabled"},
	{stateExpandable, "expandable"},
	{stateExpanded, "expanded"},
	{stateFocusable, "focusable"},
	{stateModal, "modal"},
	{stateMultiLine, "multi-line"},
	{statePressed, "pressed"},
	{stateSelectable, "selectable"},
	{stateSelected, "selected"},
	{stateSensitive, "sensitive"},
	{stateShowing, "showing"},
	{stateSingleLine, "single-line"},
	{stateVisible, "visible"},
	{stateMixed, "indeterminate"},
	{stateInvalidEntry, "invalid-entry"},
	{stateCheckable, "checkable"},
	{stateHasPopup, "has-popup"},
	{stateReadOnly, "read-only"},
	{stateFocused, "focused"},
}

// words returns the set as GetState does: the low half first.
func (s states) words() []uint32 { return []uint32{uint32(s), uint32(s >> 32)} }

var traitStates = []struct {
	trait ui.Traits
	state states
}{
	{ui.IsFocusable, stateFocusable},
	{ui.IsMixed, stateMixed},
	{ui.IsSelected, stateSelected},
	{ui.IsExpandable, stateExpandable},
	{ui.IsExpanded, stateExpanded},
	{ui.IsReadOnly, stateReadOnly},
	{ui.IsModal, stateModal},
	{ui.IsBusy, stateBusy},
	{ui.IsInvalid, stateInvalidEntry},
	{ui.HasPopup, stateHasPopup},
}

// statesOf returns what an Info says about itself. Active is whether its window
// has the keyboard: without it nothing is focused.
func statesOf(i *ui.Info, active bool) states {
	s := stateVisible
	for _, t := range traitStates {
		if i.Traits&t.trait != 0 {
			s |= t.state
		}
	}
	if i.Traits&ui.IsDisabled == 0 {
		s |= stateEnabled | stateSensitive
	}
	if i.Traits&ui.IsFocused != 0 && active {
		s |= stateFocused
	}
	if i.Traits&(ui.IsExpandable|ui.IsExpanded) == ui.IsExpandable {
		s |= stateCollapsed
	}
	checked := i.Traits&ui.IsChecked != 0
	switch i.Role {
	case ui.RoleCheckbox, ui.RoleRadio, ui.RoleCheckMenuItem:
		s |= stateCheckable
	case ui.RoleToggle, ui.RoleSwitch:
		s |= stateCheckable
		if checked {
			s |= statePressed
		}
	case ui.RoleEntry, ui.RolePassword, ui.RoleText:
		if i.Traits&(ui.IsReadOnly|ui.IsDisabled) == 0 {
			s |= stateEditable
		}
		if i.Traits&ui.IsMultiline != 0 {
			s |= stateMultiLine
		} else {
			s |= stateSingleLine
		}
	case ui.RoleListItem, ui.RoleTableRow, ui.RoleTreeItem, ui.RoleTab:
		s |= stateSelectable
	case ui.RoleWindow:
		if active {
			s |= stateActive
		}
	}
	if checked {
		s |= stateChecked
	}
	return s
}
