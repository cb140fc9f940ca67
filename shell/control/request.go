package control

import (
	"bytes"
	"encoding/json"
	"strings"
)

// maxRequest bounds a request line, in bytes.
const maxRequest = 64 << 10

// Request is a line from a client.
type Request struct {
	ID   int64                      `json:"id"`
	Cmd  string                     `json:"cmd"`
	Args map[string]json.RawMessage `json:"args,omitempty"`
}

// Response is a line to a client.
type Response struct {
	ID int64 `json:"id"`
	// Progress says what a command is busy with; the answer itself follows.
	Progress string `json:"progress,omitempty"`

	OK     bool            `json:"ok"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Error          `json:"error,omitempty"`
}

// ParseRequest reads a request and checks it against the table. The Request
// has its ID even if there is an error, as far as it could be read.
func ParseRequest(line []byte) (Request, *Command, Values, error) {
	var r Request
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return r, nil, nil, Errorf(CodeBadRequest, "not a request: %v", err)
	}
	if dec.More() {
		return r, nil, nil, Errorf(CodeBadRequest, "more than one value on the line")
	}
	c, rest := Lookup(strings.Fields(r.Cmd))
	if c == nil || len(rest) > 0 {
		return r, nil, nil, Errorf(CodeUnknown, "no command %.40q", r.Cmd)
	}
	v, err := c.parseJSON(r.Args)
	return r, c, v, err
}
