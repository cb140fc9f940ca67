protocol wayland_fixes
source wayland 1.24, written by hand

interface wl_fixes 1
request destroy destructor
request destroy_registry registry:object<wl_registry>
