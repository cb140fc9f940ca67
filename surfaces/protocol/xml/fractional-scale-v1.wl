protocol fractional_scale_v1
source wayland-protocols 1.43, fractional-scale-v1.xml

interface wp_fractional_scale_manager_v1 1
request destroy destructor
request get_fractional_scale id:new_id<wp_fractional_scale_v1> surface:object<wl_surface>
enum error
entry fractional_scale_exists 0

interface wp_fractional_scale_v1 1
request destroy destructor
event preferred_scale scale:uint
