protocol xdg_toplevel_icon_v1
source wayland-protocols 1.43, xdg-toplevel-icon-v1.xml

interface xdg_toplevel_icon_manager_v1 1
request destroy destructor
request create_icon id:new_id<xdg_toplevel_icon_v1>
request set_icon toplevel:object<xdg_toplevel> icon:object<xdg_toplevel_icon_v1>?
event icon_size size:int
event done

interface xdg_toplevel_icon_v1 1
request destroy destructor
request set_name icon_name:string
request add_buffer buffer:object<wl_buffer> scale:int
enum error
entry invalid_buffer 1
entry immutable 2
entry no_buffer 3
