protocol xdg_system_bell_v1
source wayland-protocols 1.43, xdg-system-bell-v1.xml

interface xdg_system_bell_v1 1
request destroy destructor
request ring surface:object<wl_surface>?
