package control

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"rayos/geom"
	"rayos/rayapps/lang"
)

// Place is a point or a box of the layout, in logical pixels.
type Place struct {
	Point geom.FPoint
	Box   geom.Rect // empty for a point
}

// Spot is what is at a Place. The windows are those whose frames are there, what
// covers them aside.
type Spot struct {
	Place   string `json:"place"`
	Window  uint32 `json:"window"` // the topmost, 0 for none
	AppID   string `json:"app_id,omitempty"`
	Title   string `json:"title,omitempty"`
	Windows int    `json:"windows"` // that share the box; of a point, 1 or 0
}

// maxPlaces is how many places one call may ask for.
const maxPlaces = 8192

// placeFar bounds coordinates.
const placeFar = 1 << 20

var placeCommands = []*Command{{
	Name: "windows at", Reads: true, Help: lang.M("say which windows are at places: the topmost, and how many share a box"),
	Args:  []Arg{{Name: "places", Kind: KindString, Required: true, Rest: true, Help: "X,Y of points and X,Y,WxH of boxes, in logical pixels"}},
	print: printSpots,
	start: func(s Session, v Values, done func(any, error)) func() {
		words := strings.Fields(get[string](v, "places"))
		places, err := parsePlaces(words)
		if err != nil {
			done(nil, err)
			return nil
		}
		find := s.Reflex().WindowsAt(places)
		done(Later(func() (any, error) {
			spots, err := find()
			for i := range spots {
				spots[i].Place = words[i]
			}
			return spots, err
		}), nil)
		return nil
	},
}}

func parsePlaces(words []string) ([]Place, error) {
	if len(words) == 0 || len(words) > maxPlaces {
		return nil, Errorf(CodeBadArgs, "windows at: %d places; want 1 to %d", len(words), maxPlaces)
	}
	places := make([]Place, len(words))
	for i, w := range words {
		if strings.ContainsRune(w, 'x') {
			box, err := parseRegion(w)
			if err != nil {
				return nil, err
			}
			places[i].Box = box
			continue
		}
		at, err := (&Arg{Name: "places", Kind: KindPoint}).Parse(w)
		if err != nil {
			return nil, err
		}
		p := at.(geom.FPoint)
		if max(p.X, p.Y) > placeFar || min(p.X, p.Y) < -placeFar {
			return nil, Errorf(CodeBadArgs, "place %s is nowhere", clean(w))
		}
		places[i].Point = p
	}
	return places, nil
}

func printSpots(w io.Writer, result json.RawMessage) error {
	var list []Spot
	if err := json.Unmarshal(result, &list); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PLACE\tWINDOWS\tTOP\tAPP-ID\tTITLE")
	for _, s := range list {
		top := "-"
		if s.Window != 0 {
			top = fmt.Sprint(s.Window)
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\n", clean(s.Place), s.Windows, top, shorten(s.AppID, 28), shorten(s.Title, 32))
	}
	return t.Flush()
}
