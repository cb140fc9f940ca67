package control

import "rayos/geom"

// Gesture is a whole touchpad gesture: it begins, goes on for a few steps and
// ends.
type Gesture struct {
	Kind     string // swipe, pinch, hold
	Fingers  uint32
	Delta    geom.FPoint // of the fingers' centre in all, logical pixels
	Scale    float64     // of a pinch at its end
	Rotation float64     // of a pinch in all, degrees clockwise
}

// Pen is what a pen does at a logical position.
type Pen struct {
	At       geom.FPoint
	Pressure float64 // 0 to 1, while the tip touches
	Hover    bool    // it only comes near, and no Action counts
	Away     bool    // it leaves afterwards
	Action   Action  // of the tip
}

var gestureArgs = []Arg{
	{Name: "kind", Kind: KindChoice, Required: true, Choices: []string{"swipe", "pinch", "hold"}, Help: "what the fingers do"},
	{Name: "dx", Kind: KindFloat, Help: "logical pixels to the right"},
	{Name: "dy", Kind: KindFloat, Help: "logical pixels down"},
	{Name: "fingers", Kind: KindInt, Flag: true, Max: 10, Default: "2", Help: "how many"},
	{Name: "scale", Kind: KindFloat, Flag: true, Default: "1", Help: "of a pinch: how far apart they are at the end"},
	{Name: "rotation", Kind: KindFloat, Flag: true, Default: "0", Help: "of a pinch: degrees clockwise"},
}

func gesture(s Session, v Values) (any, error) {
	g := Gesture{
		Kind: get[string](v, "kind"), Fingers: 2, Scale: 1, Rotation: get[float64](v, "rotation"),
		Delta: geom.FPoint{X: get[float64](v, "dx"), Y: get[float64](v, "dy")},
	}
	if n := get[int32](v, "fingers"); n > 0 {
		g.Fingers = uint32(n)
	}
	if k, ok := v["scale"].(float64); ok {
		g.Scale = k
	}
	return nil, s.Gesture(g)
}

var penArgs = []Arg{
	{Name: "x", Kind: KindFloat, Required: true, Help: "logical pixels"},
	{Name: "y", Kind: KindFloat, Required: true, Help: "logical pixels"},
	{Name: "pressure", Kind: KindFloat, Flag: true, Default: "0.5", Help: "of the tip, 0 to 1"},
	{Name: "hover", Kind: KindBool, Flag: true, Help: "do not touch"},
	{Name: "away", Kind: KindBool, Flag: true, Help: "take it away afterwards"},
	pressArg, releaseArg,
}

func pen(s Session, v Values) (any, error) {
	a, err := action(v)
	if err != nil {
		return nil, err
	}
	p := Pen{
		At: geom.FPoint{X: get[float64](v, "x"), Y: get[float64](v, "y")}, Pressure: 0.5,
		Hover: get[bool](v, "hover"), Away: get[bool](v, "away"), Action: a,
	}
	if k, ok := v["pressure"].(float64); ok {
		p.Pressure = k
	}
	if p.Pressure < 0 || p.Pressure > 1 {
		return nil, Errorf(CodeBadArgs, "pressure %v is not between 0 and 1", p.Pressure)
	}
	return nil, s.Pen(p)
}
