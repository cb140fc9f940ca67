protocol relative_pointer_unstable_v1
source wayland-protocols 1.43, relative-pointer-unstable-v1.xml

interface zwp_relative_pointer_manager_v1 1
request destroy destructor
request get_relative_pointer id:new_id<zwp_relative_pointer_v1> pointer:object<wl_pointer>

interface zwp_relative_pointer_v1 1
request destroy destructor
event relative_motion utime_hi:uint utime_lo:uint dx:fixed dy:fixed dx_unaccel:fixed dy_unaccel:fixed
