protocol ext_image_copy_capture_v1
source wayland-protocols 1.43, ext-image-copy-capture-v1.xml

interface ext_image_copy_capture_manager_v1 1
request create_session session:new_id<ext_image_copy_capture_session_v1> source:object<ext_image_capture_source_v1> options:uint<options>
request create_pointer_cursor_session session:new_id<ext_image_copy_capture_cursor_session_v1> source:object<ext_image_capture_source_v1> pointer:object<wl_pointer>
request destroy destructor
enum error
entry invalid_option 1
enum options bitfield
entry paint_cursors 1

interface ext_image_copy_capture_session_v1 1
request create_frame frame:new_id<ext_image_copy_capture_frame_v1>
request destroy destructor
event buffer_size width:uint height:uint
event shm_format format:uint<wl_shm.format>
event dmabuf_device device:array
event dmabuf_format format:uint modifiers:array
event done
event stopped
enum error
entry duplicate_frame 1

interface ext_image_copy_capture_frame_v1 1
request destroy destructor
request attach_buffer buffer:object<wl_buffer>
request damage_buffer x:int y:int width:int height:int
request capture
event transform transform:uint<wl_output.transform>
event damage x:int y:int width:int height:int
event presentation_time tv_sec_hi:uint tv_sec_lo:uint tv_nsec:uint
event ready
event failed reason:uint<failure_reason>
enum error
entry no_buffer 1
entry invalid_buffer_damage 2
entry already_captured 3
enum failure_reason
entry unknown 0
entry buffer_constraints 1
entry stopped 2

interface ext_image_copy_capture_cursor_session_v1 1
request destroy destructor
request get_capture_session session:new_id<ext_image_copy_capture_session_v1>
event enter
event leave
event position x:int y:int
event hotspot x:int y:int
enum error
entry duplicate_session 1
