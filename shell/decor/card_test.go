package decor

import (
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// cards are what a machine's window can say.
var cards = []Card{
	{Name: "Linux desktop", State: "Starting", Detail: "Waiting for the first picture.", Trust: theme.Linux},
	{Name: "Linux desktop", State: "Suspended", Action: "Resume", Trust: theme.Linux, Focus: true},
	{Name: "Linux desktop", State: "Off", Detail: "The guest has shut down.", Action: "Start", Trust: theme.Linux, Hover: true},
	{
		Name: "Windows desktop", State: "Crashed too often", Bad: true, Action: "Start again", Trust: theme.Windows, Focus: true,
		Detail: "Crashed 6 times: QEMU was killed by signal 9 while the guest was starting, and said: cannot set up guest memory 'pc.ram': Cannot allocate memory; " +
			strings.Repeat("and so on ", 20),
	},
}

// cardSheet puts all cards below one another.
func cardSheet(scale geom.Scale, scheme theme.Scheme, rtl bool) render.Pixels {
	r := NewRenderer(nil)
	var list []render.Pixels
	h := int32(8)
	for _, d := range cards {
		d.Scale, d.Scheme, d.RTL = scale, scheme, rtl
		px, _ := r.Card(&d)
		list = append(list, px)
		h += px.H + 8
	}
	out := render.NewPixels(list[0].W+16, h, render.XRGB8888)
	vector.FillRect(&out, out.Size().Rect(), theme.For(scheme).Desktop)
	y := int32(8)
	for _, px := range list {
		over(&out, &px, 8, y)
		y += px.H + 8
	}
	return out
}

func TestCardsLook(t *testing.T) {
	for _, scale := range []geom.Scale{120, 180, 240} {
		golden.Pixels(t, fmt.Sprintf("cards-%v", scale.Float()), cardSheet(scale, theme.Dark, false))
		golden.Pixels(t, fmt.Sprintf("cards-%v-light", scale.Float()), cardSheet(scale, theme.Light, false))
	}
	golden.Pixels(t, "cards-1-rtl", cardSheet(120, theme.Dark, true))
}

func TestCardIsAsHighAsWhatItSays(t *testing.T) {
	r := NewRenderer(nil)
	var before int32
	for _, d := range []Card{
		{Name: "a", State: "b"},
		{Name: "a", State: "b", Detail: "c"},
		{Name: "a", State: "b", Detail: strings.Repeat("word ", 20)},
		{Name: "a", State: "b", Detail: strings.Repeat("word ", 20), Action: "d"},
		{Name: "a", State: "b", Detail: strings.Repeat("word ", 500), Action: "d"},
	} {
		d.Scale = 150
		px, size := r.Card(&d)
		if size.H <= before || px.Size() != d.Scale.ApplyRect(size.Rect()).Size() {
			t.Errorf("%+v is %v, %v pixels", d, size, px.Size())
		}
		before = size.H
	}
	for _, d := range []Card{{}, {Detail: strings.Repeat("w", 400)}, {Detail: " \x00 ", Scale: 1}} {
		r.Card(&d)
	}
}

// over draws premultiplied pixels at a point.
func over(dst, src *render.Pixels, x0, y0 int32) {
	for y := range src.H {
		for x := range src.W {
			from := src.Data[y*src.Stride+4*x:][:4]
			to := dst.Data[(y+y0)*dst.Stride+4*(x+x0):][:4]
			for i := range to {
				to[i] = from[i] + uint8((uint32(to[i])*uint32(255-from[3])+127)/255)
			}
		}
	}
}
