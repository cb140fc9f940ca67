protocol xdg_session_management_v1
source wayland-protocols, staging/xdg-session-management-v1.xml

interface xdg_session_manager_v1 1
request destroy destructor
request get_session id:new_id<xdg_session_v1> reason:uint<reason> session_id:string?
enum error
entry in_use 1
entry invalid_session_id 2
entry invalid_reason 3
enum reason
entry launch 1
entry recover 2
entry session_restore 3

interface xdg_session_v1 1
request destroy destructor
request remove destructor
request add_toplevel id:new_id<xdg_toplevel_session_v1> toplevel:object<xdg_toplevel> name:string
request restore_toplevel id:new_id<xdg_toplevel_session_v1> toplevel:object<xdg_toplevel> name:string
request remove_toplevel name:string
event created session_id:string
event restored
event replaced
enum error
entry name_in_use 1
entry already_mapped 2
entry invalid_name 3

interface xdg_toplevel_session_v1 1
request destroy destructor
request rename name:string
event restored
