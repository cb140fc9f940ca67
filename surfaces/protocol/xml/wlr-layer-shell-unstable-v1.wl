protocol wlr_layer_shell_unstable_v1
source wlr-protocols, written by hand

interface zwlr_layer_shell_v1 5
request get_layer_surface id:new_id<zwlr_layer_surface_v1> surface:object<wl_surface> output:object<wl_output>? layer:uint<layer> namespace:string
request destroy destructor since=3
enum error
entry role 0
entry invalid_layer 1
entry already_constructed 2
enum layer
entry background 0
entry bottom 1
entry top 2
entry overlay 3

interface zwlr_layer_surface_v1 5
request set_size width:uint height:uint
request set_anchor anchor:uint<anchor>
request set_exclusive_zone zone:int
request set_margin top:int right:int bottom:int left:int
request set_keyboard_interactivity keyboard_interactivity:uint<keyboard_interactivity>
request get_popup popup:object<xdg_popup>
request ack_configure serial:uint
request destroy destructor
request set_layer since=2 layer:uint<zwlr_layer_shell_v1.layer>
request set_exclusive_edge since=5 edge:uint<anchor>
event configure serial:uint width:uint height:uint
event closed
enum keyboard_interactivity
entry none 0
entry exclusive 1
entry on_demand 2 since=4
enum error
entry invalid_surface_state 0
entry invalid_size 1
entry invalid_anchor 2
entry invalid_keyboard_interactivity 3
entry invalid_exclusive_edge 4
enum anchor bitfield
entry top 1
entry bottom 2
entry left 4
entry right 8
