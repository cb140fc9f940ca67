protocol ext_foreign_toplevel_list_v1
source wayland-protocols 1.43, ext-foreign-toplevel-list-v1.xml

interface ext_foreign_toplevel_list_v1 1
request stop
request destroy destructor
event toplevel toplevel:new_id<ext_foreign_toplevel_handle_v1>
event finished

interface ext_foreign_toplevel_handle_v1 1
request destroy destructor
event closed
event done
event title title:string
event app_id app_id:string
event identifier identifier:string
