package atspi

import "rayos/rayapps/ui"

// role is a number of AtspiRole and its name.
type role struct {
	number uint32
	name   string
}

var (
	roleApplication = role{75, "application"}
	roleFrame       = role{23, "frame"}
	roleUnknown     = role{67, "unknown"}
)

// roles tells what the toolkit's roles are called. A switch is a toggle button:
// its own number is younger than libraries in use.
var roles = map[ui.Role]role{
	ui.RoleWindow:        roleFrame,
	ui.RolePanel:         {39, "panel"},
	ui.RoleLabel:         {29, "label"},
	ui.RoleHeading:       {83, "heading"},
	ui.RoleButton:        {43, "push button"},
	ui.RoleToggle:        {62, "toggle button"},
	ui.RoleCheckbox:      {7, "check box"},
	ui.RoleRadio:         {44, "radio button"},
	ui.RoleGroup:         {99, "grouping"},
	ui.RoleSwitch:        {62, "toggle button"},
	ui.RoleSlider:        {51, "slider"},
	ui.RoleEntry:         {79, "entry"},
	ui.RolePassword:      {40, "password text"},
	ui.RoleText:          {61, "text"},
	ui.RoleList:          {98, "list box"},
	ui.RoleListItem:      {32, "list item"},
	ui.RoleTable:         {55, "table"},
	ui.RoleTableRow:      {90, "table row"},
	ui.RoleTableCell:     {56, "table cell"},
	ui.RoleColumnHeader:  {57, "table column header"},
	ui.RoleTree:          {65, "tree"},
	ui.RoleTreeItem:      {91, "tree item"},
	ui.RoleTabList:       {38, "page tab list"},
	ui.RoleTab:           {37, "page tab"},
	ui.RoleTabPanel:      {39, "panel"},
	ui.RoleScroll:        {49, "scroll pane"},
	ui.RoleMenu:          {33, "menu"},
	ui.RoleMenuItem:      {35, "menu item"},
	ui.RoleCheckMenuItem: {8, "check menu item"},
	ui.RoleSeparator:     {50, "separator"},
	ui.RolePopover:       {39, "panel"},
	ui.RoleDialog:        {16, "dialog"},
	ui.RoleTooltip:       {64, "tool tip"},
	ui.RoleProgress:      {42, "progress bar"},
	ui.RoleSpinner:       {3, "animation"},
	ui.RoleImage:         {27, "image"},
	ui.RoleCanvas:        {6, "canvas"},
	ui.RoleSplitPane:     {53, "split pane"},
	ui.RoleChart:         {80, "chart"},
	ui.RoleChip:          {43, "push button"},
	ui.RoleAlert:         {101, "notification"},
	ui.RoleToolbar:       {63, "tool bar"},
	ui.RoleComboBox:      {11, "combo box"},
}

func roleOf(r ui.Role) role {
	if to, ok := roles[r]; ok {
		return to
	}
	return roleUnknown
}
