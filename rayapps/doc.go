// Package rayapps is for programs with a window: an app gives a view, Run does
// the rest. It is a Wayland client of its own, in pure Go, and runs under any
// compositor.
//
//	type hello struct{}
//
//	func (hello) View(*rayapps.Window) ui.Node { return ui.Centred(ui.Title("Hello")) }
//
//	func main() { os.Exit(rayapps.Main(rayapps.Options{ID: "org.example.Hello"}, hello{})) }
//
// # Life
//
// An app is an App, or Drawn of a Drawer, and what else it wants to take part
// in it says by small interfaces: Saver, KeyHandler, Closer, Opener and so on,
// as they are listed with App. Its life is
//
//	Create → Start → (Resume → Pause)… → Stop (Save) → Destroy
//
// A Saver's state is kept in $XDG_STATE_HOME/rayapps/<ID>/state and comes back
// with Create, also when the program was killed. Windows that are open beside
// the first one keep theirs in state.2 and so on, until the person closes them.
//
// # Goroutines
//
// One goroutine, the one that called Run, has the window, the tree of widgets
// and the app: every method of an app is called there, events in their order.
// Others come in by Window.Post. A window in which nothing happens wakes nobody.
//
// # Pictures
//
// View is called when a widget's callback has run, or Invalidate was called,
// once a frame at most; the compositor says when there is a frame. Only what
// differs from the frame before is drawn and sent. All sizes are logical pixels.
// Menus, popovers and tooltips that the window has no room for are surfaces of
// their own (xdg_popup); their events come in coordinates of the window.
//
// # Looks
//
// RAYOS_THEME (dark, light, dark-contrast, light-contrast), RAYOS_ACCENT (#rrggbb)
// and RAYOS_REDUCED_MOTION (1) choose colours and motion.
//
// # Language
//
// Run makes the process speak the person's language (see package lang): that of
// RAYOS_LANGUAGE, which a session sets for the programs that it starts, or else of
// LC_ALL, LC_MESSAGES, LANG and LANGUAGE. Windows of languages that are written
// from right to left run from right to left. An app's own words come from catalogs
// that it gives to lang.Add.
package rayapps
