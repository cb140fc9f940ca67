protocol keyboard_shortcuts_inhibit_unstable_v1
source wayland-protocols 1.43, keyboard-shortcuts-inhibit-unstable-v1.xml

interface zwp_keyboard_shortcuts_inhibit_manager_v1 1
request destroy destructor
request inhibit_shortcuts id:new_id<zwp_keyboard_shortcuts_inhibitor_v1> surface:object<wl_surface> seat:object<wl_seat>
enum error
entry already_inhibited 0

interface zwp_keyboard_shortcuts_inhibitor_v1 1
request destroy destructor
event active
event inactive
