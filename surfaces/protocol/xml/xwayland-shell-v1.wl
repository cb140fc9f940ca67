protocol xwayland_shell_v1
source wayland-protocols 1.43, xwayland-shell-v1.xml

interface xwayland_shell_v1 1
request destroy destructor
request get_xwayland_surface id:new_id<xwayland_surface_v1> surface:object<wl_surface>
enum error
entry role 0

interface xwayland_surface_v1 1
request set_serial serial_lo:uint serial_hi:uint
request destroy destructor
enum error
entry already_associated 0
entry invalid_serial 1
