package session

import (
	"context"
	"errors"

	"rayos/intent/conductor"
	"rayos/intent/conductor/dream"
	vol "rayos/volume"
)

// compacting is the kind of task that writes a new base of the volume.
const compacting = "volume.compact"

// worthCompacting is how many bytes of changes are worth one.
const worthCompacting = 1 << 20

// rest has the volume compacted when the person has been away for long, unless
// dreams are off. It is called on the loop.
func (r *recall) rest() {
	r.idle = r.s.server.WhenIdle(dream.After, func(idle bool) {
		if v := r.opened(); !idle || v == nil || !r.s.prefs.store.Bool("privacy.dreams") {
			return
		}
		r.s.tasks.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
			_, err := c.Submit(conductor.Spec{Kind: compacting, Level: conductor.Dream})
			return err
		}, func(err error) {
			if err != nil {
				r.s.log.Warn("the volume isn't compacted", "err", err)
			}
		})
	})
}

func (r *recall) compact(ctx context.Context) error {
	if v := r.opened(); v != nil && v.LogSize() >= worthCompacting {
		return v.Compact(ctx)
	}
	return nil
}

// dreams are what may make the volume better while nobody is there. None of them
// opens it.
func (r *recall) dreams(d *dream.Dreamer) error {
	keep := func() error {
		v := r.opened()
		if v == nil {
			return vol.ErrClosed
		}
		return v.Compact(r.life)
	}
	fresh := false // the model was fitted by this dream
	return errors.Join(
		d.Register(dream.Job{
			Name:    "volume.ef",
			Measure: func(ctx context.Context) (float64, error) { return r.dreamt(ctx, (*vol.Volume).SearchCost) },
			Try: func(ctx context.Context, seed uint64) (func() error, error) {
				return r.changed(func(v *vol.Volume) (func() error, error) { return v.TuneEF(ctx, seed) })
			},
			Keep: keep,
		}),
		d.Register(dream.Job{
			Name: "volume.model",
			Measure: func(ctx context.Context) (float64, error) {
				return r.dreamt(ctx, func(v *vol.Volume, ctx context.Context) (float64, error) {
					if !fresh && v.Due() == "" {
						return 0, vol.ErrNothing
					}
					return v.Untold(ctx)
				})
			},
			Try: func(ctx context.Context, _ uint64) (func() error, error) {
				undo, err := r.changed(func(v *vol.Volume) (func() error, error) { return v.Refit(ctx) })
				fresh = err == nil
				return func() error { fresh = false; return undo() }, err
			},
			Keep: func() error { fresh = false; return keep() },
		}),
	)
}

// opened returns the volume if it is open.
func (r *recall) opened() *vol.Volume {
	r.opening.Lock()
	defer r.opening.Unlock()
	if r.closed {
		return nil
	}
	return r.v
}

func (r *recall) dreamt(ctx context.Context, cost func(*vol.Volume, context.Context) (float64, error)) (float64, error) {
	v := r.opened()
	if v == nil {
		return 0, dream.ErrNothing
	}
	c, err := cost(v, ctx)
	return c, dreamError(err)
}

func (r *recall) changed(change func(*vol.Volume) (func() error, error)) (func() error, error) {
	v := r.opened()
	if v == nil {
		return nil, dream.ErrNothing
	}
	undo, err := change(v)
	return undo, dreamError(err)
}

func dreamError(err error) error {
	if errors.Is(err, vol.ErrNothing) {
		return dream.ErrNothing
	}
	return err
}
