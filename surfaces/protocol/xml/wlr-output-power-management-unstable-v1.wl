protocol wlr_output_power_management_unstable_v1
source wlr-protocols, written by hand

interface zwlr_output_power_manager_v1 1
request get_output_power id:new_id<zwlr_output_power_v1> output:object<wl_output>
request destroy destructor

interface zwlr_output_power_v1 1
request set_mode mode:uint<mode>
request destroy destructor
event mode mode:uint<mode>
event failed
enum mode
entry off 0
entry on 1
enum error
entry invalid_mode 1
