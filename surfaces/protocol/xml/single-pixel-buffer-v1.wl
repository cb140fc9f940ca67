protocol single_pixel_buffer_v1
source wayland-protocols 1.43, single-pixel-buffer-v1.xml

interface wp_single_pixel_buffer_manager_v1 1
request destroy destructor
request create_u32_rgba_buffer id:new_id<wl_buffer> r:uint g:uint b:uint a:uint
