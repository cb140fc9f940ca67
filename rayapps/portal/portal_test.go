package portal

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

func TestLooks(t *testing.T) {
	v := func(x any) dbus.Variant { return dbus.MakeVariant(x) }
	for what, c := range map[string]struct {
		of   map[string]dbus.Variant
		want Looks
	}{
		"nothing": {nil, Looks{}},
		"all": {
			map[string]dbus.Variant{
				"color-scheme": v(uint32(2)), "contrast": v(uint32(1)), "reduced-motion": v(uint32(1)), "accent-color": v([]any{1.0, 0.5, 0.0}),
			},
			Looks{Scheme: Light, Accent: 0xffff8000, Contrast: true, Still: true},
		},
		"dark":                {map[string]dbus.Variant{"color-scheme": v(uint32(1))}, Looks{Scheme: Dark}},
		"a scheme to come":    {map[string]dbus.Variant{"color-scheme": v(uint32(3))}, Looks{}},
		"other types":         {map[string]dbus.Variant{"color-scheme": v("dark"), "accent-color": v("red"), "contrast": v(true)}, Looks{}},
		"no accent":           {map[string]dbus.Variant{"accent-color": v([]any{-1.0, -1.0, -1.0})}, Looks{}},
		"an accent of words":  {map[string]dbus.Variant{"accent-color": v([]any{"a", "b", "c"})}, Looks{}},
		"an accent of nobody": {map[string]dbus.Variant{"accent-color": v([]any{math.NaN(), 0.0, 0.0})}, Looks{}},
	} {
		if got := looks(c.of); got != c.want {
			t.Errorf("%s: %+v; want %+v", what, got, c.want)
		}
	}
}

// fake is a portal.
type fake struct{ of chan map[string]dbus.Variant }

func (f fake) ReadAll([]string) (map[string]map[string]dbus.Variant, *dbus.Error) {
	of := <-f.of
	f.of <- of
	return map[string]map[string]dbus.Variant{appearance: of}, nil
}

func TestWatch(t *testing.T) {
	address := bustest.New(t)
	ctx, cancel := context.WithCancel(context.Background())
	told, done := make(chan Looks), make(chan error, 1)
	go func() { done <- Watch(ctx, address, "", func(l Looks) { told <- l }) }()

	// The portal comes after the program.
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	f := fake{make(chan map[string]dbus.Variant, 1)}
	f.of <- map[string]dbus.Variant{"color-scheme": dbus.MakeVariant(uint32(2))}
	if err := conn.Export(f, path, settings); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(front, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	wait := func(want Looks) {
		t.Helper()
		select {
		case got := <-told:
			if got != want {
				t.Errorf("told %+v; want %+v", got, want)
			}
		case err := <-done:
			t.Fatalf("Watch = %v", err)
		case <-time.After(time.Minute):
			t.Fatal("nothing was told")
		}
	}
	wait(Looks{Scheme: Light})
	<-f.of
	f.of <- map[string]dbus.Variant{"color-scheme": dbus.MakeVariant(uint32(1))}
	if err := conn.Emit(path, settings+".SettingChanged", appearance, "color-scheme", dbus.MakeVariant(uint32(1))); err != nil {
		t.Fatal(err)
	}
	wait(Looks{Scheme: Dark})
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Watch after cancel = %v", err)
	}
	if err := Watch(context.Background(), "unix:path="+t.TempDir()+"/none", "", nil); err == nil {
		t.Error("Watch without a bus is no error")
	}
}
