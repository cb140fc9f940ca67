// What WLCS calls and is called by: see abi.c.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct extension {
	const char *name;
	uint32_t version;
};

struct descriptor {
	uint32_t version;
	size_t num;
	const struct extension *extensions;
};

struct pointer {
	uint32_t version;
	void (*move_absolute)(struct pointer *, int32_t x, int32_t y);
	void (*move_relative)(struct pointer *, int32_t dx, int32_t dy);
	void (*button_up)(struct pointer *, int button);
	void (*button_down)(struct pointer *, int button);
	void (*destroy)(struct pointer *);
	uintptr_t handle; // ours, as all below
};

struct touch {
	uint32_t version;
	void (*down)(struct touch *, int32_t x, int32_t y);
	void (*move)(struct touch *, int32_t x, int32_t y);
	void (*up)(struct touch *);
	void (*destroy)(struct touch *);
	uintptr_t handle;
	int32_t finger;
};

struct server {
	uint32_t version;
	void (*start)(struct server *);
	void (*stop)(struct server *);
	int (*create_client_socket)(struct server *);
	void (*position_window_absolute)(struct server *, void *display, void *surface, int x, int y);
	struct pointer *(*create_pointer)(struct server *);
	struct touch *(*create_touch)(struct server *);
	const struct descriptor *(*get_descriptor)(const struct server *);
	void (*start_on_this_thread)(struct server *, void *event_loop);
	uintptr_t handle;
};

struct integration {
	uint32_t version;
	struct server *(*create_server)(int argc, const char **argv);
	void (*destroy_server)(struct server *);
};

// In Go.
extern uintptr_t rayosNew(void);
extern void rayosFree(uintptr_t handle);
extern void rayosStart(uintptr_t handle);
extern void rayosStop(uintptr_t handle);
extern int rayosConnect(uintptr_t handle);
extern void rayosPlace(uintptr_t handle, int fd, uint32_t surface, int x, int y);
extern void rayosPointerTo(uintptr_t handle, int32_t x, int32_t y);
extern void rayosPointerBy(uintptr_t handle, int32_t dx, int32_t dy);
extern void rayosButton(uintptr_t handle, int button, int pressed);
extern int32_t rayosNewFinger(uintptr_t handle);
extern void rayosTouchDown(uintptr_t handle, int32_t finger, int32_t x, int32_t y);
extern void rayosTouchTo(uintptr_t handle, int32_t finger, int32_t x, int32_t y);
extern void rayosTouchUp(uintptr_t handle, int32_t finger);
extern struct descriptor *rayosDescribe(void);
