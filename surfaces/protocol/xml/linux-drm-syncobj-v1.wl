protocol linux_drm_syncobj_v1
source wayland-protocols 1.43, linux-drm-syncobj-v1.xml

interface wp_linux_drm_syncobj_manager_v1 1
request destroy destructor
request get_surface id:new_id<wp_linux_drm_syncobj_surface_v1> surface:object<wl_surface>
request import_timeline id:new_id<wp_linux_drm_syncobj_timeline_v1> fd:fd
enum error
entry surface_exists 0
entry invalid_timeline 1

interface wp_linux_drm_syncobj_timeline_v1 1
request destroy destructor

interface wp_linux_drm_syncobj_surface_v1 1
request destroy destructor
request set_acquire_point timeline:object<wp_linux_drm_syncobj_timeline_v1> point_hi:uint point_lo:uint
request set_release_point timeline:object<wp_linux_drm_syncobj_timeline_v1> point_hi:uint point_lo:uint
enum error
entry no_surface 1
entry unsupported_buffer 2
entry no_buffer 3
entry no_acquire_point 4
entry no_release_point 5
entry conflicting_points 6
