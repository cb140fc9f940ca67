package session

import (
	"context"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	"rayos/rayapps/lang"
	"rayos/shell/launcher"
	vol "rayos/volume"
)

// Of what is found in texts while somebody types.
const (
	maxTexts  = 4
	leastText = 3 // characters
)

// textFinder proposes documents of the volume by what they say. A line that asks
// to find something is looked for by words and meaning; any other proposes only
// documents with all of its words, as it may be about something else.
type textFinder struct {
	r *recall

	mu   sync.Mutex
	text string // that the line asks to find
	asks bool
}

var _ launcher.Proposer = (*textFinder)(nil)

// sought says what the next line asks to find, if it does.
func (f *textFinder) sought(text string, asks bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.text, f.asks = text, asks
}

// Propose implements launcher.Proposer.
func (f *textFinder) Propose(ctx context.Context, line string) iter.Seq2[launcher.Proposal, error] {
	return func(yield func(launcher.Proposal, error) bool) {
		line = strings.TrimSpace(line)
		v := f.r.opened()
		if v == nil || line == "" || len(line) > vol.MaxQuery || strings.ContainsAny(line[:1], ":?@") {
			return
		}
		q := vol.Query{Text: line, N: maxTexts, Files: true, All: true}
		f.mu.Lock()
		if f.asks {
			q.Text, q.All = f.text, false
		}
		f.mu.Unlock()
		if utf8.RuneCountInString(q.Text) < leastText {
			return
		}
		found, err := v.Search(ctx, q)
		if err != nil {
			if ctx.Err() == nil {
				yield(launcher.Proposal{}, err)
			}
			return
		}
		for i := range found.Hits {
			h := &found.Hits[i]
			if !filepath.IsAbs(h.Path) {
				continue // of an import: there is nothing to open
			}
			p := launcher.Proposal{
				Key: "text:" + h.Path, Kind: launcher.File, Title: filepath.Base(h.Path), Excerpt: h.Snippet,
				Acts: []launcher.Act{
					{Verb: launcher.Open, Name: lang.T("Open"), Of: h.Path},
					{Verb: launcher.Reveal, Name: lang.T("Show in its folder"), Of: h.Path},
					{Verb: launcher.Copy, Name: lang.T("Copy its path"), Of: h.Path},
				},
			}
			if !yield(p, nil) {
				return
			}
		}
	}
}
