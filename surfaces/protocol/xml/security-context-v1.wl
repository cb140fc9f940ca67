protocol security_context_v1
source wayland-protocols 1.43, security-context-v1.xml

interface wp_security_context_manager_v1 1
request destroy destructor
request create_listener id:new_id<wp_security_context_v1> listen_fd:fd close_fd:fd
enum error
entry invalid_listen_fd 1
entry nested 2

interface wp_security_context_v1 1
request destroy destructor
request set_sandbox_engine name:string
request set_app_id app_id:string
request set_instance_id instance_id:string
request commit
enum error
entry already_used 1
entry already_set 2
entry invalid_metadata 3
