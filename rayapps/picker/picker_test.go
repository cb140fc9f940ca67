package picker

import (
	"errors"
	"testing"
	"time"

	"rayos/internal/apptest"
	"rayos/rayapps"
	"rayos/rayapps/ui"
)

type blank struct{}

func (blank) View(*rayapps.Window) ui.Node { return ui.Label{} }

func TestAskByProgram(t *testing.T) {
	p := apptest.Preview(t, rayapps.Options{ID: "org.rayos.Test"}, blank{}, rayapps.Look{})
	ask := func(by Program) (c Chosen, err error) {
		t.Helper()
		done := false
		Ask(p.Window(), by, rayapps.Pick{Save: true, Name: "n"}, "/folder", func(got Chosen, e error) { c, err, done = got, e, true })
		if done {
			t.Fatal("done before Ask has returned")
		}
		for end := time.Now().Add(30 * time.Second); !done; time.Sleep(time.Millisecond) {
			if p.Settle(); time.Now().After(end) {
				t.Fatal("nobody answers")
			}
		}
		return c, err
	}
	c, err := ask(func(p rayapps.Pick, folder string) (string, error) {
		if !p.Save || p.Name != "n" || folder != "/folder" {
			t.Errorf("asked for %+v in %s", p, folder)
		}
		return "/folder/n", nil
	})
	if c != (Chosen{Path: "/folder/n"}) || err != nil {
		t.Errorf("chosen = %+v, %v", c, err)
	}
	bad := errors.New("no program")
	if _, err := ask(func(rayapps.Pick, string) (string, error) { return "", bad }); !errors.Is(err, bad) {
		t.Errorf("err = %v; want %v", err, bad)
	}
	if _, err := ask(nil); !errors.Is(err, rayapps.ErrNoPicker) {
		t.Errorf("err = %v; want ErrNoPicker", err)
	}
}
