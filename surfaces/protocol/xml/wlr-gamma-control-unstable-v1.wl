protocol wlr_gamma_control_unstable_v1
source wlr-protocols, written by hand

interface zwlr_gamma_control_manager_v1 1
request get_gamma_control id:new_id<zwlr_gamma_control_v1> output:object<wl_output>
request destroy destructor

interface zwlr_gamma_control_v1 1
request set_gamma fd:fd
request destroy destructor
event gamma_size size:uint
event failed
enum error
entry invalid_gamma 1
