protocol wlr_output_management_unstable_v1
source wlr-protocols, written by hand

interface zwlr_output_manager_v1 4
request create_configuration id:new_id<zwlr_output_configuration_v1> serial:uint
request stop
event head head:new_id<zwlr_output_head_v1>
event done serial:uint
event finished destructor

interface zwlr_output_head_v1 4
request release destructor since=3
event name name:string
event description description:string
event physical_size width:int height:int
event mode mode:new_id<zwlr_output_mode_v1>
event enabled enabled:int
event current_mode mode:object<zwlr_output_mode_v1>
event position x:int y:int
event transform transform:int<wl_output.transform>
event scale scale:fixed
event finished
event make since=2 make:string
event model since=2 model:string
event serial_number since=2 serial_number:string
event adaptive_sync since=4 state:uint<adaptive_sync_state>
enum adaptive_sync_state since=4
entry disabled 0
entry enabled 1

interface zwlr_output_mode_v1 3
request release destructor since=3
event size width:int height:int
event refresh refresh:int
event preferred
event finished

interface zwlr_output_configuration_v1 4
request enable_head id:new_id<zwlr_output_configuration_head_v1> head:object<zwlr_output_head_v1>
request disable_head head:object<zwlr_output_head_v1>
request apply
request test
request destroy destructor
event succeeded
event failed
event cancelled
enum error
entry already_configured_head 1
entry unconfigured_head 2
entry already_used 3

interface zwlr_output_configuration_head_v1 4
request set_mode mode:object<zwlr_output_mode_v1>
request set_custom_mode width:int height:int refresh:int
request set_position x:int y:int
request set_transform transform:int<wl_output.transform>
request set_scale scale:fixed
request set_adaptive_sync since=4 state:uint<zwlr_output_head_v1.adaptive_sync_state>
enum error
entry already_set 1
entry invalid_mode 2
entry invalid_custom_mode 3
entry invalid_transform 4
entry invalid_scale 5
entry invalid_adaptive_sync_state 6 since=4
