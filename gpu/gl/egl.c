//go:build cgo

// EGL without its headers and without linking to it: the library is opened
// when a renderer is made. Names and numbers are those of EGL 1.5 and its
// extensions (registry.khronos.org/EGL).

#include "egl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static struct {
	void *(*get_proc_address)(const char *);
	const char *(*query_string)(void *, int);
	void *(*get_platform_display)(unsigned, void *, const intptr_t *);
	unsigned (*query_devices)(int, void **, int *);
	unsigned (*initialize)(void *, int *, int *);
	unsigned (*terminate)(void *);
	unsigned (*bind_api)(unsigned);
	unsigned (*choose_config)(void *, const int *, void **, int, int *);
	unsigned (*get_config_attrib)(void *, void *, int, int *);
	void *(*create_context)(void *, void *, void *, const int *);
	unsigned (*destroy_context)(void *, void *);
	unsigned (*make_current)(void *, void *, void *, void *);
	void *(*get_current_context)(void);
	void *(*create_window_surface)(void *, void *, uintptr_t, const int *);
	unsigned (*destroy_surface)(void *, void *);
	unsigned (*query_surface)(void *, void *, int, int *);
	unsigned (*swap_interval)(void *, int);
	unsigned (*swap_buffers)(void *, void *);
	unsigned (*swap_buffers_with_damage)(void *, void *, const int *, int);
	int (*get_error)(void);
	void *(*create_image)(void *, void *, unsigned, void *, const int *);
	unsigned (*destroy_image)(void *, void *);
	unsigned (*query_formats)(void *, int, int *, int *);
	unsigned (*query_modifiers)(void *, int, int, uint64_t *, unsigned *, int *);
	unsigned (*query_display_attrib)(void *, int, intptr_t *);
	const char *(*query_device_string)(void *, int);
} egl;

enum {
	EGL_EXTENSIONS = 0x3055,
	EGL_NONE = 0x3038,
	EGL_SURFACE_TYPE = 0x3033,
	EGL_WINDOW_BIT = 4,
	EGL_RENDERABLE_TYPE = 0x3040,
	EGL_OPENGL_ES3_BIT = 0x40,
	EGL_NATIVE_VISUAL_ID = 0x302e,
	EGL_RED_SIZE = 0x3024,
	EGL_GREEN_SIZE = 0x3023,
	EGL_BLUE_SIZE = 0x3022,
	EGL_OPENGL_ES_API = 0x30a0,
	EGL_CONTEXT_MAJOR_VERSION = 0x3098,
	EGL_CONTEXT_MINOR_VERSION = 0x30fb,
	EGL_CONTEXT_OPENGL_ROBUST_ACCESS_EXT = 0x30bf,
	EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY_EXT = 0x3138,
	EGL_LOSE_CONTEXT_ON_RESET_EXT = 0x31bf,
	EGL_PLATFORM_X11 = 0x31d5,
	EGL_PLATFORM_SURFACELESS = 0x31dd,
	EGL_PLATFORM_DEVICE = 0x313f,
	EGL_BUFFER_AGE = 0x313d,
	EGL_LINUX_DMA_BUF = 0x3270,
	EGL_DEVICE = 0x322c,
	EGL_DRM_DEVICE_FILE = 0x3233,
	EGL_DRM_RENDER_NODE_FILE = 0x3377,
};

static int has(const char *list, const char *name)
{
	size_t n = strlen(name);
	for (const char *p = list; p && (p = strstr(p, name)); p += n)
		if ((p == list || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
			return 1;
	return 0;
}

// egl_load opens the library once and returns what is wrong, or NULL.
const char *egl_load(void)
{
	static void *lib;
	if (lib)
		return NULL;
	void *l = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!l)
		return dlerror();
	egl.get_proc_address = dlsym(l, "eglGetProcAddress");
	if (!egl.get_proc_address) {
		dlclose(l);
		return "libEGL.so.1 has no eglGetProcAddress";
	}
	const struct {
		const char *name;
		void *fn;
	} want[] = {
		{"eglQueryString", &egl.query_string},
		{"eglInitialize", &egl.initialize},
		{"eglTerminate", &egl.terminate},
		{"eglBindAPI", &egl.bind_api},
		{"eglChooseConfig", &egl.choose_config},
		{"eglGetConfigAttrib", &egl.get_config_attrib},
		{"eglCreateContext", &egl.create_context},
		{"eglDestroyContext", &egl.destroy_context},
		{"eglMakeCurrent", &egl.make_current},
		{"eglGetCurrentContext", &egl.get_current_context},
		{"eglCreateWindowSurface", &egl.create_window_surface},
		{"eglDestroySurface", &egl.destroy_surface},
		{"eglQuerySurface", &egl.query_surface},
		{"eglSwapInterval", &egl.swap_interval},
		{"eglSwapBuffers", &egl.swap_buffers},
		{"eglGetError", &egl.get_error},
		{"eglGetPlatformDisplay", &egl.get_platform_display},
	};
	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		void *p = dlsym(l, want[i].name);
		if (!p) {
			dlclose(l);
			return "libEGL.so.1 is older than EGL 1.5";
		}
		memcpy(want[i].fn, &p, sizeof p);
	}
	const struct {
		const char *name;
		void *fn;
	} may[] = {
		{"eglQueryDevicesEXT", &egl.query_devices},
		{"eglSwapBuffersWithDamageKHR", &egl.swap_buffers_with_damage},
		{"eglCreateImageKHR", &egl.create_image},
		{"eglDestroyImageKHR", &egl.destroy_image},
		{"eglQueryDmaBufFormatsEXT", &egl.query_formats},
		{"eglQueryDmaBufModifiersEXT", &egl.query_modifiers},
		{"eglQueryDisplayAttribEXT", &egl.query_display_attrib},
		{"eglQueryDeviceStringEXT", &egl.query_device_string},
	};
	for (size_t i = 0; i < sizeof may / sizeof *may; i++) {
		void *p = egl.get_proc_address(may[i].name);
		memcpy(may[i].fn, &p, sizeof p);
	}
	lib = l;
	return NULL;
}

void *egl_proc(const char *name) { return egl.get_proc_address(name); }

int egl_error(void) { return egl.get_error(); }

int egl_has(void *display, const char *name) { return has(egl.query_string(display, EGL_EXTENSIONS), name); }

// egl_open initializes a display: of the X11 connection, or if there is none,
// without a surface, or on the first device.
void *egl_open(void *x11, int *how)
{
	void *d = NULL;
	int major, minor;
	if (x11) {
		*how = EGL_HOW_X11;
		d = egl.get_platform_display(EGL_PLATFORM_X11, x11, NULL);
		return d && egl.initialize(d, &major, &minor) ? d : NULL;
	}
	if (egl_has(NULL, "EGL_MESA_platform_surfaceless")) {
		*how = EGL_HOW_SURFACELESS;
		d = egl.get_platform_display(EGL_PLATFORM_SURFACELESS, NULL, NULL);
		if (d && egl.initialize(d, &major, &minor))
			return d;
	}
	void *device = NULL;
	int n = 0;
	if (!egl.query_devices || !egl_has(NULL, "EGL_EXT_platform_device") || !egl.query_devices(1, &device, &n) || n < 1)
		return NULL;
	*how = EGL_HOW_DEVICE;
	d = egl.get_platform_display(EGL_PLATFORM_DEVICE, device, NULL);
	return d && egl.initialize(d, &major, &minor) ? d : NULL;
}

void egl_close(void *d) { egl.terminate(d); }

// egl_config finds one for windows of the visual.
void *egl_config(void *d, int visual)
{
	const int attribs[] = {
		EGL_SURFACE_TYPE, EGL_WINDOW_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_ES3_BIT,
		EGL_RED_SIZE, 8, EGL_GREEN_SIZE, 8, EGL_BLUE_SIZE, 8, EGL_NONE,
	};
	void *configs[256];
	int n = 0, id;
	if (!egl.choose_config(d, attribs, configs, 256, &n))
		return NULL;
	for (int i = 0; i < n; i++)
		if (egl.get_config_attrib(d, configs[i], EGL_NATIVE_VISUAL_ID, &id) && id == visual)
			return configs[i];
	return NULL;
}

// egl_context makes an OpenGL ES 3 context, of a config or, with NULL, of none.
void *egl_context(void *d, void *config, int robust)
{
	const int attribs[] = {
		EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 0,
		robust ? EGL_CONTEXT_OPENGL_ROBUST_ACCESS_EXT : EGL_NONE, 1,
		EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY_EXT, EGL_LOSE_CONTEXT_ON_RESET_EXT,
		EGL_NONE,
	};
	if (!egl.bind_api(EGL_OPENGL_ES_API))
		return NULL;
	return egl.create_context(d, config, NULL, attribs);
}

void egl_free_context(void *d, void *c)
{
	if (egl.get_current_context() == c)
		egl.make_current(d, NULL, NULL, NULL);
	egl.destroy_context(d, c);
}

int egl_current(void *d, void *surface, void *c) { return egl.make_current(d, surface, surface, c); }
int egl_is_current(void *c) { return egl.get_current_context() == c; }

void *egl_surface(void *d, void *config, uintptr_t window) { return egl.create_window_surface(d, config, window, NULL); }
void egl_free_surface(void *d, void *s) { egl.destroy_surface(d, s); }

int egl_no_wait(void *d) { return egl.swap_interval(d, 0); }

int egl_age(void *d, void *s)
{
	int age = 0;
	return egl.query_surface(d, s, EGL_BUFFER_AGE, &age) ? age : 0;
}

// egl_swap shows what was drawn. The rectangles, x y w h from the bottom
// left, are what changed; n of 0 is all.
int egl_swap(void *d, void *s, const int *rects, int n)
{
	if (n > 0 && egl.swap_buffers_with_damage)
		return egl.swap_buffers_with_damage(d, s, rects, n);
	return egl.swap_buffers(d, s);
}

int egl_imports(void) { return egl.create_image && egl.destroy_image && egl.query_formats && egl.query_modifiers; }

void *egl_image(void *d, const int *attribs) { return egl.create_image(d, NULL, EGL_LINUX_DMA_BUF, NULL, attribs); }
void egl_free_image(void *d, void *i) { egl.destroy_image(d, i); }

int egl_formats(void *d, int *formats, int max)
{
	int n = 0;
	return egl.query_formats(d, max, formats, &n) ? n : 0;
}

int egl_modifiers(void *d, int format, uint64_t *modifiers, unsigned *external, int max)
{
	int n = 0;
	return egl.query_modifiers(d, format, max, modifiers, external, &n) ? n : 0;
}

// egl_node returns the device file of the GPU, or NULL.
const char *egl_node(void *d)
{
	intptr_t device = 0;
	if (!egl.query_display_attrib || !egl.query_device_string || !egl.query_display_attrib(d, EGL_DEVICE, &device) || !device)
		return NULL;
	const char *ext = egl.query_device_string((void *)device, EGL_EXTENSIONS);
	if (has(ext, "EGL_EXT_device_drm_render_node")) {
		const char *node = egl.query_device_string((void *)device, EGL_DRM_RENDER_NODE_FILE);
		if (node)
			return node;
	}
	return has(ext, "EGL_EXT_device_drm") ? egl.query_device_string((void *)device, EGL_DRM_DEVICE_FILE) : NULL;
}
