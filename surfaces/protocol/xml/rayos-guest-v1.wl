protocol rayos_guest_v1
source RayOS: what xdg_shell can't say of the window of a virtual machine. Only the connection of a machine sees the manager; which machine it is, the connection says.

interface rayos_guest_manager_v1 1
request destroy destructor
request get_guest id:new_id<rayos_guest_v1> toplevel:object<xdg_toplevel>
enum error
entry already_constructed 0

interface rayos_guest_v1 1
request destroy destructor
request set_state state:uint<state> detail:string
request set_statistics received:uint shown:uint dropped:uint
event presented
event hidden
event size width:int height:int scale:uint
enum error
entry invalid_state 0
enum state
entry stopped 0
entry starting 1
entry running 2
entry suspending 3
entry suspended 4
entry resuming 5
entry stopping 6
entry failed 7
