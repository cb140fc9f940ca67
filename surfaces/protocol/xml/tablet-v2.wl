protocol tablet_v2
source wayland-protocols 1.43, tablet-v2.xml

interface zwp_tablet_manager_v2 2
request get_tablet_seat tablet_seat:new_id<zwp_tablet_seat_v2> seat:object<wl_seat>
request destroy destructor

interface zwp_tablet_seat_v2 2
request destroy destructor
event tablet_added id:new_id<zwp_tablet_v2>
event tool_added id:new_id<zwp_tablet_tool_v2>
event pad_added id:new_id<zwp_tablet_pad_v2>

interface zwp_tablet_tool_v2 2
request set_cursor serial:uint surface:object<wl_surface>? hotspot_x:int hotspot_y:int
request destroy destructor
event type tool_type:uint<type>
event hardware_serial hardware_serial_hi:uint hardware_serial_lo:uint
event hardware_id_wacom hardware_id_hi:uint hardware_id_lo:uint
event capability capability:uint<capability>
event done
event removed
event proximity_in serial:uint tablet:object<zwp_tablet_v2> surface:object<wl_surface>
event proximity_out
event down serial:uint
event up
event motion x:fixed y:fixed
event pressure pressure:uint
event distance distance:uint
event tilt tilt_x:fixed tilt_y:fixed
event rotation degrees:fixed
event slider position:int
event wheel degrees:fixed clicks:int
event button serial:uint button:uint state:uint<button_state>
event frame time:uint
enum type
entry pen 0x140
entry eraser 0x141
entry brush 0x142
entry pencil 0x143
entry airbrush 0x144
entry finger 0x145
entry mouse 0x146
entry lens 0x147
enum capability
entry tilt 1
entry pressure 2
entry distance 3
entry rotation 4
entry slider 5
entry wheel 6
enum button_state
entry released 0
entry pressed 1
enum error
entry role 0

interface zwp_tablet_v2 2
request destroy destructor
event name name:string
event id vid:uint pid:uint
event path path:string
event done
event removed
event bustype since=2 bustype:uint<bustype>
enum bustype since=2
entry usb 3
entry bluetooth 5
entry virtual 6
entry serial 17
entry i2c 24

interface zwp_tablet_pad_ring_v2 2
request set_feedback description:string serial:uint
request destroy destructor
event source source:uint<source>
event angle degrees:fixed
event stop
event frame time:uint
enum source
entry finger 1

interface zwp_tablet_pad_strip_v2 2
request set_feedback description:string serial:uint
request destroy destructor
event source source:uint<source>
event position position:uint
event stop
event frame time:uint
enum source
entry finger 1

interface zwp_tablet_pad_group_v2 2
request destroy destructor
event buttons buttons:array
event ring ring:new_id<zwp_tablet_pad_ring_v2>
event strip strip:new_id<zwp_tablet_pad_strip_v2>
event modes modes:uint
event done
event mode_switch time:uint serial:uint mode:uint
event dial since=2 dial:new_id<zwp_tablet_pad_dial_v2>

interface zwp_tablet_pad_v2 2
request set_feedback button:uint description:string serial:uint
request destroy destructor
event group pad_group:new_id<zwp_tablet_pad_group_v2>
event path path:string
event buttons buttons:uint
event done
event button time:uint button:uint state:uint<button_state>
event enter serial:uint tablet:object<zwp_tablet_v2> surface:object<wl_surface>
event leave serial:uint surface:object<wl_surface>
event removed
enum button_state
entry released 0
entry pressed 1

interface zwp_tablet_pad_dial_v2 2
request set_feedback description:string serial:uint
request destroy destructor
event delta value120:int
event frame time:uint
