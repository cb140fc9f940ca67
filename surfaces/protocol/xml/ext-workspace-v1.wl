protocol ext_workspace_v1
source wayland-protocols 1.43, ext-workspace-v1.xml

interface ext_workspace_manager_v1 1
request commit
request stop
event workspace_group workspace_group:new_id<ext_workspace_group_handle_v1>
event workspace workspace:new_id<ext_workspace_handle_v1>
event done
event finished destructor

interface ext_workspace_group_handle_v1 1
request create_workspace workspace:string
request destroy destructor
event capabilities capabilities:uint<group_capabilities>
event output_enter output:object<wl_output>
event output_leave output:object<wl_output>
event workspace_enter workspace:object<ext_workspace_handle_v1>
event workspace_leave workspace:object<ext_workspace_handle_v1>
event removed
enum group_capabilities bitfield
entry create_workspace 1

interface ext_workspace_handle_v1 1
request destroy destructor
request activate
request deactivate
request assign workspace_group:object<ext_workspace_group_handle_v1>
request remove
event id id:string
event name name:string
event coordinates coordinates:array
event state state:uint<state>
event capabilities capabilities:uint<workspace_capabilities>
event removed
enum state bitfield
entry active 1
entry urgent 2
entry hidden 4
enum workspace_capabilities bitfield
entry activate 1
entry deactivate 2
entry remove 4
entry assign 8
