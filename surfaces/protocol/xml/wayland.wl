protocol wayland
source wayland 1.24.0, wayland.xml

interface wl_display 1
request sync callback:new_id<wl_callback>
request get_registry registry:new_id<wl_registry>
event error object_id:object code:uint message:string
event delete_id id:uint
enum error
entry invalid_object 0
entry invalid_method 1
entry no_memory 2
entry implementation 3

interface wl_registry 1
request bind name:uint id:new_id
event global name:uint interface:string version:uint
event global_remove name:uint

interface wl_callback 1
event done destructor callback_data:uint

interface wl_compositor 6
request create_surface id:new_id<wl_surface>
request create_region id:new_id<wl_region>

interface wl_shm_pool 2
request create_buffer id:new_id<wl_buffer> offset:int width:int height:int stride:int format:uint<wl_shm.format>
request destroy destructor
request resize size:int

interface wl_shm 2
request create_pool id:new_id<wl_shm_pool> fd:fd size:int
request release destructor since=2
event format format:uint<format>
enum error
entry invalid_format 0
entry invalid_stride 1
entry invalid_fd 2
enum format
entry argb8888 0
entry xrgb8888 1
entry c8 0x20203843
entry rgb332 0x38424752
entry bgr233 0x38524742
entry xrgb4444 0x32315258
entry xbgr4444 0x32314258
entry rgbx4444 0x32315852
entry bgrx4444 0x32315842
entry argb4444 0x32315241
entry abgr4444 0x32314241
entry rgba4444 0x32314152
entry bgra4444 0x32314142
entry xrgb1555 0x35315258
entry xbgr1555 0x35314258
entry rgbx5551 0x35315852
entry bgrx5551 0x35315842
entry argb1555 0x35315241
entry abgr1555 0x35314241
entry rgba5551 0x35314152
entry bgra5551 0x35314142
entry rgb565 0x36314752
entry bgr565 0x36314742
entry rgb888 0x34324752
entry bgr888 0x34324742
entry xbgr8888 0x34324258
entry rgbx8888 0x34325852
entry bgrx8888 0x34325842
entry abgr8888 0x34324241
entry rgba8888 0x34324152
entry bgra8888 0x34324142
entry xrgb2101010 0x30335258
entry xbgr2101010 0x30334258
entry rgbx1010102 0x30335852
entry bgrx1010102 0x30335842
entry argb2101010 0x30335241
entry abgr2101010 0x30334241
entry rgba1010102 0x30334152
entry bgra1010102 0x30334142
entry yuyv 0x56595559
entry yvyu 0x55595659
entry uyvy 0x59565955
entry vyuy 0x59555956
entry ayuv 0x56555941
entry nv12 0x3231564e
entry nv21 0x3132564e
entry nv16 0x3631564e
entry nv61 0x3136564e
entry yuv410 0x39565559
entry yvu410 0x39555659
entry yuv411 0x31315559
entry yvu411 0x31315659
entry yuv420 0x32315559
entry yvu420 0x32315659
entry yuv422 0x36315559
entry yvu422 0x36315659
entry yuv444 0x34325559
entry yvu444 0x34325659
entry r8 0x20203852
entry r16 0x20363152
entry rg88 0x38384752
entry gr88 0x38385247
entry rg1616 0x32334752
entry gr1616 0x32335247
entry xrgb16161616f 0x48345258
entry xbgr16161616f 0x48344258
entry argb16161616f 0x48345241
entry abgr16161616f 0x48344241
entry xyuv8888 0x56555958
entry vuy888 0x34325556
entry vuy101010 0x30335556
entry y210 0x30313259
entry y212 0x32313259
entry y216 0x36313259
entry y410 0x30313459
entry y412 0x32313459
entry y416 0x36313459
entry xvyu2101010 0x30335658
entry xvyu12_16161616 0x36335658
entry xvyu16161616 0x38345658
entry y0l0 0x304c3059
entry x0l0 0x304c3058
entry y0l2 0x324c3059
entry x0l2 0x324c3058
entry yuv420_8bit 0x38305559
entry yuv420_10bit 0x30315559
entry xrgb8888_a8 0x38415258
entry xbgr8888_a8 0x38414258
entry rgbx8888_a8 0x38415852
entry bgrx8888_a8 0x38415842
entry rgb888_a8 0x38413852
entry bgr888_a8 0x38413842
entry rgb565_a8 0x38413552
entry bgr565_a8 0x38413542
entry nv24 0x3432564e
entry nv42 0x3234564e
entry p210 0x30313250
entry p010 0x30313050
entry p012 0x32313050
entry p016 0x36313050
entry axbxgxrx106106106106 0x30314241
entry nv15 0x3531564e
entry q410 0x30313451
entry q401 0x31303451
entry xrgb16161616 0x38345258
entry xbgr16161616 0x38344258
entry argb16161616 0x38345241
entry abgr16161616 0x38344241
entry c1 0x20203143
entry c2 0x20203243
entry c4 0x20203443
entry d1 0x20203144
entry d2 0x20203244
entry d4 0x20203444
entry d8 0x20203844
entry r1 0x20203152
entry r2 0x20203252
entry r4 0x20203452
entry r10 0x20303152
entry r12 0x20323152
entry avuy8888 0x59555641
entry xvuy8888 0x59555658
entry p030 0x30333050

interface wl_buffer 1
request destroy destructor
event release

interface wl_data_offer 3
request accept serial:uint mime_type:string?
request receive mime_type:string fd:fd
request destroy destructor
request finish since=3
request set_actions since=3 dnd_actions:uint<wl_data_device_manager.dnd_action> preferred_action:uint<wl_data_device_manager.dnd_action>
event offer mime_type:string
event source_actions since=3 source_actions:uint<wl_data_device_manager.dnd_action>
event action since=3 dnd_action:uint<wl_data_device_manager.dnd_action>
enum error
entry invalid_finish 0
entry invalid_action_mask 1
entry invalid_action 2
entry invalid_offer 3

interface wl_data_source 3
request offer mime_type:string
request destroy destructor
request set_actions since=3 dnd_actions:uint<wl_data_device_manager.dnd_action>
event target mime_type:string?
event send mime_type:string fd:fd
event cancelled
event dnd_drop_performed since=3
event dnd_finished since=3
event action since=3 dnd_action:uint<wl_data_device_manager.dnd_action>
enum error
entry invalid_action_mask 0
entry invalid_source 1

interface wl_data_device 3
request start_drag source:object<wl_data_source>? origin:object<wl_surface> icon:object<wl_surface>? serial:uint
request set_selection source:object<wl_data_source>? serial:uint
request release destructor since=2
event data_offer id:new_id<wl_data_offer>
event enter serial:uint surface:object<wl_surface> x:fixed y:fixed id:object<wl_data_offer>?
event leave
event motion time:uint x:fixed y:fixed
event drop
event selection id:object<wl_data_offer>?
enum error
entry role 0
entry used_source 1

interface wl_data_device_manager 3
request create_data_source id:new_id<wl_data_source>
request get_data_device id:new_id<wl_data_device> seat:object<wl_seat>
enum dnd_action bitfield since=3
entry none 0
entry copy 1
entry move 2
entry ask 4

interface wl_shell 1
request get_shell_surface id:new_id<wl_shell_surface> surface:object<wl_surface>
enum error
entry role 0

interface wl_shell_surface 1
request pong serial:uint
request move seat:object<wl_seat> serial:uint
request resize seat:object<wl_seat> serial:uint edges:uint<resize>
request set_toplevel
request set_transient parent:object<wl_surface> x:int y:int flags:uint<transient>
request set_fullscreen method:uint<fullscreen_method> framerate:uint output:object<wl_output>?
request set_popup seat:object<wl_seat> serial:uint parent:object<wl_surface> x:int y:int flags:uint<transient>
request set_maximized output:object<wl_output>?
request set_title title:string
request set_class class_:string
event ping serial:uint
event configure edges:uint<resize> width:int height:int
event popup_done
enum resize bitfield
entry none 0
entry top 1
entry bottom 2
entry left 4
entry top_left 5
entry bottom_left 6
entry right 8
entry top_right 9
entry bottom_right 10
enum transient bitfield
entry inactive 0x1
enum fullscreen_method
entry default 0
entry scale 1
entry driver 2
entry fill 3

interface wl_surface 6
request destroy destructor
request attach buffer:object<wl_buffer>? x:int y:int
request damage x:int y:int width:int height:int
request frame callback:new_id<wl_callback>
request set_opaque_region region:object<wl_region>?
request set_input_region region:object<wl_region>?
request commit
request set_buffer_transform since=2 transform:int<wl_output.transform>
request set_buffer_scale since=3 scale:int
request damage_buffer since=4 x:int y:int width:int height:int
request offset since=5 x:int y:int
event enter output:object<wl_output>
event leave output:object<wl_output>
event preferred_buffer_scale since=6 factor:int
event preferred_buffer_transform since=6 transform:uint<wl_output.transform>
enum error
entry invalid_scale 0
entry invalid_transform 1
entry invalid_size 2
entry invalid_offset 3
entry defunct_role_object 4

interface wl_seat 10
request get_pointer id:new_id<wl_pointer>
request get_keyboard id:new_id<wl_keyboard>
request get_touch id:new_id<wl_touch>
request release destructor since=5
event capabilities capabilities:uint<capability>
event name since=2 name:string
enum capability bitfield
entry pointer 1
entry keyboard 2
entry touch 4
enum error
entry missing_capability 0

interface wl_pointer 10
request set_cursor serial:uint surface:object<wl_surface>? hotspot_x:int hotspot_y:int
request release destructor since=3
event enter serial:uint surface:object<wl_surface> surface_x:fixed surface_y:fixed
event leave serial:uint surface:object<wl_surface>
event motion time:uint surface_x:fixed surface_y:fixed
event button serial:uint time:uint button:uint state:uint<button_state>
event axis time:uint axis:uint<axis> value:fixed
event frame since=5
event axis_source since=5 axis_source:uint<axis_source>
event axis_stop since=5 time:uint axis:uint<axis>
event axis_discrete since=5 axis:uint<axis> discrete:int
event axis_value120 since=8 axis:uint<axis> value120:int
event axis_relative_direction since=9 axis:uint<axis> direction:uint<axis_relative_direction>
enum error
entry role 0
enum button_state
entry released 0
entry pressed 1
enum axis
entry vertical_scroll 0
entry horizontal_scroll 1
enum axis_source
entry wheel 0
entry finger 1
entry continuous 2
entry wheel_tilt 3 since=6
enum axis_relative_direction
entry identical 0
entry inverted 1

interface wl_keyboard 10
request release destructor since=3
event keymap format:uint<keymap_format> fd:fd size:uint
event enter serial:uint surface:object<wl_surface> keys:array
event leave serial:uint surface:object<wl_surface>
event key serial:uint time:uint key:uint state:uint<key_state>
event modifiers serial:uint mods_depressed:uint mods_latched:uint mods_locked:uint group:uint
event repeat_info since=4 rate:int delay:int
enum keymap_format
entry no_keymap 0
entry xkb_v1 1
enum key_state
entry released 0
entry pressed 1
entry repeated 2 since=10

interface wl_touch 10
request release destructor since=3
event down serial:uint time:uint surface:object<wl_surface> id:int x:fixed y:fixed
event up serial:uint time:uint id:int
event motion time:uint id:int x:fixed y:fixed
event frame
event cancel
event shape since=6 id:int major:fixed minor:fixed
event orientation since=6 id:int orientation:fixed

interface wl_output 4
request release destructor since=3
event geometry x:int y:int physical_width:int physical_height:int subpixel:int<subpixel> make:string model:string transform:int<transform>
event mode flags:uint<mode> width:int height:int refresh:int
event done since=2
event scale since=2 factor:int
event name since=4 name:string
event description since=4 description:string
enum subpixel
entry unknown 0
entry none 1
entry horizontal_rgb 2
entry horizontal_bgr 3
entry vertical_rgb 4
entry vertical_bgr 5
enum transform
entry normal 0
entry 90 1
entry 180 2
entry 270 3
entry flipped 4
entry flipped_90 5
entry flipped_180 6
entry flipped_270 7
enum mode bitfield
entry current 0x1
entry preferred 0x2

interface wl_region 1
request destroy destructor
request add x:int y:int width:int height:int
request subtract x:int y:int width:int height:int

interface wl_subcompositor 1
request destroy destructor
request get_subsurface id:new_id<wl_subsurface> surface:object<wl_surface> parent:object<wl_surface>
enum error
entry bad_surface 0
entry bad_parent 1

interface wl_subsurface 1
request destroy destructor
request set_position x:int y:int
request place_above sibling:object<wl_surface>
request place_below sibling:object<wl_surface>
request set_sync
request set_desync
enum error
entry bad_surface 0
