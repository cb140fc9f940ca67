package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tool is something that a plan may do. Example is a line that asks for it.
type Tool struct{ Name, Example string }

// Want is a step of a plan: a tool, and words that say what it is about. Both are
// the model's.
type Want struct {
	Tool  string `json:"tool"`
	Words string `json:"words"`
}

// MaxSteps bounds a plan.
const MaxSteps = 8

const maxPlan = 16 << 10 // bytes

// What a server is asked to keep to; those that refuse one are asked for the next.
const (
	formatSchema = iota
	formatJSON
	formatNone
)

// Plan has the model say which of the tools a line asks for, in order; none for a
// question, for chat, or for what can't be done with them.
func (l *Client) Plan(ctx context.Context, line string, tools []Tool) ([]Want, error) {
	if err := checkLine(line); err != nil {
		return nil, err
	}
	for {
		format := l.format.Load()
		body, err := l.call(ctx, planRequest(line, tools, format))
		if no := (*refused)(nil); errors.As(err, &no) && format < formatNone && takesNoFormat(no.status) {
			l.format.CompareAndSwap(format, format+1)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("language model: %w", err)
		}
		wants, err := parsePlan(body, tools)
		if err != nil {
			return nil, fmt.Errorf("language model: %w", err)
		}
		return wants, nil
	}
}

// takesNoFormat reports whether a server says so that it doesn't know a format.
func takesNoFormat(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusNotImplemented
}

func planRequest(line string, tools []Tool, format int32) request {
	var b strings.Builder
	b.WriteString("You turn a line that a person types at their computer’s desktop into steps. Each step is one of these tools, with words that say what it is about, as in the examples:\n")
	for _, t := range tools {
		fmt.Fprintf(&b, "%s: %s\n", t.Name, t.Example)
	}
	b.WriteString("Answer with JSON only: {\"steps\": [{\"tool\": \"…\", \"words\": \"…\"}]}. Keep the order. Use names and texts exactly as the line has them, and nothing that it doesn’t ask for. " +
		"If the line is a question, chat, or nothing that the tools can do: {\"steps\": []}.")
	r := request{Messages: []message{{"system", b.String()}, {"user", line}}, MaxTokens: 512}
	switch format {
	case formatSchema:
		r.ResponseFormat = map[string]any{"type": "json_schema", "json_schema": map[string]any{"name": "steps", "strict": true, "schema": schema(tools)}}
	case formatJSON:
		r.ResponseFormat = map[string]any{"type": "json_object"}
	}
	return r
}

// schema is the JSON schema of a plan with these tools.
func schema(tools []Tool) any {
	names := make([]string, len(tools))
	for i, t := range tools {
		names[i] = t.Name
	}
	step := map[string]any{
		"type": "object", "additionalProperties": false, "required": []string{"tool", "words"},
		"properties": map[string]any{"tool": map[string]any{"type": "string", "enum": names}, "words": map[string]any{"type": "string"}},
	}
	return map[string]any{
		"type": "object", "additionalProperties": false, "required": []string{"steps"},
		"properties": map[string]any{"steps": map[string]any{"type": "array", "maxItems": MaxSteps, "items": step}},
	}
}

// parsePlan reads a response that must be a plan and nothing else.
func parsePlan(body []byte, tools []Tool) ([]Want, error) {
	var c completion
	if err := json.Unmarshal(body, &c); err != nil || len(c.Choices) == 0 {
		return nil, fmt.Errorf("%w: %.80q", ErrAnswer, body)
	}
	text := unfenced(c.Choices[0].Message.said())
	if len(text) > maxPlan {
		return nil, fmt.Errorf("%w: a plan of %d bytes", ErrAnswer, len(text))
	}
	var p struct {
		Steps *[]Want `json:"steps"`
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || p.Steps == nil {
		return nil, fmt.Errorf("%w: not a plan: %.80q", ErrAnswer, text)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: more than a plan: %.80q", ErrAnswer, text)
	}
	if len(*p.Steps) > MaxSteps {
		return nil, fmt.Errorf("%w: %d steps; at most %d are carried out", ErrAnswer, len(*p.Steps), MaxSteps)
	}
	for _, w := range *p.Steps {
		if !slices.ContainsFunc(tools, func(t Tool) bool { return t.Name == w.Tool }) {
			return nil, fmt.Errorf("%w: there is no tool %.40q", ErrAnswer, w.Tool)
		}
		if err := checkWords(w.Words); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
		}
	}
	return *p.Steps, nil
}

// unfenced is what stands between the marks of a block of code, as models like to
// write it, or all of a text without them.
func unfenced(s string) string {
	s = strings.TrimSpace(s)
	in, ok := strings.CutPrefix(s, "```")
	if !ok {
		return s
	}
	in, ok = strings.CutSuffix(strings.TrimPrefix(in, "json"), "```")
	if !ok {
		return s
	}
	return strings.TrimSpace(in)
}

func checkWords(s string) error {
	if len(s) > MaxLine || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("words of %d bytes, or with control characters", len(s))
	}
	return nil
}

func checkLine(s string) error {
	if len(s) > MaxLine || !utf8.ValidString(s) || strings.TrimSpace(s) == "" {
		return fmt.Errorf("language model: a line of %d bytes; want some, at most %d, and UTF-8", len(s), MaxLine)
	}
	return nil
}
