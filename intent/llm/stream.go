package llm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// maxEvent bounds one event of a stream, in bytes.
const maxEvent = 64 << 10

// manner is how a model is asked for an answer.
const manner = "You answer questions of a person at a computer, in their language, briefly and in plain words. You can do nothing on the computer yourself. " +
	"If you don’t know something, say so. Use short paragraphs; lists and code only where they help."

// maxTokens bounds an answer, for the server.
const maxTokens = 1024

// Answer has the model answer a line. Each text is what was said so far; the last
// is all of it. An error ends it, and what came before holds.
func (l *Client) Answer(ctx context.Context, line string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := l.answer(ctx, line, func(text string) bool { return yield(text, nil) }); err != nil {
			yield("", err)
		}
	}
}

func (l *Client) answer(ctx context.Context, line string, yield func(string) bool) error {
	if err := checkLine(line); err != nil {
		return err
	}
	w := l.watch(ctx)
	defer w.end()
	a, err := l.post(w, request{Messages: []message{{"system", manner}, {"user", line}}, MaxTokens: maxTokens, Temperature: 0.2, Stream: true})
	if err != nil {
		return fmt.Errorf("language model: %w", err)
	}
	defer a.Body.Close()
	body := io.LimitReader(a.Body, maxReply)
	var said []byte
	more := func(piece string) bool {
		said = append(said, piece...)
		cut := len(said) > MaxAnswer
		if cut {
			said = bytes.ToValidUTF8(said[:MaxAnswer], nil)
		}
		return yield(string(said)) && !cut
	}
	switch kind := mediaType(a); kind {
	case "text/event-stream":
		err = events(body, w.heard, more)
	case "application/json": // a server that doesn't stream
		err = whole(body, more)
	default:
		err = fmt.Errorf("%w: it is %q, not a stream of events", ErrAnswer, kind)
	}
	if errors.Is(err, errEnough) {
		return nil
	}
	if err == nil && len(said) == 0 {
		err = ErrSilent
	}
	if err != nil {
		return fmt.Errorf("language model: %w", w.why(err))
	}
	return nil
}

// errEnough is a stream that its reader has ended.
var errEnough = errors.New("enough")

// events reads a stream of server-sent events (WHATWG HTML, section 9.2) until
// data: [DONE], and gives yield what is said. heard is called at each event.
func events(r io.Reader, heard func(), yield func(string) bool) error {
	lines := bufio.NewReaderSize(r, maxEvent)
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("%w: a line of more than %d bytes", ErrAnswer, maxEvent)
		}
		data, isData := bytes.CutPrefix(bytes.TrimRight(line, "\r\n"), []byte("data:"))
		data = bytes.TrimPrefix(data, []byte(" "))
		switch {
		case isData && err == nil:
			heard()
			if string(data) == "[DONE]" {
				return nil
			}
			piece, bad := pieceOf(data)
			if bad != nil {
				return bad
			}
			if piece != "" && !yield(piece) {
				return errEnough
			}
		case len(line) > 0 && err == nil:
			heard() // a comment that keeps the connection alive, or a field that says nothing here
		}
		if err == io.EOF {
			return fmt.Errorf("%w: it ends in the middle", ErrAnswer)
		}
		if err != nil {
			return err
		}
	}
}

// pieceOf is what an event says.
func pieceOf(data []byte) (string, error) {
	var c completion
	if err := json.Unmarshal(data, &c); err != nil {
		return "", fmt.Errorf("%w: %.80q", ErrAnswer, data)
	}
	if len(c.Error) > 0 && string(c.Error) != "null" {
		return "", fmt.Errorf("the server gives up: %s", complaint(data))
	}
	if len(c.Choices) == 0 {
		return "", nil // of use of tokens
	}
	return c.Choices[0].Delta.said(), nil
}

// whole reads an answer that isn't streamed.
func whole(r io.Reader, yield func(string) bool) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	var c completion
	if err := json.Unmarshal(body, &c); err != nil || len(c.Choices) == 0 {
		return fmt.Errorf("%w: %.80q", ErrAnswer, body)
	}
	if s := c.Choices[0].Message.said(); s != "" && !yield(s) {
		return errEnough
	}
	return nil
}
