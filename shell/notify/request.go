package notify

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/shell/sessionbus"
)

// parse makes a notification of the arguments of Notify.
func parse(sender, app, icon, summary, body string, actions []string, hints map[string]dbus.Variant, timeout int32) (Notification, error) {
	n := Notification{
		Sender: sender, App: sessionbus.Clean(app, maxName, false), Summary: sessionbus.Clean(summary, MaxSummary, false), Body: parseBody(body),
		Urgency: Normal, Value: -1, Icon: iconName(icon),
	}
	if n.Summary == "" && len(n.Body) == 0 {
		return n, errors.New("a notification says something: give a summary")
	}
	if len(actions)%2 != 0 {
		return n, fmt.Errorf("%d strings of actions: want pairs of key and label", len(actions))
	}
	for i := 0; i < len(actions); i += 2 {
		a := Action{actions[i], sessionbus.Clean(actions[i+1], maxName, false)}
		switch {
		case len(a.Key) > maxName || a.Key == "":
		case a.Key == DefaultAction:
			n.Default = true
		case len(n.Actions) < MaxActions && a.Label != "":
			n.Actions = append(n.Actions, a)
		}
	}
	switch {
	case timeout == 0:
		n.Timeout = -1
	case timeout > 0:
		n.Timeout = time.Duration(timeout) * time.Millisecond
	}
	n.takeHints(hints)
	return n, nil
}

// takeHints reads the hints that are known. One of a wrong type is none.
func (n *Notification) takeHints(hints map[string]dbus.Variant) {
	if u, ok := hint[byte](hints, "urgency"); ok && Urgency(u) <= Critical {
		n.Urgency = Urgency(u)
	}
	n.Desktop = text(hints, "desktop-entry")
	if strings.ContainsRune(n.Desktop, '/') {
		n.Desktop = ""
	}
	n.Category = text(hints, "category")
	n.Transient, _ = hint[bool](hints, "transient")
	n.Resident, _ = hint[bool](hints, "resident")
	n.Silent, _ = hint[bool](hints, "suppress-sound")
	if v, ok := hint[int32](hints, "value"); ok {
		n.Value = int(min(max(v, 0), 100))
	}
	for _, name := range []string{"image-data", "image_data", "icon_data"} {
		if v, ok := hints[name]; ok {
			if n.Image = decodeImage(v.Value()); n.Image != nil {
				break
			}
		}
	}
	for _, name := range []string{"image-path", "image_path"} {
		if path := iconName(text(hints, name)); path != "" {
			n.Icon = path
		}
	}
}

func hint[T any](hints map[string]dbus.Variant, name string) (T, bool) {
	v, ok := hints[name].Value().(T)
	return v, ok
}

func text(hints map[string]dbus.Variant, name string) string {
	s, _ := hint[string](hints, name)
	return sessionbus.Clean(s, maxName, false)
}

// iconName is a name in a theme or an absolute path; anything else is none.
func iconName(s string) string {
	s = strings.TrimPrefix(s, "file://")
	switch {
	case len(s) > 4096 || strings.ContainsRune(s, 0):
		return ""
	case filepath.IsAbs(s):
		return filepath.Clean(s)
	case strings.ContainsRune(s, '/') || len(s) > maxName:
		return ""
	}
	return s
}

// decodeImage reads the hint image-data, (iiibiiay): width, height, bytes a
// row, alpha, bits a sample, samples, bytes.
func decodeImage(v any) *Image {
	f, ok := v.([]any)
	if !ok || len(f) != 7 {
		return nil
	}
	width, ok1 := f[0].(int32)
	height, ok2 := f[1].(int32)
	stride, ok3 := f[2].(int32)
	alpha, ok4 := f[3].(bool)
	bits, ok5 := f[4].(int32)
	samples, ok6 := f[5].(int32)
	data, ok7 := f[6].([]byte)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 || !ok7 {
		return nil
	}
	w, h, s, size := int(width), int(height), int(stride), int(samples)
	want := 3
	if alpha {
		want = 4
	}
	if w < 1 || h < 1 || w > MaxImage || h > MaxImage || bits != 8 || size != want || s < w*size || s > 1<<16 {
		return nil
	}
	if len(data) < (h-1)*s+w*size { // the last row may lack its end
		return nil
	}
	img := &Image{w, h, make([]byte, 0, 4*w*h)}
	for y := range h {
		row := data[y*s:]
		for x := range w {
			p := row[x*size : x*size+size]
			a := byte(255)
			if alpha {
				a = p[3]
			}
			img.Pixels = append(img.Pixels, p[0], p[1], p[2], a)
		}
	}
	return img
}
