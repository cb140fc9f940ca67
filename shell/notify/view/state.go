package view

import (
	"cmp"
	"slices"

	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/shell/notify"
)

// Sizes, in logical pixels.
const (
	Width       = 360 // of toasts
	DrawerWidth = 400
	// MaxToasts is how many there are at a time; the others are a number.
	MaxToasts = 3
)

// Actions are what a person can ask for here.
type Actions interface {
	// Choose does an action of a notification.
	Choose(id uint32, key string)
	// Dismiss takes a notification away.
	Dismiss(id uint32)
	// Open shows the drawer.
	Open()
	// Clear takes all away.
	Clear()
	// Quiet turns "do not disturb" on or off.
	Quiet(on bool)
	// Player does something with the player that the drawer shows.
	Player(do Key)
}

// Key is one of a player.
type Key uint8

// Keys.
const (
	PlayPause Key = iota
	Next
	Previous
)

// Player is what plays now.
type Player struct {
	Name, Title, Artist           string
	Art                           *paint.Image // nil for none
	Playing                       bool
	CanNext, CanPrevious, CanPlay bool
}

// top sorts what is shown by how much it matters, the newest first, and cuts it.
func top(shown []*notify.Notification) (list []*notify.Notification, more int) {
	list = slices.Clone(shown)
	slices.Reverse(list)
	slices.SortStableFunc(list, func(a, b *notify.Notification) int {
		return cmp.Compare(rank(b), rank(a))
	})
	if len(list) > MaxToasts {
		list, more = list[:MaxToasts], len(list)-MaxToasts
	}
	return list, more
}

func rank(n *notify.Notification) int {
	if n.Urgency == notify.Critical {
		return 1
	}
	return 0
}

// group is what one program has said, the newest first.
type group struct {
	name string
	list []*notify.Notification
}

// groups sorts notifications by who has sent them; that of the newest is first.
func groups(lists ...[]*notify.Notification) []group {
	all := slices.Concat(lists...)
	slices.SortStableFunc(all, func(a, b *notify.Notification) int { return b.At.Compare(a.At) })
	var out []group
	for _, n := range all {
		name := title(n)
		i := slices.IndexFunc(out, func(g group) bool { return g.name == name && g.list[0].Trust == n.Trust })
		if i < 0 {
			i = len(out)
			out = append(out, group{name: name})
		}
		out[i].list = append(out[i].list, n)
	}
	return out
}

// title is what the sender is called, and who vouches for it where that isn't
// the person's own session.
func title(n *notify.Notification) string {
	name := n.App
	if name == "" {
		name = n.Desktop
	}
	if name == "" {
		name = lang.T("A program")
	}
	if n.Trust != 0 {
		return lang.F("{trust} · {what}", "trust", n.Trust.Name(), "what", name)
	}
	return name
}
