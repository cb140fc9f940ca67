protocol alpha_modifier_v1
source wayland-protocols 1.43, alpha-modifier-v1.xml

interface wp_alpha_modifier_v1 1
request destroy destructor
request get_surface id:new_id<wp_alpha_modifier_surface_v1> surface:object<wl_surface>
enum error
entry already_constructed 0

interface wp_alpha_modifier_surface_v1 1
request destroy destructor
request set_multiplier factor:uint
enum error
entry no_surface 0
