protocol ext_idle_notify_v1
source wayland-protocols 1.43, ext-idle-notify-v1.xml

interface ext_idle_notifier_v1 2
request destroy destructor
request get_idle_notification id:new_id<ext_idle_notification_v1> timeout:uint seat:object<wl_seat>
request get_input_idle_notification since=2 id:new_id<ext_idle_notification_v1> timeout:uint seat:object<wl_seat>

interface ext_idle_notification_v1 2
request destroy destructor
event idled
event resumed
