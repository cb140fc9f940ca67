protocol presentation_time
source wayland-protocols 1.43, presentation-time.xml

interface wp_presentation 2
request destroy destructor
request feedback surface:object<wl_surface> callback:new_id<wp_presentation_feedback>
event clock_id clk_id:uint
enum error
entry invalid_timestamp 0
entry invalid_flag 1

interface wp_presentation_feedback 2
event sync_output output:object<wl_output>
event presented destructor tv_sec_hi:uint tv_sec_lo:uint tv_nsec:uint refresh:uint seq_hi:uint seq_lo:uint flags:uint<kind>
event discarded destructor
enum kind bitfield
entry vsync 0x1
entry hw_clock 0x2
entry hw_completion 0x4
entry zero_copy 0x8
