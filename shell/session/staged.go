package session

import (
	"context"
	"path/filepath"
	"strconv"

	"rayos/shell/control"
	"rayos/shell/control/grammar"
	vol "rayos/volume"
	"rayos/volume/legacy"
)

// staged is a volume of an older system that lay ready at the start. It is read
// beside the loop, and is what it was until the session ends.
type staged struct {
	s    *Session
	done chan struct{} // closed when what follows is known
	set  *legacy.Staged
	err  error
}

// init begins to read the folder.
func (g *staged) init(s *Session) {
	g.s, g.done, g.set = s, make(chan struct{}), &legacy.Staged{}
	if s.opt.Staged == "" {
		close(g.done)
		return
	}
	dir := s.opt.Staged
	s.recall.wg.Go(func() {
		set, err := legacy.Stage(dir)
		if g.err = err; err == nil {
			g.set = set
		}
		close(g.done)
		s.loop.Post(g.tell)
	})
}

// tell says what was found, if there was something.
func (g *staged) tell() {
	if g.err != nil {
		g.s.markers.tell("RAYOS_VOLUME_REFUSED", grammar.Value(g.err.Error()))
		return
	}
	for _, name := range []string{legacy.TableFile, legacy.DocsFile, legacy.GraphFile} {
		if size, ok := g.set.Sizes[name]; ok {
			g.s.markers.tell("RAYOS_VOLUME_STAGED", grammar.Value(name), grammar.Value(strconv.Itoa(size)))
		}
	}
}

// Staged implements control.Volume.
func (r *recall) Staged(done func(control.StagedVolume, error)) {
	g := &r.s.staged
	r.wg.Go(func() {
		<-g.done
		v := control.StagedVolume{Folder: r.s.opt.Staged, Keys: []string{}}
		if g.err != nil {
			v.Why = g.err.Error()
		}
		if t := g.set.Table; t != nil {
			v.Keys, v.Sum, v.Values = t.Keys(), t.Sum(), map[string]string{}
			for _, k := range v.Keys {
				v.Values[k], _ = t.Get(k)
			}
		}
		if g.set.Docs != nil {
			v.Texts = g.set.Docs.Len()
		}
		if g.set.Graph != nil {
			v.Links = g.set.Graph.Len()
		}
		r.s.loop.Post(func() { done(v, nil) })
	})
}

// Import implements control.Volume.
func (r *recall) Import(path string, done func(control.VolumeReport, error)) (cancel func()) {
	var out control.VolumeReport
	return r.with(func(ctx context.Context, v *vol.Volume) error {
		texts, err := legacy.ReadTexts(path)
		if err != nil {
			return control.Errorf(control.CodeBadArgs, "%v", err)
		}
		docs := make([]vol.Document, len(texts))
		for i, t := range texts {
			docs[i] = vol.Document{Name: t.Name, Text: t.Text}
		}
		report, err := v.Import(ctx, filepath.Base(path), docs)
		out = controlReport(&report)
		return err
	}, func(err error) { done(out, err) })
}
