package rayapps

import (
	"net/url"
	"path/filepath"
	"strings"

	"rayos/surfaces/wire"
)

// clippedType is how file managers say, beside the addresses, whether files are
// to be copied or moved: a line with "copy" or "cut", then an address a line.
const clippedType = "x-special/gnome-copied-files"

// FileURI is the address of a file, by its absolute path.
func FileURI(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// FilePath is the path that an address names, "" if it is none of a file of this
// machine.
func FilePath(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || !filepath.IsAbs(u.Path) || strings.ContainsRune(u.Path, 0) {
		return ""
	}
	return filepath.Clean(u.Path)
}

// CopyFiles offers files to be pasted, by their absolute paths; with cut, to be
// moved.
func (w *Window) CopyFiles(paths []string, cut bool) {
	w.clipped = clippedFiles{paths, cut}
	s := w.host.seat
	if s == nil || s.data == nil {
		return
	}
	var uris []string
	for _, p := range paths {
		uris = append(uris, FileURI(p))
	}
	list := strings.Join(uris, "\r\n")
	how := "copy"
	if cut {
		how = "cut"
	}
	clipped, text := how+"\n"+strings.Join(uris, "\n"), strings.Join(paths, "\n")
	src := w.host.data.CreateDataSource()
	for _, t := range append([]string{clippedType, namesType}, textTypes...) {
		src.Offer(t)
	}
	src.OnSend = func(mime string, fd *wire.FD) {
		switch mime {
		case clippedType:
			w.give(fd.Take(), clipped)
		case namesType:
			w.give(fd.Take(), list)
		default:
			w.give(fd.Take(), text)
		}
	}
	src.OnCancelled = func() {
		if s.clips.own == src {
			w.clipped = clippedFiles{}
		}
		s.clips.ended(src)
		src.Destroy()
	}
	s.data.SetSelection(src, s.serial)
	s.clips.own, s.clips.text = src, text
}

// clippedFiles are the app's own.
type clippedFiles struct {
	paths []string
	cut   bool
}

// PasteFiles calls then with the files that are on the clipboard, by their paths,
// now or later; with none it isn't called.
func (w *Window) PasteFiles(then func(paths []string, cut bool)) {
	s := w.host.seat
	if len(w.clipped.paths) > 0 && (s == nil || s.clips.own != nil) {
		then(w.clipped.paths, w.clipped.cut)
		return
	}
	if s == nil || s.clips.own != nil {
		return
	}
	mime := s.clips.offer.first(clippedType, namesType)
	if mime == "" {
		return
	}
	w.fetch(s.clips.offer, mime, func(data []byte) {
		if paths, cut := parseClipped(string(data), mime == clippedType); len(paths) > 0 {
			then(paths, cut)
			w.Invalidate()
		}
	})
}

// parseClipped reads what another program has copied.
func parseClipped(text string, special bool) (paths []string, cut bool) {
	if special {
		how, rest, _ := strings.Cut(text, "\n")
		if how != "cut" && how != "copy" {
			return nil, false
		}
		text, cut = rest, how == "cut"
	}
	for _, n := range names(text) {
		if p := FilePath(n); p != "" {
			paths = append(paths, p)
		}
	}
	return paths, cut
}
