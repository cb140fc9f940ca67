protocol commit_timing_v1
source wayland-protocols 1.43, commit-timing-v1.xml

interface wp_commit_timing_manager_v1 1
request destroy destructor
request get_timer id:new_id<wp_commit_timer_v1> surface:object<wl_surface>
enum error
entry commit_timer_exists 0

interface wp_commit_timer_v1 1
request set_timestamp tv_sec_hi:uint tv_sec_lo:uint tv_nsec:uint
request destroy destructor
enum error
entry invalid_timestamp 0
entry timestamp_exists 1
entry surface_destroyed 2
