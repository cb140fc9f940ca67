//go:build cgo

package gl

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	gles "github.com/go-gl/gl/v3.1/gles2"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// Renderer draws with OpenGL ES. Its methods are called from the goroutine
// that called New.
type Renderer struct {
	opt    Options
	log    *slog.Logger
	egl    *context
	soft   *raster.Renderer // conversions, and everything after a loss
	device string

	// maxSide is the largest side of a texture, maxLayers of how many one can
	// consist.
	maxSide, maxLayers int32

	programs [kinds]program
	vao, vbo uint32
	staging  uint32 // pixels on their way to a texture
	reading  uint32 // and on their way back
	sheet    Target // memory is drawn here first
	pass     pass
	softPass softPass
	scratch  geom.Region

	dmabuf dmabuf
	lost   error // why everything is drawn in software now
	onLost func(error)
	closed bool
}

// New opens EGL and locks the goroutine to its thread until Close.
func New(o Options) (*Renderer, error) {
	r := &Renderer{opt: o, log: o.Log}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	runtime.LockOSThread()
	if err := r.open(); err != nil {
		if r.egl != nil {
			r.egl.close()
		}
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("gl renderer: %w", err)
	}
	return r, nil
}

func (r *Renderer) open() (err error) {
	quietMesa()
	if r.egl, err = openContext(r.opt.X11, r.opt.Visual); err != nil {
		return err
	}
	r.device = gles.GoStr(gles.GetString(gles.RENDERER))
	if r.opt.Hardware && onCPU(r.device) {
		return fmt.Errorf("%w (%s)", errSoftware, r.device)
	}
	r.egl.robust = r.egl.robust && hasExtension("GL_EXT_robustness")
	gles.GetIntegerv(gles.MAX_TEXTURE_SIZE, &r.maxSide)
	gles.GetIntegerv(gles.MAX_ARRAY_TEXTURE_LAYERS, &r.maxLayers)
	gles.GenVertexArrays(1, &r.vao)
	gles.GenBuffers(1, &r.vbo)
	gles.GenBuffers(1, &r.staging)
	gles.GenBuffers(1, &r.reading)
	gles.Disable(gles.DITHER)
	// A driver that can't compile them is told from one that can here, when
	// there is still a choice.
	for _, k := range []kind{kindFill, textureKind(sampleDirect, false), textureKind(sampleLinear, false)} {
		if _, err := r.program(k); err != nil {
			return err
		}
	}
	r.soft = raster.New(raster.Options{})
	r.pass.r = r
	r.openDmabuf()
	return r.failure()
}

func hasExtension(name string) bool {
	return slices.Contains(strings.Fields(gles.GoStr(gles.GetString(gles.EXTENSIONS))), name)
}

// quietMesa keeps Mesa from writing to a cache of shaders in the home
// directory: the few there are compile in milliseconds.
func quietMesa() {
	if _, set := os.LookupEnv("MESA_SHADER_CACHE_DISABLE"); !set {
		os.Setenv("MESA_SHADER_CACHE_DISABLE", "true")
	}
}

// onCPU reports whether a GL_RENDERER is a software one.
func onCPU(name string) bool {
	name = strings.ToLower(name)
	for _, s := range []string{"llvmpipe", "softpipe", "swrast", "software", "swr ("} {
		if strings.Contains(name, s) {
			return true
		}
	}
	return false
}

// Close frees everything.
func (r *Renderer) Close() {
	if r.closed {
		return
	}
	r.closed = true
	if r.lost == nil {
		r.egl.close()
	}
	r.soft.Close()
	runtime.UnlockOSThread()
}

// Name implements render.Renderer.
func (r *Renderer) Name() string { return "gl" }

// Device says what draws, for logs: the GPU, or why it does not.
func (r *Renderer) Device() string {
	if r.lost != nil {
		return "software, since " + r.lost.Error()
	}
	return fmt.Sprintf("%s (EGL %s)", r.device, r.egl.platform)
}

// Formats implements render.Renderer.
func (r *Renderer) Formats() []render.Format { return r.soft.Formats() }

// failure returns what went wrong on the GPU since the last call.
func (r *Renderer) failure() error {
	if r.egl.robust {
		if s := gles.GetGraphicsResetStatusEXT(); s != gles.NO_ERROR {
			return fmt.Errorf("%w: reset %#x", ErrLost, s)
		}
	}
	switch e := gles.GetError(); e {
	case gles.NO_ERROR:
		return nil
	case gles.OUT_OF_MEMORY:
		return errMemory
	default:
		return fmt.Errorf("%w: OpenGL error %#x", ErrLost, e)
	}
}

// errMemory: something did not fit into the GPU's memory. What it leaves
// behind is undefined, but the rest goes on.
var errMemory = errors.New("gl: out of memory")

// lose goes on in software. Textures have their pictures in memory; those of
// targets are gone.
func (r *Renderer) lose(err error) {
	if r.lost != nil {
		return
	}
	r.lost = err
	r.log.Error("the GPU is lost; drawing in software from now on", "device", r.device, "err", err)
	r.egl.close()
	if r.onLost != nil {
		r.onLost(err)
	}
}

// OnLost implements render.Losable. It is called at most once.
func (r *Renderer) OnLost(fn func(err error)) { r.onLost = fn }

// Lose has the renderer go on as if the GPU were lost, for tests.
func (r *Renderer) Lose() { r.lose(fmt.Errorf("%w: on purpose", ErrLost)) }

// ready makes the context current. An error is a loss.
func (r *Renderer) ready() error {
	if r.lost != nil {
		return r.lost
	}
	if err := r.egl.bind(); err != nil {
		r.lose(fmt.Errorf("%w: %w", ErrLost, err))
	}
	return r.lost
}

// Begin implements render.Renderer. Targets are *render.Pixels in ARGB8888 or
// XRGB8888 and those of NewTarget.
func (r *Renderer) Begin(t render.Target) (render.Pass, error) {
	p := &r.pass
	if p.open || r.softPass.pass != nil {
		p.reset()
		r.softPass.drop()
		return nil, errors.New("gl: the last pass was not submitted; dropped it")
	}
	switch t := t.(type) {
	case *Target:
		if t.r != r || t.freed {
			return nil, errors.New("gl: not a target of this renderer")
		}
		if r.ready() != nil {
			px, err := t.inMemory()
			if err != nil {
				return nil, err
			}
			return r.beginSoft(px)
		}
		p.begin(t, t.size)
		return p, nil
	case *render.Pixels:
		if err := raster.CheckTarget(t); err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
		if t.W > r.maxSide || t.H > r.maxSide || r.ready() != nil {
			return r.beginSoft(t)
		}
		if err := r.sheet.atLeast(r, t.Size()); err != nil {
			return nil, fmt.Errorf("begin: %w", err)
		}
		p.begin(&r.sheet, t.Size())
		p.memory = *t
		return p, nil
	}
	return nil, fmt.Errorf("gl: cannot draw into a %T", t)
}

// bytes returns n bytes of memory that OpenGL has mapped.
func bytes(p unsafe.Pointer, n int) []byte { return unsafe.Slice((*byte)(p), n) }
