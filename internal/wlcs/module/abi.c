// The C side of the module: the structures that WLCS looks for, made of
// pointers to thunks that call Go. Names and layout are those of the interface
// that WLCS documents (display_server.h, pointer.h and touch.h of 1.5.0).

#include "abi.h"

// WLCS has libwayland-client loaded; the module needs two functions of it and
// no library of its own.
extern int wl_display_get_fd(void *display) __attribute__((weak));
extern uint32_t wl_proxy_get_id(void *proxy) __attribute__((weak));

static void start(struct server *s) { rayosStart(s->handle); }
static void stop(struct server *s) { rayosStop(s->handle); }
static int connect_client(struct server *s) { return rayosConnect(s->handle); }

static void place(struct server *s, void *display, void *surface, int x, int y) {
	rayosPlace(s->handle, wl_display_get_fd(display), wl_proxy_get_id(surface), x, y);
}

static void pointer_to(struct pointer *p, int32_t x, int32_t y) { rayosPointerTo(p->handle, x, y); }
static void pointer_by(struct pointer *p, int32_t dx, int32_t dy) { rayosPointerBy(p->handle, dx, dy); }
static void button_up(struct pointer *p, int button) { rayosButton(p->handle, button, 0); }
static void button_down(struct pointer *p, int button) { rayosButton(p->handle, button, 1); }
static void pointer_free(struct pointer *p) { free(p); }

static struct pointer *new_pointer(struct server *s) {
	struct pointer *p = calloc(1, sizeof *p);
	if (p != NULL) {
		*p = (struct pointer){1, pointer_to, pointer_by, button_up, button_down, pointer_free, s->handle};
	}
	return p;
}

static void touch_down(struct touch *t, int32_t x, int32_t y) { rayosTouchDown(t->handle, t->finger, x, y); }
static void touch_to(struct touch *t, int32_t x, int32_t y) { rayosTouchTo(t->handle, t->finger, x, y); }
static void touch_up(struct touch *t) { rayosTouchUp(t->handle, t->finger); }
static void touch_free(struct touch *t) { free(t); }

static struct touch *new_touch(struct server *s) {
	struct touch *t = calloc(1, sizeof *t);
	if (t != NULL) {
		*t = (struct touch){1, touch_down, touch_to, touch_up, touch_free, s->handle, rayosNewFinger(s->handle)};
	}
	return t;
}

static const struct descriptor *describe(const struct server *s) {
	(void)s;
	return rayosDescribe();
}

static struct server *create(int argc, const char **argv) {
	(void)argc;
	(void)argv;
	struct server *s = calloc(1, sizeof *s);
	if (s != NULL) {
		*s = (struct server){3, start, stop, connect_client, place, new_pointer, new_touch, describe, NULL, rayosNew()};
	}
	return s;
}

static void destroy(struct server *s) {
	rayosFree(s->handle);
	free(s);
}

const struct integration wlcs_server_integration = {1, create, destroy};
