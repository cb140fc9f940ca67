protocol pointer_constraints_unstable_v1
source wayland-protocols 1.43, pointer-constraints-unstable-v1.xml

interface zwp_pointer_constraints_v1 1
request destroy destructor
request lock_pointer id:new_id<zwp_locked_pointer_v1> surface:object<wl_surface> pointer:object<wl_pointer> region:object<wl_region>? lifetime:uint<lifetime>
request confine_pointer id:new_id<zwp_confined_pointer_v1> surface:object<wl_surface> pointer:object<wl_pointer> region:object<wl_region>? lifetime:uint<lifetime>
enum error
entry already_constrained 1
enum lifetime
entry oneshot 1
entry persistent 2

interface zwp_locked_pointer_v1 1
request destroy destructor
request set_cursor_position_hint surface_x:fixed surface_y:fixed
request set_region region:object<wl_region>?
event locked
event unlocked

interface zwp_confined_pointer_v1 1
request destroy destructor
request set_region region:object<wl_region>?
event confined
event unconfined
