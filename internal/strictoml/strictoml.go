package strictoml

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Error is what is wrong with a file, and where.
type Error struct {
	Line, Column int    // 1-based; 0 when it is about the whole file
	Key          string // dotted; "syntax" or "size" where there is none
	Detail       string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Key + ": " + e.Detail
	}
	return fmt.Sprintf("%d:%d: %s: %s", e.Line, e.Column, e.Key, e.Detail)
}

// Decode reads a file of at most limit bytes into v, a pointer to a struct. The
// error is an *Error.
func Decode(data []byte, limit int, v any) error {
	if len(data) > limit {
		return &Error{Key: "size", Detail: fmt.Sprintf("larger than %d bytes", limit)}
	}
	d := toml.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var unknown *toml.StrictMissingError
	var bad *toml.DecodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		e := &unknown.Errors[0]
		line, column := e.Position()
		return &Error{line, column, strings.Join(e.Key(), "."), "unknown key"}
	case errors.As(err, &bad):
		line, column := bad.Position()
		key := strings.Join(bad.Key(), ".")
		if key == "" {
			key = "syntax"
		}
		return &Error{line, column, key, strings.TrimPrefix(bad.Error(), "toml: ")}
	}
	return &Error{Key: "syntax", Detail: err.Error()}
}

// At is the error of a value that can't be obeyed, at its place.
func At(data []byte, key, detail string) *Error {
	line, column := Position(data, key)
	return &Error{line, column, key, detail}
}

// Position finds where a dotted key is set, 0 when it isn't.
func Position(data []byte, key string) (line, column int) {
	var p unstable.Parser
	p.Reset(data)
	var table []string
	for p.NextExpression() {
		n := p.Expression()
		if n.Kind != unstable.Table && n.Kind != unstable.ArrayTable && n.Kind != unstable.KeyValue {
			continue
		}
		var path []string
		var at unstable.Range
		for it := n.Key(); it.Next(); {
			if part := it.Node(); len(path) == 0 {
				at = p.Range(part.Data)
			}
			path = append(path, string(it.Node().Data))
		}
		if n.Kind != unstable.KeyValue {
			table = path
		} else {
			path = append(slices.Clone(table), path...)
		}
		// An inline table holds the key without naming it here.
		if name := strings.Join(path, "."); name == key || n.Kind == unstable.KeyValue && strings.HasPrefix(key, name+".") {
			start := p.Shape(at).Start
			return start.Line, start.Column
		}
	}
	return 0, 0
}
