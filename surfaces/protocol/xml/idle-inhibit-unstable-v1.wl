protocol idle_inhibit_unstable_v1
source wayland-protocols 1.43, idle-inhibit-unstable-v1.xml

interface zwp_idle_inhibit_manager_v1 1
request destroy destructor
request create_inhibitor id:new_id<zwp_idle_inhibitor_v1> surface:object<wl_surface>

interface zwp_idle_inhibitor_v1 1
request destroy destructor
