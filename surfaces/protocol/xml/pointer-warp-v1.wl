protocol pointer_warp_v1
source wayland-protocols 1.45, written by hand

interface wp_pointer_warp_v1 1
request destroy destructor
request warp_pointer surface:object<wl_surface> pointer:object<wl_pointer> x:fixed y:fixed serial:uint
