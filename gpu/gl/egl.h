#include <stdint.h>

enum { EGL_HOW_X11, EGL_HOW_SURFACELESS, EGL_HOW_DEVICE };

const char *egl_load(void);
void *egl_proc(const char *name);
int egl_error(void);
int egl_has(void *display, const char *name);
void *egl_open(void *x11, int *how);
void egl_close(void *d);
void *egl_config(void *d, int visual);
void *egl_context(void *d, void *config, int robust);
void egl_free_context(void *d, void *c);
int egl_current(void *d, void *surface, void *c);
int egl_is_current(void *c);
void *egl_surface(void *d, void *config, uintptr_t window);
void egl_free_surface(void *d, void *s);
int egl_no_wait(void *d);
int egl_age(void *d, void *s);
int egl_swap(void *d, void *s, const int *rects, int n);
int egl_imports(void);
void *egl_image(void *d, const int *attribs);
void egl_free_image(void *d, void *i);
int egl_formats(void *d, int *formats, int max);
int egl_modifiers(void *d, int format, uint64_t *modifiers, unsigned *external, int max);
const char *egl_node(void *d);
