protocol viewporter
source wayland-protocols 1.43, viewporter.xml

interface wp_viewporter 1
request destroy destructor
request get_viewport id:new_id<wp_viewport> surface:object<wl_surface>
enum error
entry viewport_exists 0

interface wp_viewport 1
request destroy destructor
request set_source x:fixed y:fixed width:fixed height:fixed
request set_destination width:int height:int
enum error
entry bad_value 0
entry bad_size 1
entry out_of_buffer 2
entry no_surface 3
