protocol content_type_v1
source wayland-protocols 1.43, content-type-v1.xml

interface wp_content_type_manager_v1 1
request destroy destructor
request get_surface_content_type id:new_id<wp_content_type_v1> surface:object<wl_surface>
enum error
entry already_constructed 0

interface wp_content_type_v1 1
request destroy destructor
request set_content_type content_type:uint<type>
enum type
entry none 0
entry photo 1
entry video 2
entry game 3
