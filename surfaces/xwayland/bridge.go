package xwayland

import (
	"github.com/jezek/xgb/xproto"

	"rayos/geom"
)

type clipboards struct{}

func (clipboards) runEnded(*Server) {}

type dragState struct{ order []xproto.Window }

func (r *run) endDrag()                    {}
func (r *run) handleSelection(event)       {}
func (s *Server) watchSelections()         {}
func (s *Server) tellSelections()          {}
func (s *Server) pointerMoved(geom.FPoint) {}
