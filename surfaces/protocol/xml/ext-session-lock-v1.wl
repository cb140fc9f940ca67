protocol ext_session_lock_v1
source wayland-protocols 1.43, ext-session-lock-v1.xml

interface ext_session_lock_manager_v1 1
request destroy destructor
request lock id:new_id<ext_session_lock_v1>

interface ext_session_lock_v1 1
request destroy destructor
request get_lock_surface id:new_id<ext_session_lock_surface_v1> surface:object<wl_surface> output:object<wl_output>
request unlock_and_destroy destructor
event locked
event finished
enum error
entry invalid_destroy 0
entry invalid_unlock 1
entry role 2
entry duplicate_output 3
entry already_constructed 4

interface ext_session_lock_surface_v1 1
request destroy destructor
request ack_configure serial:uint
event configure serial:uint width:uint height:uint
enum error
entry commit_before_first_ack 0
entry null_buffer 1
entry dimensions_mismatch 2
entry invalid_serial 3
