package preview

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// Window is what a card tells of a window.
type Window struct {
	ID        uint32
	App       string // application id
	Title     string
	Icon      *paint.Image // of its application, nil for none
	Trust     trust.Trust
	Size      geom.Size // of its content, logical; empty without a picture
	Minimised bool
	Attention bool
}

// longest is how many bytes of a title are looked at. Titles are the programs'
// own.
const longest = 512

// Name is what people call the window; it is never empty.
func (w *Window) Name() string {
	for _, s := range [...]string{w.Title, w.AppName()} {
		if s = clean(s); s != "" {
			return s
		}
	}
	return lang.T("Window")
}

// clean keeps a text to one line of bounded length.
func clean(s string) string {
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// AppName is what people call the application, or empty.
func (w *Window) AppName() string {
	app := clean(w.App)
	if i := strings.LastIndexByte(app, '.'); i >= 0 && i+1 < len(app) {
		app = app[i+1:]
	}
	r, n := utf8.DecodeRuneInString(app)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + app[n:]
}

// letter stands for an application.
func (w *Window) letter() string {
	for _, s := range [...]string{w.AppName(), w.Title} {
		for _, r := range s {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return string(unicode.ToUpper(r))
			}
		}
	}
	return "•"
}

// described is all that the card says.
func (w *Window) described() string {
	s := w.Name()
	if w.Trust != trust.Session {
		s = w.Trust.Name() + ": " + s
	}
	if w.Minimised {
		s = lang.F("{what} (minimised)", "what", s)
	}
	if w.Attention {
		s = lang.F("{what} (asks for attention)", "what", s)
	}
	return s
}

// colour returns that of the window's trust.
func (w *Window) colour(th *theme.Theme) render.Color {
	s := trust.Dark
	if th.Light() {
		s = trust.Light
	}
	return trust.For(s).Trust[min(w.Trust, trust.Unknown)]
}
