protocol xdg_shell
source wayland-protocols 1.43, xdg-shell.xml

interface xdg_wm_base 7
request destroy destructor
request create_positioner id:new_id<xdg_positioner>
request get_xdg_surface id:new_id<xdg_surface> surface:object<wl_surface>
request pong serial:uint
event ping serial:uint
enum error
entry role 0
entry defunct_surfaces 1
entry not_the_topmost_popup 2
entry invalid_popup_parent 3
entry invalid_surface_state 4
entry invalid_positioner 5
entry unresponsive 6

interface xdg_positioner 7
request destroy destructor
request set_size width:int height:int
request set_anchor_rect x:int y:int width:int height:int
request set_anchor anchor:uint<anchor>
request set_gravity gravity:uint<gravity>
request set_constraint_adjustment constraint_adjustment:uint<constraint_adjustment>
request set_offset x:int y:int
request set_reactive since=3
request set_parent_size since=3 parent_width:int parent_height:int
request set_parent_configure since=3 serial:uint
enum error
entry invalid_input 0
enum anchor
entry none 0
entry top 1
entry bottom 2
entry left 3
entry right 4
entry top_left 5
entry bottom_left 6
entry top_right 7
entry bottom_right 8
enum gravity
entry none 0
entry top 1
entry bottom 2
entry left 3
entry right 4
entry top_left 5
entry bottom_left 6
entry top_right 7
entry bottom_right 8
enum constraint_adjustment bitfield
entry none 0
entry slide_x 1
entry slide_y 2
entry flip_x 4
entry flip_y 8
entry resize_x 16
entry resize_y 32

interface xdg_surface 7
request destroy destructor
request get_toplevel id:new_id<xdg_toplevel>
request get_popup id:new_id<xdg_popup> parent:object<xdg_surface>? positioner:object<xdg_positioner>
request set_window_geometry x:int y:int width:int height:int
request ack_configure serial:uint
event configure serial:uint
enum error
entry not_constructed 1
entry already_constructed 2
entry unconfigured_buffer 3
entry invalid_serial 4
entry invalid_size 5
entry defunct_role_object 6

interface xdg_toplevel 7
request destroy destructor
request set_parent parent:object<xdg_toplevel>?
request set_title title:string
request set_app_id app_id:string
request show_window_menu seat:object<wl_seat> serial:uint x:int y:int
request move seat:object<wl_seat> serial:uint
request resize seat:object<wl_seat> serial:uint edges:uint<resize_edge>
request set_max_size width:int height:int
request set_min_size width:int height:int
request set_maximized
request unset_maximized
request set_fullscreen output:object<wl_output>?
request unset_fullscreen
request set_minimized
event configure width:int height:int states:array
event close
event configure_bounds since=4 width:int height:int
event wm_capabilities since=5 capabilities:array
enum error
entry invalid_resize_edge 0
entry invalid_parent 1
entry invalid_size 2
enum resize_edge
entry none 0
entry top 1
entry bottom 2
entry left 4
entry top_left 5
entry bottom_left 6
entry right 8
entry top_right 9
entry bottom_right 10
enum state
entry maximized 1
entry fullscreen 2
entry resizing 3
entry activated 4
entry tiled_left 5 since=2
entry tiled_right 6 since=2
entry tiled_top 7 since=2
entry tiled_bottom 8 since=2
entry suspended 9 since=6
entry constrained_left 10 since=7
entry constrained_right 11 since=7
entry constrained_top 12 since=7
entry constrained_bottom 13 since=7
enum wm_capabilities since=5
entry window_menu 1
entry maximize 2
entry fullscreen 3
entry minimize 4

interface xdg_popup 7
request destroy destructor
request grab seat:object<wl_seat> serial:uint
request reposition since=3 positioner:object<xdg_positioner> token:uint
event configure x:int y:int width:int height:int
event popup_done
event repositioned since=3 token:uint
enum error
entry invalid_grab 0
