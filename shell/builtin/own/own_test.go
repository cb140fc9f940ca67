package own

import "testing"

func TestApps(t *testing.T) {
	apps, err := Apps("/opt/rayos/programs")
	if err != nil {
		t.Fatal(err)
	}
	confined := map[string]bool{}
	for _, a := range apps {
		confined[a.Command] = !a.Trusted()
		if a.Program() != "/opt/rayos/programs" {
			t.Errorf("%s is %s", a.ID, a.Program())
		}
	}
	for name, want := range map[string]bool{"counter": true, "vnc": true, "editor": false, "images": false, "settings": false, "log": false, "explorer": false, "welcome": false} {
		if got, ok := confined[name]; !ok || got != want {
			t.Errorf("%s: there %v, confined %v; want %v", name, ok, got, want)
		}
	}
}
