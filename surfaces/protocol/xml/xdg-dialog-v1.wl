protocol xdg_dialog_v1
source wayland-protocols 1.43, xdg-dialog-v1.xml

interface xdg_wm_dialog_v1 1
request destroy destructor
request get_xdg_dialog id:new_id<xdg_dialog_v1> toplevel:object<xdg_toplevel>
enum error
entry already_used 0

interface xdg_dialog_v1 1
request destroy destructor
request set_modal
request unset_modal
