package control

import (
	"strconv"
	"strings"
)

// find returns the window that the argument "window" names: by id, as
// "focused", by app-id or by title. A name must fit one window only.
func find(s Session, v Values) (*Window, error) {
	name := get[string](v, "window")
	list := s.Windows()
	if id, err := strconv.ParseUint(name, 10, 32); err == nil {
		for i := range list {
			if list[i].ID == uint32(id) {
				return &list[i], nil
			}
		}
		return nil, Errorf(CodeNoWindow, "no window %d; see windows", id)
	}
	matches := func(fit func(w *Window) bool) []*Window {
		var found []*Window
		for i := range list {
			if fit(&list[i]) {
				found = append(found, &list[i])
			}
		}
		return found
	}
	if name == "focused" {
		if found := matches(func(w *Window) bool { return w.Focused }); len(found) == 1 {
			return found[0], nil
		}
		return nil, Errorf(CodeNoWindow, "no window has the focus")
	}
	found := matches(func(w *Window) bool { return w.AppID == name })
	if len(found) == 0 {
		found = matches(func(w *Window) bool { return w.Title == name })
	}
	switch len(found) {
	case 0:
		return nil, Errorf(CodeNoWindow, "no window %q; see windows", name)
	case 1:
		return found[0], nil
	}
	ids := make([]string, 0, 8)
	for _, w := range found[:min(len(found), cap(ids))] {
		ids = append(ids, strconv.Itoa(int(w.ID)))
	}
	return nil, Errorf(CodeBadArgs, "%d windows are %q; take an id: %s", len(found), name, strings.Join(ids, ", "))
}
