package applink

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/rayapps/ui"
)

func TestTreesArrive(t *testing.T) {
	in := &ui.Info{ID: 1, Role: ui.RoleWindow, Name: "Tally", Bounds: geom.Rect{X1: 300, Y1: 200}, Children: []*ui.Info{
		{ID: 2, Role: ui.RoleEntry, Value: "größe", Caret: 3, Anchor: 3, Traits: ui.IsFocused, Actions: []ui.Action{ui.DoFocus}, Bounds: geom.Rect{X0: -8, X1: 90, Y1: 30}},
		{ID: 3, Role: ui.RoleSlider, Range: ui.Range{Max: 10, Now: 2.5, Step: .5}},
	}}
	f, err := WriteTree(in)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("x"), 0); err == nil {
		t.Error("a description can be changed when it was written")
	}
	got, err := ReadTree(f)
	if err != nil || !reflect.DeepEqual(got, in) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestStrangeTreesAreRefused(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/tree")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(`{"ID":1}`); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTree(file); !errors.Is(err, ErrTree) {
		t.Errorf("a file on a disk: %v", err)
	}
	for what, text := range map[string]string{
		"nothing":            "",
		"words":              `"window"`,
		"a window of a list": `[]`,
		"depth":              strings.Repeat(`{"Children":[`, MaxDepth+2) + strings.Repeat(`]}`, MaxDepth+2),
		"much depth":         strings.Repeat(`{"Children":[`, 10*MaxDepth),
		"a hole":             `{"Children":[null]}`,
		"many":               `{"Children":[` + strings.Repeat(`{},`, MaxNodes) + `{}]}`,
		"far away":           `{"Bounds":{"X1":2000000000}}`,
		"inside out":         `{"Bounds":{"X0":5,"X1":4}}`,
	} {
		if in, err := ParseTree([]byte(text)); !errors.Is(err, ErrTree) {
			t.Errorf("%s: %+v, %v", what, in, err)
		}
	}
	in, err := ParseTree([]byte(`{"Value":"abc","Caret":99,"Anchor":-1}`))
	if err != nil || in.Caret != 3 || in.Anchor != 0 {
		t.Errorf("%+v, %v", in, err)
	}
	if _, err := WriteTree(&ui.Info{Value: strings.Repeat("x", MaxTree)}); !errors.Is(err, ErrSize) {
		t.Errorf("too large: %v", err)
	}
}

func FuzzParseTree(f *testing.F) {
	f.Add([]byte(`{"ID":1,"Role":1,"Name":"a","Bounds":{"X0":0,"Y0":0,"X1":10,"Y1":10},"Children":[{"ID":2}]}`))
	f.Add([]byte(`{"Children":[{"Children":[{}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := ParseTree(data)
		if err != nil {
			return
		}
		nodes := 0
		var walk func(in *ui.Info, depth int)
		walk = func(in *ui.Info, depth int) {
			if nodes++; depth > MaxDepth || nodes > MaxNodes {
				t.Fatalf("%d elements, %d deep", nodes, depth)
			}
			for _, k := range in.Children {
				walk(k, depth+1)
			}
		}
		walk(in, 0)
	})
}
