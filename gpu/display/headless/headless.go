package headless

import (
	"errors"
	"fmt"
	"slices"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/vblank"
	"rayos/gpu/render"
	"rayos/internal/loop"
)

// Display is the headless display. It belongs to the loop goroutine.
type Display struct {
	loop    *loop.Loop
	handler display.Handler // nil until Start
	maker   render.TargetMaker
	outputs []*Output
	named   int // outputs that were given a name so far
}

// New returns a display with the outputs asked for, one of
// display.DefaultSpec if none is. Nothing is announced before Start.
func New(l *loop.Loop, specs ...display.Spec) (*Display, error) {
	d := &Display{loop: l}
	if len(specs) == 0 {
		specs = []display.Spec{display.DefaultSpec}
	}
	for _, s := range specs {
		if _, err := d.AddOutput(s); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Name returns "headless".
func (d *Display) Name() string { return "headless" }

// UseTargets implements display.TargetUser.
func (d *Display) UseTargets(m render.TargetMaker) { d.maker = m }

// Start announces the outputs to h, and from then on those that come later.
func (d *Display) Start(h display.Handler) error {
	if d.handler != nil {
		return errors.New("headless display: started already")
	}
	d.handler = h
	for _, o := range slices.Clone(d.outputs) {
		h.OutputAdded(o)
	}
	return nil
}

// Outputs returns the outputs in the order they were added, borrowed.
func (d *Display) Outputs() []*Output { return d.outputs }

// Output returns the output of that name, or nil.
func (d *Display) Output(name string) *Output {
	for _, o := range d.outputs {
		if o.info.Name == name {
			return o
		}
	}
	return nil
}

// AddOutput plugs an output in. An empty name becomes HEADLESS-1 and up; a
// taken one is an error.
func (d *Display) AddOutput(s display.Spec) (*Output, error) {
	if s.Size.Empty() {
		return nil, fmt.Errorf("headless output of size %v", s.Size)
	}
	if s.Name == "" {
		d.named++
		s.Name = fmt.Sprintf("HEADLESS-%d", d.named)
	}
	if d.Output(s.Name) != nil {
		return nil, fmt.Errorf("headless output %s exists already", s.Name)
	}
	if s.Scale == 0 {
		s.Scale = geom.ScaleOne
	}
	if s.Refresh == 0 {
		s.Refresh = display.DefaultRefresh
	}
	mode := display.Mode{Size: s.Size, Refresh: s.Refresh}
	o := &Output{display: d, info: display.Info{
		Name:        s.Name,
		Description: "Headless output " + s.Name,
		Make:        "RayOS",
		Model:       "headless",
		Mode:        mode,
		Modes:       []display.Mode{mode},
		Scale:       s.Scale,
		Transform:   s.Transform,
	}}
	o.clock = vblank.New(d.loop, s.Refresh, o.present)
	o.applyMode = o.changeMode
	d.outputs = append(d.outputs, o)
	if d.handler != nil {
		d.handler.OutputAdded(o)
	}
	return o, nil
}

// RemoveOutput unplugs an output. A frame that waits is not presented any
// more.
func (d *Display) RemoveOutput(name string) error {
	o := d.Output(name)
	if o == nil {
		return fmt.Errorf("headless output %s does not exist", name)
	}
	d.outputs = slices.DeleteFunc(d.outputs, func(p *Output) bool { return p == o })
	o.clock.Cancel()
	o.removed = true
	if d.handler != nil {
		d.handler.OutputRemoved(o)
	}
	return o.free()
}

// Close removes all outputs.
func (d *Display) Close() error {
	var errs []error
	for len(d.outputs) > 0 {
		errs = append(errs, d.RemoveOutput(d.outputs[0].info.Name))
	}
	return errors.Join(errs...)
}

// Input returns where input events go: the handler that the display was
// started with. What is called on it looks to the session like a device.
func (d *Display) Input() display.Input { return d.handler }
