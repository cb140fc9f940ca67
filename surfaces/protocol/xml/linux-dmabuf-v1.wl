protocol linux_dmabuf_v1
source wayland-protocols 1.43, linux-dmabuf-v1.xml

interface zwp_linux_dmabuf_v1 5
request destroy destructor
request create_params params_id:new_id<zwp_linux_buffer_params_v1>
request get_default_feedback since=4 id:new_id<zwp_linux_dmabuf_feedback_v1>
request get_surface_feedback since=4 id:new_id<zwp_linux_dmabuf_feedback_v1> surface:object<wl_surface>
event format format:uint
event modifier since=3 format:uint modifier_hi:uint modifier_lo:uint

interface zwp_linux_buffer_params_v1 5
request destroy destructor
request add fd:fd plane_idx:uint offset:uint stride:uint modifier_hi:uint modifier_lo:uint
request create width:int height:int format:uint flags:uint<flags>
request create_immed since=2 buffer_id:new_id<wl_buffer> width:int height:int format:uint flags:uint<flags>
event created buffer:new_id<wl_buffer>
event failed
enum error
entry already_used 0
entry plane_idx 1
entry plane_set 2
entry incomplete 3
entry invalid_format 4
entry invalid_dimensions 5
entry out_of_bounds 6
entry invalid_wl_buffer 7
enum flags bitfield
entry y_invert 1
entry interlaced 2
entry bottom_first 4

interface zwp_linux_dmabuf_feedback_v1 5
request destroy destructor
event done
event format_table fd:fd size:uint
event main_device device:array
event tranche_done
event tranche_target_device device:array
event tranche_formats indices:array
event tranche_flags flags:uint<tranche_flags>
enum tranche_flags bitfield
entry scanout 1
