protocol wlr_virtual_pointer_unstable_v1
source wlr-protocols, written by hand

interface zwlr_virtual_pointer_v1 2
request motion time:uint dx:fixed dy:fixed
request motion_absolute time:uint x:uint y:uint x_extent:uint y_extent:uint
request button time:uint button:uint state:uint<wl_pointer.button_state>
request axis time:uint axis:uint<wl_pointer.axis> value:fixed
request frame
request axis_source axis_source:uint<wl_pointer.axis_source>
request axis_stop time:uint axis:uint<wl_pointer.axis>
request axis_discrete time:uint axis:uint<wl_pointer.axis> value:fixed discrete:int
request destroy destructor
enum error
entry invalid_axis 0
entry invalid_axis_source 1

interface zwlr_virtual_pointer_manager_v1 2
request create_virtual_pointer seat:object<wl_seat>? id:new_id<zwlr_virtual_pointer_v1>
request destroy destructor
request create_virtual_pointer_with_output since=2 seat:object<wl_seat>? output:object<wl_output>? id:new_id<zwlr_virtual_pointer_v1>
