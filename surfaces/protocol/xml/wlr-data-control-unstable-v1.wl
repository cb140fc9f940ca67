protocol wlr_data_control_unstable_v1
source wlr-protocols, written by hand

interface zwlr_data_control_manager_v1 2
request create_data_source id:new_id<zwlr_data_control_source_v1>
request get_data_device id:new_id<zwlr_data_control_device_v1> seat:object<wl_seat>
request destroy destructor

interface zwlr_data_control_device_v1 2
request set_selection source:object<zwlr_data_control_source_v1>?
request destroy destructor
request set_primary_selection since=2 source:object<zwlr_data_control_source_v1>?
event data_offer id:new_id<zwlr_data_control_offer_v1>
event selection id:object<zwlr_data_control_offer_v1>?
event finished
event primary_selection since=2 id:object<zwlr_data_control_offer_v1>?
enum error since=2
entry used_source 1

interface zwlr_data_control_source_v1 1
request offer mime_type:string
request destroy destructor
event send mime_type:string fd:fd
event cancelled
enum error
entry invalid_offer 1

interface zwlr_data_control_offer_v1 1
request receive mime_type:string fd:fd
request destroy destructor
event offer mime_type:string
