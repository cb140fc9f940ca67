protocol virtual_keyboard_unstable_v1
source virtual-keyboard-unstable-v1, written by hand

interface zwp_virtual_keyboard_v1 1
request keymap format:uint<wl_keyboard.keymap_format> fd:fd size:uint
request key time:uint key:uint state:uint
request modifiers mods_depressed:uint mods_latched:uint mods_locked:uint group:uint
request destroy destructor
enum error
entry no_keymap 0

interface zwp_virtual_keyboard_manager_v1 1
request create_virtual_keyboard seat:object<wl_seat> id:new_id<zwp_virtual_keyboard_v1>
enum error
entry unauthorized 0
