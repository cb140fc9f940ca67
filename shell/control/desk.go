package control

// Desk is the parts of the shell that show windows as small live pictures. Its
// methods are called on the session's loop goroutine.
type Desk interface {
	// Switcher begins a walk through the windows in the order of last use, goes
	// on with it, or ends it. app limits one that begins to the windows of one
	// application.
	Switcher(do SwitcherAction, app bool) error
	// Overview spreads all windows of the workspace, or ends that.
	Overview(do OverviewAction) error
}

// SwitcherAction is a step of a walk through the windows.
type SwitcherAction string

// Steps of a walk.
const (
	SwitchNext   SwitcherAction = "next"
	SwitchBack   SwitcherAction = "previous"
	SwitchTake   SwitcherAction = "take"
	SwitchCancel SwitcherAction = "cancel"
)

// OverviewAction is what to do with the overview.
type OverviewAction string

// What can be done with the overview.
const (
	OverviewOn     OverviewAction = "on"
	OverviewOff    OverviewAction = "off"
	OverviewToggle OverviewAction = "toggle"
)

var deskCommands = []*Command{
	{
		Name: "switcher", Help: "walk through the windows, as Alt+Tab does",
		Args: []Arg{
			{
				Name: "step", Kind: KindChoice, Required: true, Help: "next and previous begin a walk, take and cancel end it",
				Choices: []string{string(SwitchNext), string(SwitchBack), string(SwitchTake), string(SwitchCancel)},
			},
			{Name: "app", Kind: KindBool, Flag: true, Help: "only windows of the application in front"},
		},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Switcher(SwitcherAction(get[string](v, "step")), get[bool](v, "app"))
		},
	},
	{
		Name: "overview", Help: "show all windows of the workspace beside each other, or not",
		Args: []Arg{{
			Name: "state", Kind: KindChoice, Required: true, Help: "whether to show them",
			Choices: []string{string(OverviewOn), string(OverviewOff), string(OverviewToggle)},
		}},
		run: func(s Session, v Values) (any, error) {
			return nil, s.Desk().Overview(OverviewAction(get[string](v, "state")))
		},
	},
}
