package control_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rayos/shell/control"
	"rayos/shell/control/controltest"
)

func TestTableIsWellFormed(t *testing.T) {
	var names []string
	for _, c := range control.Commands() {
		names = append(names, c.Name)
		optional := false
		for _, a := range c.Positional() {
			if a.Required && optional {
				t.Errorf("%s: required %s comes after an optional argument", c.Name, a.Name)
			}
			optional = optional || !a.Required
		}
		if c.Help == "" || strings.HasSuffix(c.Help, ".") {
			t.Errorf("%s has help %q; want a line without a full stop", c.Name, c.Help)
		}
		for _, a := range c.Args {
			if a.Help == "" {
				t.Errorf("%s %s has no help", c.Name, a.Name)
			}
		}
	}
	slices.Sort(names)
	if n := len(names); len(slices.Compact(names)) != n {
		t.Errorf("a name is twice in %v", names)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"id":1,"cmd":"resize","args":{"window":"foot","size":"800x600"}}`))
	f.Add([]byte(`{"id":1,"cmd":"wait","args":{"idle":true,"timeout":1.5,"frames":"7"}}`))
	f.Add([]byte(`{"id":1,"cmd":"input click","args":{"at":"1,2","count":3}}`))
	f.Add([]byte(`{"id":1,"cmd":"input key","args":{"chord":"ctrl+a","press":true}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		_, c, v, err := control.ParseRequest(line)
		if err != nil {
			var e *control.Error
			if !errors.As(err, &e) {
				t.Fatalf("ParseRequest(%q) = %v, which has no code", line, err)
			}
			return
		}
		// What is accepted can be sent again and means the same.
		b, err := json.Marshal(map[string]any{"id": 1, "cmd": c.Name, "args": c.Encode(v)})
		if err != nil {
			t.Fatal(err)
		}
		_, c2, v2, err := control.ParseRequest(b)
		if err != nil || c2 != c || fmt.Sprint(v2) != fmt.Sprint(v) {
			t.Fatalf("ParseRequest(%s) = %v, %v; want %v", b, v2, err, v)
		}
		c.Start(controltest.New(), v, func(result any, err error) {
			if later, ok := result.(control.Later); ok && err == nil {
				_, err = later()
			}
			if _, jerr := json.Marshal(result); jerr != nil && err == nil {
				if _, ok := result.(control.Later); !ok {
					t.Fatalf("result %v: %v", result, jerr)
				}
			}
		})
	})
}
