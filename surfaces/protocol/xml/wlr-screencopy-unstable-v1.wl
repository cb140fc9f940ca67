protocol wlr_screencopy_unstable_v1
source wlr-protocols, written by hand

interface zwlr_screencopy_manager_v1 3
request capture_output frame:new_id<zwlr_screencopy_frame_v1> overlay_cursor:int output:object<wl_output>
request capture_output_region frame:new_id<zwlr_screencopy_frame_v1> overlay_cursor:int output:object<wl_output> x:int y:int width:int height:int
request destroy destructor

interface zwlr_screencopy_frame_v1 3
request copy buffer:object<wl_buffer>
request destroy destructor
request copy_with_damage since=2 buffer:object<wl_buffer>
event buffer format:uint<wl_shm.format> width:uint height:uint stride:uint
event flags flags:uint<flags>
event ready tv_sec_hi:uint tv_sec_lo:uint tv_nsec:uint
event failed
event damage since=2 x:uint y:uint width:uint height:uint
event linux_dmabuf since=3 format:uint width:uint height:uint
event buffer_done since=3
enum error
entry already_used 0
entry invalid_buffer 1
enum flags bitfield
entry y_invert 1
