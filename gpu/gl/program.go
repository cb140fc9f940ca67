//go:build cgo

package gl

import (
	"fmt"
	"strings"

	gles "github.com/go-gl/gl/v3.1/gles2"
)

// program is a linked pair of shaders and where its uniforms are.
type program struct {
	id                                       uint32
	target, colour, height                   int32
	visible, turned, alpha, layers           int32
	walkX, walkY, carryX, carryY, ranX, ranY int32
}

// kind numbers the programs.
type kind uint8

const (
	kindFill kind = iota
	kindShow
	kindTexture // one for each sampling, and then again for layers
	kinds       = kindTexture + 2*kind(samplings)
)

// textureKind returns the program for a sampling.
func textureKind(s sampling, layered bool) kind {
	k := kindTexture + kind(s)
	if layered {
		k += kind(samplings)
	}
	return k
}

func (k kind) source() string {
	if k < kindTexture {
		return [...]string{fill, show}[k]
	}
	k -= kindTexture
	define := ""
	if k >= kind(samplings) {
		define = "#define LAYERED\n"
	}
	return define + [samplings]string{point, linear, box, direct}[k%kind(samplings)]
}

// program returns the program of a kind, compiled when it is first needed.
func (r *Renderer) program(k kind) (*program, error) {
	p := &r.programs[k]
	if p.id != 0 {
		return p, nil
	}
	id, err := link(header+quads, header+k.source())
	if err != nil {
		return nil, err
	}
	p.id = id
	for name, at := range map[string]*int32{
		"target": &p.target, "colour": &p.colour, "height": &p.height,
		"visible": &p.visible, "turned": &p.turned, "alpha": &p.alpha, "layers": &p.layers,
		"walkX": &p.walkX, "walkY": &p.walkY, "carryX": &p.carryX, "carryY": &p.carryY,
		"rangeX": &p.ranX, "rangeY": &p.ranY,
	} {
		*at = gles.GetUniformLocation(id, gles.Str(name+"\x00"))
	}
	return p, nil
}

func link(vertex, fragment string) (uint32, error) {
	id := gles.CreateProgram()
	for _, s := range []struct {
		kind uint32
		src  string
	}{{gles.VERTEX_SHADER, vertex}, {gles.FRAGMENT_SHADER, fragment}} {
		shader := gles.CreateShader(s.kind)
		src, free := gles.Strs(s.src + "\x00")
		gles.ShaderSource(shader, 1, src, nil)
		free()
		gles.CompileShader(shader)
		gles.AttachShader(id, shader)
		gles.DeleteShader(shader) // lives on as long as the program
	}
	gles.LinkProgram(id)
	var ok int32
	if gles.GetProgramiv(id, gles.LINK_STATUS, &ok); ok == gles.TRUE {
		return id, nil
	}
	log := make([]byte, 2048)
	var n int32
	gles.GetProgramInfoLog(id, int32(len(log)), &n, &log[0])
	gles.DeleteProgram(id)
	return 0, fmt.Errorf("link a program: %s", strings.TrimSpace(string(log[:n])))
}
