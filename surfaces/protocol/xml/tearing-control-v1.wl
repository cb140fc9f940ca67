protocol tearing_control_v1
source wayland-protocols 1.43, tearing-control-v1.xml

interface wp_tearing_control_manager_v1 1
request destroy destructor
request get_tearing_control id:new_id<wp_tearing_control_v1> surface:object<wl_surface>
enum error
entry tearing_control_exists 0

interface wp_tearing_control_v1 1
request set_presentation_hint hint:uint<presentation_hint>
request destroy destructor
enum presentation_hint
entry vsync 0
entry async 1
