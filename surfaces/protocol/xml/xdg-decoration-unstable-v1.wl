protocol xdg_decoration_unstable_v1
source wayland-protocols 1.43, xdg-decoration-unstable-v1.xml

interface zxdg_decoration_manager_v1 1
request destroy destructor
request get_toplevel_decoration id:new_id<zxdg_toplevel_decoration_v1> toplevel:object<xdg_toplevel>

interface zxdg_toplevel_decoration_v1 1
request destroy destructor
request set_mode mode:uint<mode>
request unset_mode
event configure mode:uint<mode>
enum error
entry unconfigured_buffer 0
entry already_constructed 1
entry orphaned 2
entry invalid_mode 3
enum mode
entry client_side 1
entry server_side 2
