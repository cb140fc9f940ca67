package controltest

import (
	"time"

	"rayos/shell/control"
)

// Volume returns one whose calls are logged and that has two documents.
func (s *Session) Volume() control.Volume { return volume{s} }

type volume struct{ s *Session }

var (
	volumeReport = control.VolumeReport{Files: 2, Chunks: 3, Bytes: 2048, Same: 1, Failed: 1, Problems: []string{"/home/me/\x1b[31m: permission denied"}}
	volumeFound  = control.VolumeFound{Index: "bm25+lsa-128", Hits: []control.VolumeHit{
		{Path: "/home/me/virtqueues.md", Line: 12, Snippet: "a descriptor \x1b chain", Score: 0.0328, By: "words+meaning"},
		{Path: "/home/me/paper.pdf", Page: 3, Snippet: "rings", Score: 0.016, By: "meaning"},
	}}
)

func (v volume) Index(folder string, note func(string), done func(control.VolumeReport, error)) func() {
	note("1 of 3 files")
	done(volumeReport, v.s.do("volume index %q", folder))
	return nil
}

func (v volume) Search(q control.VolumeQuery, done func(control.VolumeFound, error)) func() {
	f := volumeFound
	if q.Text == "nothing" {
		f = control.VolumeFound{Words: "there are no documents"}
	}
	done(f, v.s.do("volume search %q %q %d %v", q.Text, q.Folder, q.N, q.Files))
	return nil
}

func (v volume) Similar(path string, n int, done func(control.VolumeFound, error)) func() {
	done(volumeFound, v.s.do("volume similar %q %d", path, n))
	return nil
}

func (v volume) Stats(done func(control.VolumeStats, error)) {
	done(control.VolumeStats{Folders: []string{"/home/me/notes"}, Docs: 2, Chunks: 3, Terms: 40, Bytes: 5 << 20, Vectors: 3, Embedder: "lsa-128", Dims: 128, EF: 200, Busy: "1 of 3 files"}, v.s.do("volume stats"))
}

func (v volume) Tail(n int, done func([]control.VolumeEvent, error)) {
	done([]control.VolumeEvent{{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Step: "indexed", Path: "/home/me/a\nb", Chunks: 2}}, v.s.do("volume tail %d", n))
}

func (v volume) Verify(done func(control.VolumeCheck, error)) {
	done(control.VolumeCheck{Docs: 2, Chunks: 3}, v.s.do("volume verify"))
}

func (v volume) Rebuild(note func(string), done func(control.VolumeReport, error)) func() {
	done(volumeReport, v.s.do("volume rebuild"))
	return nil
}

func (v volume) Forget(folder string, done func(int, error)) {
	done(2, v.s.do("volume forget %q", folder))
}

func (v volume) Import(path string, done func(control.VolumeReport, error)) func() {
	done(volumeReport, v.s.do("volume import %q", path))
	return nil
}

func (v volume) Staged(done func(control.StagedVolume, error)) {
	done(control.StagedVolume{Folder: "/staged", Keys: []string{"greeting"}, Values: map[string]string{"greeting": "hello-from-volume"}, Sum: 0x1f, Texts: 2, Links: 2}, v.s.do("volume staged"))
}
