package overlay

import (
	"fmt"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
	"rayos/shell/line"
	"rayos/shell/theme"
)

// History is how many frames are shown.
const History = 120

// Frame is a frame that an output has shown.
type Frame struct {
	Draw   time.Duration // from the begin of drawing until it was handed over
	Damage float64       // 0 to 1: the share of the output that was drawn anew
}

// Guest is a machine whose window is on the desktop.
type Guest struct {
	Name  string
	Trust theme.Trust
	// Pictures since the window was made: changes by the guest, pictures that
	// were shown, and changes that newer ones overtook.
	Received, Shown, Dropped uint32
	Rate                     float64 // shown in a second
}

// View is what there is to say about an output.
type View struct {
	Output  string
	Size    geom.Size     // physical
	Refresh time.Duration // between two vblanks
	Rate    float64       // frames in a second
	Frames  []Frame       // oldest first; of more than History the newest count
	Guests  []Guest       // of more than maxGuests the first count
	Scale   geom.Scale
	Scheme  theme.Scheme
}

// Width is the picture's, logical. Its height is that of what it says.
const Width = 2*theme.Space3 + History*barW

// Places, logical.
const (
	pad       = theme.Space3
	lineH     = 18
	plotH     = 56
	barW      = 3
	maxGuests = 8
)

// Renderer draws.
type Renderer struct {
	text   *line.Writer
	raster vector.Rasterizer
	path   vector.Path
}

// New returns a renderer that writes with fonts, or with the embedded ones if
// fonts is nil.
func New(fonts *text.Fonts) *Renderer { return &Renderer{text: line.New(fonts)} }

// Frames draws a view: premultiplied ARGB8888 of the physical size of the
// logical one that is returned. The pixels are the caller's.
func (r *Renderer) Frames(v *View) (render.Pixels, geom.Size) {
	guests := v.Guests[:min(len(v.Guests), maxGuests)]
	logical := geom.Size{W: Width, H: 2*pad + lineH + theme.Space1 + plotH + theme.Space2 + lineH + int32(len(guests))*lineH}
	scale := max(v.Scale, 1)
	size := scale.ApplyRect(logical.Rect()).Size()
	px := render.NewPixels(max(size.W, 1), max(size.H, 1), render.ARGB8888)
	c := canvas{Renderer: r, px: &px, scale: scale, pal: theme.For(v.Scheme)}
	w, h, one := vector.Px(px.W), vector.Px(px.H), max(snap(c.u(1)), 256)
	c.fill(0, 0, w, h, c.u(theme.RadiusWindow), c.pal.Outline)
	c.fill(one, one, w-one, h-one, c.u(theme.RadiusWindow)-one, c.pal.Surface2)

	y := int32(pad)
	c.ends(y, c.pal.Text1, v.Output, fmt.Sprintf("%v  %s", v.Size, hertz(v.Refresh)), c.pal.Text2)
	y += lineH + theme.Space1
	c.plot(v, y)
	y += plotH + theme.Space2
	last, worst, damage := summary(v.Frames)
	c.ends(y, c.pal.Text2, fmt.Sprintf("draw %s  worst %s", ms(last), ms(worst)),
		fmt.Sprintf("damage %.0f %%  %.0f fps", damage*100, v.Rate), c.pal.Text2)
	for i := range guests {
		y += lineH
		g := &guests[i]
		c.dot(y, g.Trust)
		c.row(y, c.u(pad+theme.Space4), c.pal.Text1, line.Clean(g.Name),
			fmt.Sprintf("%.0f/s  got %d  shown %d  dropped %d", g.Rate, g.Received, g.Shown, g.Dropped), c.pal.Text3)
	}
	return px, logical
}

func hertz(d time.Duration) string {
	if d <= 0 {
		return "– Hz"
	}
	return fmt.Sprintf("%.2f Hz", float64(time.Second)/float64(d))
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }

// summary returns the last and the longest time to draw, and the last damage.
func summary(list []Frame) (last, worst time.Duration, damage float64) {
	list = list[max(len(list)-History, 0):]
	for _, f := range list {
		last, damage = f.Draw, f.Damage
		worst = max(worst, f.Draw)
	}
	return last, worst, damage
}

// canvas is a picture being drawn.
type canvas struct {
	*Renderer
	px    *render.Pixels
	scale geom.Scale
	pal   *theme.Palette
}

// u returns v logical pixels in 24.8 physical ones.
func (c *canvas) u(v int32) geom.Fixed { return geom.Fixed(c.scale.Apply(v << 8)) }

// snap returns v at the nearest whole pixel.
func snap(v geom.Fixed) geom.Fixed { return (v + 128) &^ 255 }

func (c *canvas) fill(x0, y0, x1, y1, radius geom.Fixed, color render.Color) {
	c.path.Reset()
	c.path.RoundRect(x0, y0, x1, y1, radius)
	c.raster.Fill(c.px, c.px.Size().Rect(), &c.path, vector.Solid(color))
}

// ends writes two texts at the ends of a line.
func (c *canvas) ends(y int32, left render.Color, said, right string, rightColor render.Color) {
	c.row(y, c.u(pad), left, said, right, rightColor)
}

func (c *canvas) row(y int32, x geom.Fixed, left render.Color, said, right string, rightColor render.Color) {
	clip := c.px.Size().Rect()
	style := line.Style{Size: theme.Caption, Tabular: true, Scale: c.scale}
	base := c.text.Baseline(style, c.scale.Apply(y), c.scale.Apply(y+lineH))
	room := c.u(Width-pad) - x
	right = c.text.Fit(style, right, room, line.End)
	taken := c.text.Measure(style, right)
	c.text.Draw(c.px, clip, style, x+room-taken, base, rightColor, right)
	said = c.text.Fit(style, said, room-taken-c.u(theme.Space2), line.End)
	c.text.Draw(c.px, clip, style, x, base, left, said)
}

func (c *canvas) dot(y int32, t theme.Trust) {
	c.path.Reset()
	c.path.Circle(vector.Pt(c.u(pad+4), c.u(y+lineH/2)), c.u(4))
	c.raster.Fill(c.px, c.px.Size().Rect(), &c.path, vector.Solid(c.pal.Trust[t]))
}

// plot draws a bar for each frame. The height of the plot is the time between
// two vblanks: what reaches it is too late, and says so by its colour.
func (c *canvas) plot(v *View, top int32) {
	x0, y0, y1 := snap(c.u(pad)), snap(c.u(top)), snap(c.u(top+plotH))
	c.fill(x0, y0, snap(c.u(Width-pad)), y1, c.u(theme.Space1), c.pal.Surface1)
	period := v.Refresh
	if period <= 0 {
		period = time.Second / 60
	}
	list := v.Frames[max(len(v.Frames)-History, 0):]
	first := History - len(list)
	for i, f := range list {
		at := int32(first+i)*barW + pad
		length := geom.Fixed(int64(min(max(f.Draw, 0), period)) * int64(y1-y0) / int64(period))
		length = max(snap(length), 256)
		color := c.pal.Accent
		switch {
		case f.Draw >= period:
			color = c.pal.Bad
		case f.Draw >= period/2:
			color = c.pal.Warn
		}
		left, right := snap(c.u(at)), snap(c.u(at+barW))
		c.fill(left, y1-length, max(right-max(snap(c.u(1)), 256), left+256), y1, 0, color)
	}
	half := snap((y0 + y1) / 2)
	c.fill(x0, half, snap(c.u(Width-pad)), half+max(snap(c.u(1)), 256), 0, vector.Mix(c.pal.Surface1, c.pal.Outline, 160))
}
