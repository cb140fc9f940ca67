package xwayland

import (
	"bytes"
	"testing"
)

func TestMergeResources(t *testing.T) {
	for _, tt := range []struct {
		old   string
		scale int32
		want  string
	}{
		{"", 1, "Xft.dpi:\t96\nXcursor.size:\t24\n"},
		{"Xft.dpi:\t96\nXcursor.size:\t24\n", 2, "Xft.dpi:\t192\nXcursor.size:\t48\n"},
		{"XTerm*font: 9x15\nXft.dpi: 120\nXft.dpiX: 1", 3, "XTerm*font: 9x15\nXft.dpiX: 1\nXft.dpi:\t288\nXcursor.size:\t72\n"},
	} {
		if got := mergeResources(tt.old, tt.scale); got != tt.want {
			t.Errorf("mergeResources(%q, %d) = %q; want %q", tt.old, tt.scale, got, tt.want)
		}
	}
}

// TestEncodeSettings: bytes as the XSETTINGS specification lays them out.
func TestEncodeSettings(t *testing.T) {
	got := encodeSettings(7, []setting{{name: "A/Bcd", value: 258}, {name: "S", text: "hello"}})
	want := []byte{
		0, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, // order, serial, count
		0, 0, 5, 0, 'A', '/', 'B', 'c', 'd', 0, 0, 0, 7, 0, 0, 0, 2, 1, 0, 0,
		1, 0, 1, 0, 'S', 0, 0, 0, 7, 0, 0, 0, 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o', 0, 0, 0,
	}
	if !bytes.Equal(got, want) {
		t.Errorf("encodeSettings = %v; want %v", got, want)
	}
}

func TestSettingsFollowTheScale(t *testing.T) {
	want := map[string]int32{"Gdk/UnscaledDPI": 98304, "Gdk/WindowScalingFactor": 2, "Xft/DPI": 196608, "Gtk/CursorThemeSize": 48}
	for _, s := range settingsFor(2) {
		if v, ok := want[s.name]; ok && v != s.value {
			t.Errorf("%s = %d; want %d", s.name, s.value, v)
		}
		delete(want, s.name)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
}
