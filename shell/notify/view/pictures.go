package view

import (
	"unicode"

	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/notify"
	trust "rayos/shell/theme"
)

// pictures are those of notifications, as they are drawn.
type pictures map[*notify.Image]*paint.Image

// of returns the picture of a notification, nil if it has none.
func (p pictures) of(n *notify.Notification) *paint.Image {
	if n.Image == nil {
		return nil
	}
	if m, ok := p[n.Image]; ok {
		return m
	}
	m := convert(n.Image)
	p[n.Image] = m
	return m
}

// keep forgets the pictures of what isn't shown any more.
func (p pictures) keep(shown []*notify.Notification) {
	for k := range p {
		used := false
		for _, n := range shown {
			used = used || n.Image == k
		}
		if !used {
			delete(p, k)
		}
	}
}

// convert premultiplies the pixels. It is nil for a picture that can't be shown.
func convert(m *notify.Image) *paint.Image {
	px := render.NewPixels(int32(m.Width), int32(m.Height), render.ARGB8888)
	for i := 0; i+3 < len(m.Pixels) && i+3 < len(px.Data); i += 4 {
		a := uint32(m.Pixels[i+3])
		mul := func(v byte) byte { return byte((uint32(v)*a + 127) / 255) }
		px.Data[i], px.Data[i+1], px.Data[i+2], px.Data[i+3] = mul(m.Pixels[i+2]), mul(m.Pixels[i+1]), mul(m.Pixels[i]), byte(a)
	}
	img, err := paint.NewImage(px)
	if err != nil {
		return nil // it has no pixels; the badge stands for it
	}
	return img
}

const pictureSize = 40

// Icons looks up the icon of a name or path, for a square of a size in logical
// pixels. It returns nil for one that isn't there, or not yet.
type Icons func(name string, size int32) *paint.Image

// picture shows what a notification brought, the icon that it or its program
// has, or a badge.
func (c card) picture() ui.Node {
	n, th := c.n, c.th
	if m := c.pics.of(n); m != nil {
		return ui.Image{Image: m, W: pictureSize, H: pictureSize, Fit: ui.Cover, Radius: theme.RadiusControl}
	}
	for _, name := range []string{n.Icon, n.Desktop} {
		if c.icons == nil || name == "" {
			continue
		}
		if m := c.icons(name, pictureSize); m != nil {
			return ui.Image{Image: m, W: pictureSize, H: pictureSize, Fit: ui.Contain, Radius: theme.RadiusControl}
		}
	}
	mark := ui.Node(ui.Label{Text: letter(title(n)), Size: theme.Heading, Bold: true, Color: th.Text2})
	fill := th.Surface3
	switch {
	case n.Urgency == notify.Critical:
		mark = ui.Icon{Name: icon.Warning, Size: theme.IconMedium, Color: th.Bad}
	case n.Trust != trust.Session:
		mark = ui.Icon{Name: icon.Machine, Size: theme.IconMedium, Color: th.Text1}
		fill = theme.Mix(fill, trustColor(n.Trust, th), 70)
	}
	return ui.Surface{Fill: fill, Radius: theme.RadiusControl, Child: ui.Sized{W: pictureSize, H: pictureSize, Child: ui.Centred(mark)}}
}

func trustColor(t trust.Trust, th *theme.Theme) render.Color {
	return trust.For(th.Scheme).Trust[min(t, trust.Unknown)]
}

// letter stands for a program that has no picture.
func letter(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "•"
}
