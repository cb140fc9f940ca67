protocol text_input_unstable_v3
source wayland-protocols 1.43, text-input-unstable-v3.xml

interface zwp_text_input_v3 1
request destroy destructor
request enable
request disable
request set_surrounding_text text:string cursor:int anchor:int
request set_text_change_cause cause:uint<change_cause>
request set_content_type hint:uint<content_hint> purpose:uint<content_purpose>
request set_cursor_rectangle x:int y:int width:int height:int
request commit
event enter surface:object<wl_surface>
event leave surface:object<wl_surface>
event preedit_string text:string? cursor_begin:int cursor_end:int
event commit_string text:string?
event delete_surrounding_text before_length:uint after_length:uint
event done serial:uint
enum change_cause
entry input_method 0
entry other 1
enum content_hint bitfield
entry none 0x0
entry completion 0x1
entry spellcheck 0x2
entry auto_capitalization 0x4
entry lowercase 0x8
entry uppercase 0x10
entry titlecase 0x20
entry hidden_text 0x40
entry sensitive_data 0x80
entry latin 0x100
entry multiline 0x200
enum content_purpose
entry normal 0
entry alpha 1
entry digits 2
entry number 3
entry phone 4
entry url 5
entry email 6
entry name 7
entry password 8
entry pin 9
entry date 10
entry time 11
entry datetime 12
entry terminal 13

interface zwp_text_input_manager_v3 1
request destroy destructor
request get_text_input id:new_id<zwp_text_input_v3> seat:object<wl_seat>
