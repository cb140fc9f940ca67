package iconload

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"io"
	"math"

	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// Limits of a drawing.
const (
	maxElements = 4000
	maxDepth    = 64
	maxUses     = 200    // times that something defined is drawn
	maxLines    = 60_000 // straight lines that all curves become
	beside      = 512    // pixels beside the picture that are told apart
)

var (
	errDrawing = errors.New("the drawing is too much")
	errNothing = errors.New("nothing of the drawing can be seen")
)

// drawn are the elements that are drawn, or say how. The rest, with what is in
// it, isn't: text, filters, masks, links to other files.
var drawn = map[string]bool{
	"svg": true, "g": true, "path": true, "rect": true, "circle": true, "ellipse": true, "line": true, "polyline": true, "polygon": true,
	"defs": true, "linearGradient": true, "radialGradient": true, "stop": true, "use": true, "style": true,
}

// simplify copies a drawing without what isn't drawn. Nothing that is defined
// uses anything else, so that nothing is used without end.
func simplify(data []byte) ([]byte, error) {
	var out bytes.Buffer
	in, enc := xml.NewDecoder(bytes.NewReader(data)), xml.NewEncoder(&out)
	n, depth, uses, defs := 0, 0, 0, 0
	for {
		t, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch e := t.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if n++; n > maxElements {
				return nil, errDrawing
			}
			if !drawn[name] || name == "use" && defs > 0 {
				if err := in.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			if depth++; depth > maxDepth {
				return nil, errDrawing
			}
			if name == "use" {
				uses++
			}
			if name == "defs" {
				defs++
			}
			if uses > maxUses {
				return nil, errDrawing
			}
			t = xml.StartElement{Name: xml.Name{Local: name}, Attr: attributes(e.Attr)}
		case xml.EndElement:
			depth--
			if e.Name.Local == "defs" {
				defs--
			}
			t = xml.EndElement{Name: xml.Name{Local: e.Name.Local}}
		case xml.CharData:
		default:
			continue
		}
		if err := enc.EncodeToken(t); err != nil {
			return nil, err
		}
	}
	err := enc.Close()
	return out.Bytes(), err
}

// attributes are those without a namespace, and links.
func attributes(all []xml.Attr) []xml.Attr {
	var list []xml.Attr
	for _, a := range all {
		if a.Name.Space == "" && a.Name.Local != "xmlns" || a.Name.Local == "href" {
			list = append(list, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
		}
	}
	return list
}

// Drawing draws an SVG whose longer side becomes px pixels. Any goroutine may call
// it.
func Drawing(data []byte, px int) (*image.RGBA, error) {
	m, w, h, err := drawBox(data, px)
	if err != nil {
		return nil, err
	}
	cut := image.Rect(int((float64(px)-w)/2), int((float64(px)-h)/2), px-int((float64(px)-w)/2), px-int((float64(px)-h)/2))
	return m.SubImage(cut).(*image.RGBA), nil
}

// drawSVG draws an SVG into a square of px pixels.
func drawSVG(data []byte, px int) (*image.RGBA, error) {
	m, _, _, err := drawBox(data, px)
	return m, err
}

// drawBox draws an SVG into the middle of a square of px pixels, w × h of them.
// The library that draws it panics over some files.
func drawBox(data []byte, px int) (m *image.RGBA, w, h float64, err error) {
	defer func() {
		if v := recover(); v != nil {
			m, err = nil, fmt.Errorf("drawing: %v", v)
		}
	}()
	data, err = simplify(data)
	if err != nil {
		return nil, 0, 0, err
	}
	icon, err := oksvg.ReadIconStream(bytes.NewReader(data), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, 0, 0, err
	}
	box := icon.ViewBox
	if !(box.W > 0 && box.H > 0) || math.IsInf(box.W, 0) || math.IsInf(box.H, 0) {
		return nil, 0, 0, errors.New("a drawing without a size")
	}
	k := float64(px) / max(box.W, box.H)
	w, h = box.W*k, box.H*k
	icon.SetTarget((float64(px)-w)/2, (float64(px)-h)/2, w, h)
	m = image.NewRGBA(image.Rect(0, 0, px, px))
	s := &counted{Scanner: rasterx.NewScannerGV(px, px, m, m.Rect), side: px}
	icon.Draw(rasterx.NewDasher(px, px, s), 1)
	for i := 3; i < len(m.Pix); i += 4 {
		if m.Pix[i] > 0 {
			return m, w, h, nil
		}
	}
	return nil, 0, 0, errNothing
}

// counted is a scanner that takes so many lines and no more, none of them far
// away.
type counted struct {
	rasterx.Scanner
	side  int
	lines int
}

func (c *counted) near(p fixed.Point26_6) fixed.Point26_6 {
	if c.lines++; c.lines > maxLines {
		panic(errDrawing)
	}
	low, high := fixed.I(-beside), fixed.I(c.side+beside)
	return fixed.Point26_6{X: min(max(p.X, low), high), Y: min(max(p.Y, low), high)}
}

// Start implements rasterx.Scanner.
func (c *counted) Start(a fixed.Point26_6) { c.Scanner.Start(c.near(a)) }

// Line implements rasterx.Scanner.
func (c *counted) Line(b fixed.Point26_6) { c.Scanner.Line(c.near(b)) }
