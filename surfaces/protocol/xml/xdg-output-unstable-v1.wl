protocol xdg_output_unstable_v1
source wayland-protocols 1.43, xdg-output-unstable-v1.xml

interface zxdg_output_manager_v1 3
request destroy destructor
request get_xdg_output id:new_id<zxdg_output_v1> output:object<wl_output>

interface zxdg_output_v1 3
request destroy destructor
event logical_position x:int y:int
event logical_size width:int height:int
event done
event name since=2 name:string
event description since=2 description:string
