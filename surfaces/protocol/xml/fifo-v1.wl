protocol fifo_v1
source wayland-protocols 1.43, fifo-v1.xml

interface wp_fifo_manager_v1 1
request destroy destructor
request get_fifo id:new_id<wp_fifo_v1> surface:object<wl_surface>
enum error
entry already_exists 0

interface wp_fifo_v1 1
request set_barrier
request wait_barrier
request destroy destructor
enum error
entry surface_destroyed 0
