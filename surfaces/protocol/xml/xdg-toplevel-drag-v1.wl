protocol xdg_toplevel_drag_v1
source wayland-protocols 1.43, xdg-toplevel-drag-v1.xml

interface xdg_toplevel_drag_manager_v1 1
request destroy destructor
request get_xdg_toplevel_drag id:new_id<xdg_toplevel_drag_v1> data_source:object<wl_data_source>
enum error
entry invalid_source 0

interface xdg_toplevel_drag_v1 1
request destroy destructor
request attach toplevel:object<xdg_toplevel> x_offset:int y_offset:int
enum error
entry toplevel_attached 0
entry ongoing_drag 1
