protocol cursor_shape_v1
source wayland-protocols 1.43, cursor-shape-v1.xml

interface wp_cursor_shape_manager_v1 2
request destroy destructor
request get_pointer cursor_shape_device:new_id<wp_cursor_shape_device_v1> pointer:object<wl_pointer>
request get_tablet_tool_v2 cursor_shape_device:new_id<wp_cursor_shape_device_v1> tablet_tool:object<zwp_tablet_tool_v2>

interface wp_cursor_shape_device_v1 2
request destroy destructor
request set_shape serial:uint shape:uint<shape>
enum shape
entry default 1
entry context_menu 2
entry help 3
entry pointer 4
entry progress 5
entry wait 6
entry cell 7
entry crosshair 8
entry text 9
entry vertical_text 10
entry alias 11
entry copy 12
entry move 13
entry no_drop 14
entry not_allowed 15
entry grab 16
entry grabbing 17
entry e_resize 18
entry n_resize 19
entry ne_resize 20
entry nw_resize 21
entry s_resize 22
entry se_resize 23
entry sw_resize 24
entry w_resize 25
entry ew_resize 26
entry ns_resize 27
entry nesw_resize 28
entry nwse_resize 29
entry col_resize 30
entry row_resize 31
entry all_scroll 32
entry zoom_in 33
entry zoom_out 34
entry dnd_ask 35 since=2
entry all_resize 36 since=2
enum error
entry invalid_shape 1
