// Package places remembers where the windows of applications were, between
// runs of the applications and of the session: the storage behind
// xdg_session_management_v1.
//
// A Store holds sessions by their id, an unguessable token that only its
// application knows, and in each session places by the name that the
// application gave to a window. All of it is small and bounded: when there is
// too much, the sessions go that were used longest ago by whichever program has
// the most of them, so that no program can push out the others'.
//
// A Store belongs to one goroutine. Save returns a function that writes what the
// store held at that moment; it may run on any other. The file is replaced
// atomically. What it holds is checked on the way in: a file that was damaged
// or forged gives no more than odd places, which the window manager corrects.
//
//	st := places.New("/home/me/.local/state/rayos/windows.json")
//	id := st.Create("editor")
//	st.Put(id, "main", places.Place{Output: "DP-1", Size: geom.Size{W: 800, H: 600}})
//	err := st.Save()()
package places
