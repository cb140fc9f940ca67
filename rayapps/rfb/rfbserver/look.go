package rfbserver

import (
	"rayos/geom"
	"rayos/rayapps/rfb"
)

// Look is an Options.Seat of screens that viewers only look at.
func Look(*Viewer) (Seat, error) { return looker{}, nil }

// looker is a seat that does nothing.
type looker struct{}

func (looker) Key(uint32, uint32, bool)          {}
func (looker) Pointer(geom.Point, rfb.Button)    {}
func (looker) Resize(geom.Size) rfb.ResizeStatus { return rfb.ResizeProhibited }
func (looker) Offer(rfb.Formats)                 {}
func (looker) Clipboard(rfb.Clip)                {}
func (looker) Wanted(rfb.Formats)                {}
func (looker) Close()                            {}
