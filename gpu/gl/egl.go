//go:build cgo

package gl

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "egl.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/gpu/render"
)

// context is an OpenGL ES context on an EGL display.
type context struct {
	dpy, ctx, config unsafe.Pointer
	surface          unsafe.Pointer // current with the context, nil for none
	platform         string
	hasAge           bool // EGL_EXT_buffer_age
	hasDamage        bool // EGL_KHR_swap_buffers_with_damage
	robust           bool
}

// eglError describes what a call of EGL left behind.
func eglError(what string) error { return fmt.Errorf("%s: EGL error %#x", what, int(C.egl_error())) }

// openContext opens the display of x11 and makes a context for windows of the
// visual, or one without windows if x11 is nil.
func openContext(x11 unsafe.Pointer, visual int) (*context, error) {
	if why := C.egl_load(); why != nil {
		return nil, errors.New(C.GoString(why))
	}
	shared.Lock()
	defer shared.Unlock()
	var how C.int
	c := &context{dpy: C.egl_open(x11, &how)}
	if c.dpy == nil {
		return nil, errors.New("EGL has no display that it can open here")
	}
	shared.displays[c.dpy]++
	c.platform = [...]string{"x11", "surfaceless", "device"}[how]
	if err := c.create(x11 != nil, visual); err != nil {
		c.free()
		return nil, err
	}
	return c, nil
}

// shared is what the whole process has once: EGL hands out the same display
// again and ends it for everybody, and the functions are looked up globally.
var shared = struct {
	sync.Mutex
	displays map[unsafe.Pointer]int // contexts on it
	loaded   bool                   // the functions
}{displays: map[unsafe.Pointer]int{}}

func (c *context) create(windows bool, visual int) error {
	if !c.has("EGL_KHR_surfaceless_context") {
		return errors.New("EGL needs a surface for each context (no EGL_KHR_surfaceless_context)")
	}
	if windows {
		if c.config = C.egl_config(c.dpy, C.int(visual)); c.config == nil {
			return fmt.Errorf("EGL has no config for windows of visual %#x", visual)
		}
	} else if !c.has("EGL_KHR_no_config_context") && !c.has("EGL_MESA_configless_context") {
		return errors.New("EGL needs a config for each context (no EGL_KHR_no_config_context)")
	}
	c.hasAge = c.has("EGL_EXT_buffer_age")
	c.hasDamage = c.has("EGL_KHR_swap_buffers_with_damage")
	c.robust = c.has("EGL_EXT_create_context_robustness")
	if c.robust {
		c.ctx = C.egl_context(c.dpy, c.config, 1)
	}
	if c.ctx == nil {
		c.robust = false
		c.ctx = C.egl_context(c.dpy, c.config, 0)
	}
	if c.ctx == nil {
		return eglError("create an OpenGL ES 3 context")
	}
	if err := c.use(nil); err != nil {
		return err
	}
	if !shared.loaded {
		if err := gles.InitWithProcAddrFunc(proc); err != nil {
			return fmt.Errorf("OpenGL ES 3: %w", err)
		}
		shared.loaded = true
	}
	return nil
}

func proc(name string) unsafe.Pointer {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return C.egl_proc(s)
}

func (c *context) has(extension string) bool {
	s := C.CString(extension)
	defer C.free(unsafe.Pointer(s))
	return C.egl_has(c.dpy, s) != 0
}

// use makes the context current, with a surface or without.
func (c *context) use(surface unsafe.Pointer) error {
	if c.surface == surface && C.egl_is_current(c.ctx) != 0 {
		return nil
	}
	if C.egl_current(c.dpy, surface, c.ctx) == 0 {
		return eglError("make the context current")
	}
	c.surface = surface
	return nil
}

// bind makes the context current with whatever surface.
func (c *context) bind() error {
	if C.egl_is_current(c.ctx) != 0 {
		return nil
	}
	c.surface = nil
	return c.use(nil)
}

func (c *context) newSurface(window uintptr) (unsafe.Pointer, error) {
	s := C.egl_surface(c.dpy, c.config, C.uintptr_t(window))
	if s == nil {
		return nil, eglError("make a surface for the window")
	}
	return s, nil
}

func (c *context) freeSurface(s unsafe.Pointer) {
	if c.surface == s {
		C.egl_current(c.dpy, nil, c.ctx)
		c.surface = nil
	}
	C.egl_free_surface(c.dpy, s)
}

// swap shows what was drawn to the surface that is current.
func (c *context) swap(damage []int32) error {
	var p *C.int
	n := len(damage) / 4
	if n > 0 && c.hasDamage {
		p = (*C.int)(unsafe.Pointer(unsafe.SliceData(damage)))
	} else {
		n = 0
	}
	if C.egl_swap(c.dpy, c.surface, p, C.int(n)) == 0 {
		return eglError("swap buffers")
	}
	return nil
}

// age says how many frames ago the surface that is current was shown last, 0
// if that is not known.
func (c *context) age() int {
	if !c.hasAge {
		return 0
	}
	return int(C.egl_age(c.dpy, c.surface))
}

// noWait lets swap return before the retrace.
func (c *context) noWait() { C.egl_no_wait(c.dpy) }

// Attributes of EGL_EXT_image_dma_buf_import and -_modifiers.
const (
	eglWidth, eglHeight = 0x3057, 0x3056
	eglFourcc           = 0x3271
	eglNone             = 0x3038
)

// eglPlanes are the attributes of each plane: descriptor, offset, stride, and
// the halves of the modifier.
var eglPlanes = [render.MaxPlanes][5]int32{
	{0x3272, 0x3273, 0x3274, 0x3443, 0x3444},
	{0x3275, 0x3276, 0x3277, 0x3445, 0x3446},
	{0x3278, 0x3279, 0x327a, 0x3447, 0x3448},
	{0x3440, 0x3441, 0x3442, 0x3449, 0x344a},
}

// imports reports whether the driver takes memory of other processes.
func (c *context) imports() bool {
	return c.has("EGL_EXT_image_dma_buf_import") && c.has("EGL_EXT_image_dma_buf_import_modifiers") && C.egl_imports() != 0
}

// dmabufFormats lists what can be sampled like any texture. Formats of which
// the driver names no modifier have the one that only it knows.
func (c *context) dmabufFormats() (list []render.DmabufFormat) {
	var formats [256]C.int
	var modifiers [256]C.uint64_t
	var external [256]C.uint
	for _, f := range formats[:C.egl_formats(c.dpy, &formats[0], C.int(len(formats)))] {
		n := C.egl_modifiers(c.dpy, f, &modifiers[0], &external[0], C.int(len(modifiers)))
		for i := range n {
			if external[i] == 0 {
				list = append(list, render.DmabufFormat{Format: render.Format(f), Modifier: uint64(modifiers[i])})
			}
		}
		if n == 0 {
			list = append(list, render.DmabufFormat{Format: render.Format(f), Modifier: invalidModifier})
		}
	}
	return list
}

func (c *context) importImage(d *render.Dmabuf) (unsafe.Pointer, error) {
	a := []int32{eglWidth, d.W, eglHeight, d.H, eglFourcc, int32(d.Format)}
	for i, p := range d.Planes {
		k := &eglPlanes[i]
		a = append(a, k[0], int32(p.FD), k[1], int32(p.Offset), k[2], int32(p.Stride))
		if d.Modifier != invalidModifier {
			a = append(a, k[3], int32(d.Modifier), k[4], int32(d.Modifier>>32))
		}
	}
	a = append(a, eglNone)
	image := C.egl_image(c.dpy, (*C.int)(unsafe.Pointer(&a[0])))
	if image == nil {
		return nil, eglError("make an image of a dmabuf")
	}
	return image, nil
}

func (c *context) freeImage(i unsafe.Pointer) { C.egl_free_image(c.dpy, i) }

// node is the device file of the GPU, or empty.
func (c *context) node() string {
	if n := C.egl_node(c.dpy); n != nil {
		return C.GoString(n)
	}
	return ""
}

func (c *context) close() {
	shared.Lock()
	defer shared.Unlock()
	c.free()
}

// free is close with the lock held.
func (c *context) free() {
	if c.ctx != nil {
		C.egl_free_context(c.dpy, c.ctx)
	}
	if shared.displays[c.dpy]--; shared.displays[c.dpy] == 0 {
		delete(shared.displays, c.dpy)
		C.egl_close(c.dpy)
	}
}
