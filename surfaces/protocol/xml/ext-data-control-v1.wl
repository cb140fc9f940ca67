protocol ext_data_control_v1
source wayland-protocols 1.43, ext-data-control-v1.xml

interface ext_data_control_manager_v1 1
request create_data_source id:new_id<ext_data_control_source_v1>
request get_data_device id:new_id<ext_data_control_device_v1> seat:object<wl_seat>
request destroy destructor

interface ext_data_control_device_v1 1
request set_selection source:object<ext_data_control_source_v1>?
request destroy destructor
request set_primary_selection source:object<ext_data_control_source_v1>?
event data_offer id:new_id<ext_data_control_offer_v1>
event selection id:object<ext_data_control_offer_v1>?
event finished
event primary_selection id:object<ext_data_control_offer_v1>?
enum error
entry used_source 1

interface ext_data_control_source_v1 1
request offer mime_type:string
request destroy destructor
event send mime_type:string fd:fd
event cancelled
enum error
entry invalid_offer 1

interface ext_data_control_offer_v1 1
request receive mime_type:string fd:fd
request destroy destructor
event offer mime_type:string
