protocol xwayland_keyboard_grab_unstable_v1
source wayland-protocols 1.43, xwayland-keyboard-grab-unstable-v1.xml

interface zwp_xwayland_keyboard_grab_manager_v1 1
request destroy destructor
request grab_keyboard id:new_id<zwp_xwayland_keyboard_grab_v1> surface:object<wl_surface> seat:object<wl_seat>

interface zwp_xwayland_keyboard_grab_v1 1
request destroy destructor
