protocol input_method_unstable_v2
source input-method-unstable-v2, written by hand

interface zwp_input_method_v2 1
request commit_string text:string
request set_preedit_string text:string cursor_begin:int cursor_end:int
request delete_surrounding_text before_length:uint after_length:uint
request commit serial:uint
request get_input_popup_surface id:new_id<zwp_input_popup_surface_v2> surface:object<wl_surface>
request grab_keyboard keyboard:new_id<zwp_input_method_keyboard_grab_v2>
request destroy destructor
event activate
event deactivate
event surrounding_text text:string cursor:uint anchor:uint
event text_change_cause cause:uint<zwp_text_input_v3.change_cause>
event content_type hint:uint<zwp_text_input_v3.content_hint> purpose:uint<zwp_text_input_v3.content_purpose>
event done
event unavailable

interface zwp_input_popup_surface_v2 1
request destroy destructor
event text_input_rectangle x:int y:int width:int height:int

interface zwp_input_method_keyboard_grab_v2 1
request release destructor
event keymap format:uint<wl_keyboard.keymap_format> fd:fd size:uint
event key serial:uint time:uint key:uint state:uint<wl_keyboard.key_state>
event modifiers serial:uint mods_depressed:uint mods_latched:uint mods_locked:uint group:uint
event repeat_info rate:int delay:int

interface zwp_input_method_manager_v2 1
request get_input_method seat:object<wl_seat> input_method:new_id<zwp_input_method_v2>
request destroy destructor
