protocol xdg_foreign_unstable_v2
source wayland-protocols 1.43, xdg-foreign-unstable-v2.xml

interface zxdg_exporter_v2 1
request destroy destructor
request export_toplevel id:new_id<zxdg_exported_v2> surface:object<wl_surface>
enum error
entry invalid_surface 0

interface zxdg_importer_v2 1
request destroy destructor
request import_toplevel id:new_id<zxdg_imported_v2> handle:string

interface zxdg_exported_v2 1
request destroy destructor
event handle handle:string

interface zxdg_imported_v2 1
request destroy destructor
request set_parent_of surface:object<wl_surface>
event destroyed
enum error
entry invalid_surface 0
