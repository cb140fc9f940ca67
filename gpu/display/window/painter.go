//go:build cgo && !wayland

package window

import (
	"fmt"
	"strings"

	"github.com/go-gl/gl/v3.3-core/gl"

	"rayos/geom"
	"rayos/gpu/render"
)

// painter holds the last frame in a texture and draws it pixel for pixel. Its
// window's context is current in every call.
type painter struct {
	program, texture, vao uint32
	height                int32     // location of the uniform
	size                  geom.Size // of the texture
}

// maxUploads is how many rectangles of damage are uploaded one by one; more
// are uploaded as the rectangle around them.
const maxUploads = 32

// The window's rows count from the bottom, the texture's from the top.
const (
	vertexShader = `#version 330 core
void main() {
	vec2 p = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
	gl_Position = vec4(p, 0.0, 1.0);
}`
	fragmentShader = `#version 330 core
uniform sampler2D frame;
uniform int height;
out vec4 colour;
void main() {
	ivec2 p = ivec2(int(gl_FragCoord.x), height - 1 - int(gl_FragCoord.y));
	ivec2 size = textureSize(frame, 0);
	colour = p.x < size.x && p.y < size.y ? vec4(texelFetch(frame, p, 0).rgb, 1.0) : vec4(0.0, 0.0, 0.0, 1.0);
}`
)

func newPainter() (painter, error) {
	var p painter
	var err error
	if p.program, err = link(vertexShader, fragmentShader); err != nil {
		return p, err
	}
	p.height = gl.GetUniformLocation(p.program, gl.Str("height\x00"))
	gl.GenVertexArrays(1, &p.vao)
	gl.GenTextures(1, &p.texture)
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST)
	return p, nil
}

// upload replaces the whole frame.
func (p *painter) upload(px *render.Pixels) {
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	gl.PixelStorei(gl.UNPACK_ROW_LENGTH, px.Stride/4)
	if p.size != px.Size() {
		p.size = px.Size()
		gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, px.W, px.H, 0, gl.BGRA, gl.UNSIGNED_INT_8_8_8_8_REV, gl.Ptr(px.Data))
		return
	}
	p.uploadRect(px, px.Size().Rect())
}

// update replaces the damaged pixels.
func (p *painter) update(px *render.Pixels, damage *geom.Region) {
	if p.size != px.Size() {
		p.upload(px)
		return
	}
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	gl.PixelStorei(gl.UNPACK_ROW_LENGTH, px.Stride/4)
	if damage.Len() > maxUploads {
		p.uploadRect(px, damage.Extents())
		return
	}
	for _, r := range damage.Rects() {
		p.uploadRect(px, r)
	}
}

func (p *painter) uploadRect(px *render.Pixels, r geom.Rect) {
	r = r.Intersect(px.Size().Rect())
	if r.Empty() {
		return
	}
	first := int(r.Y0)*int(px.Stride) + int(r.X0)*4
	gl.TexSubImage2D(gl.TEXTURE_2D, 0, r.X0, r.Y0, r.W(), r.H(), gl.BGRA, gl.UNSIGNED_INT_8_8_8_8_REV, gl.Ptr(&px.Data[first]))
}

// draw fills a window of w×h pixels; what the frame does not cover is black.
func (p *painter) draw(w, h int) {
	gl.Viewport(0, 0, int32(w), int32(h))
	gl.UseProgram(p.program)
	gl.Uniform1i(p.height, int32(h))
	gl.BindVertexArray(p.vao)
	gl.BindTexture(gl.TEXTURE_2D, p.texture)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
}

func link(vertex, fragment string) (uint32, error) {
	program := gl.CreateProgram()
	for _, s := range []struct {
		kind uint32
		src  string
	}{{gl.VERTEX_SHADER, vertex}, {gl.FRAGMENT_SHADER, fragment}} {
		shader := gl.CreateShader(s.kind)
		src, free := gl.Strs(s.src + "\x00")
		gl.ShaderSource(shader, 1, src, nil)
		free()
		gl.CompileShader(shader)
		gl.AttachShader(program, shader)
		gl.DeleteShader(shader) // lives on as long as the program
	}
	gl.LinkProgram(program)
	var ok int32
	if gl.GetProgramiv(program, gl.LINK_STATUS, &ok); ok == gl.TRUE {
		return program, nil
	}
	log := make([]byte, 1024)
	var n int32
	gl.GetProgramInfoLog(program, int32(len(log)), &n, &log[0])
	return 0, fmt.Errorf("OpenGL program: %s", strings.TrimSpace(string(log[:n])))
}
