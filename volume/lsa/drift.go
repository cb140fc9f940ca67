package lsa

// Drift measures how well a model still fits as documents come and go. The
// zero Drift is that of a model just fitted. It is for one goroutine.
type Drift struct {
	Added    int     // documents folded in since the fit
	Removed  int     // documents of the fit that went
	Captured float64 // sum over those folded in of what Embed said
}

// Add notes a document that was folded in, with what Embed said of it.
func (d *Drift) Add(captured float32) {
	d.Added++
	d.Captured += float64(captured)
}

// Remove notes a document that went.
func (d *Drift) Remove() { d.Removed++ }

const (
	grown   = 0.5  // of the documents of the fit came or went
	lost    = 0.75 // of what the fit captured is captured of new ones
	atLeast = 32   // documents, before their mean says anything
)

// Due says why a new fit is due, or "" while none is: the corpus has changed
// by half, or what came later is told much worse than what was there.
func (d *Drift) Due(m *Model) string {
	if d.Added+d.Removed >= atLeast && float64(d.Added+d.Removed) > grown*float64(m.docs) {
		return "half of the documents came or went since the model was fitted"
	}
	if d.Added >= atLeast && d.Captured/float64(d.Added) < lost*float64(m.captured) {
		return "new documents are about what the model doesn't know"
	}
	return ""
}
