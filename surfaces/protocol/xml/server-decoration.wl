protocol server_decoration
source plasma-wayland-protocols 1.14, written by hand

interface org_kde_kwin_server_decoration_manager 1
request create id:new_id<org_kde_kwin_server_decoration> surface:object<wl_surface>
event default_mode mode:uint<mode>
enum mode
entry none 0
entry client 1
entry server 2

interface org_kde_kwin_server_decoration 1
request release destructor
request request_mode mode:uint<org_kde_kwin_server_decoration_manager.mode>
event mode mode:uint<org_kde_kwin_server_decoration_manager.mode>
