package llm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"rayos/internal/oneline"
)

// Limits of what is sent and taken.
const (
	MaxLine      = 1024     // bytes of a line
	MaxAnswer    = 32 << 10 // bytes of an answer; what is longer is cut
	maxReply     = 1 << 20  // bytes of a whole response
	maxError     = 4 << 10  // bytes of a response that is an error
	maxComplaint = 200      // characters of what it says
)

// Errors that a caller branches on.
var (
	ErrSlow   = errors.New("the server was silent for too long: is its model loaded, and small enough for its machine?")
	ErrAnswer = errors.New("the server’s answer makes no sense")
	ErrSilent = errors.New("the server answers, but its model says nothing")
)

// refused is a response with a status that isn't 200.
type refused struct {
	status int
	said   string
}

func (r *refused) Error() string {
	return strings.TrimSpace(fmt.Sprintf("the server says %d %s. %s", r.status, http.StatusText(r.status), r.said))
}

// Config says which model. Zero fields but URL and Model mean the defaults.
type Config struct {
	URL   string // http or https, with or without /v1
	Model string
	Key   string // sent as a bearer token unless empty

	First time.Duration // until the first sign of life; 60 s, for a model may have to be loaded
	Gap   time.Duration // between two; 20 s
	Whole time.Duration // of an answer; 5 min
	HTTP  *http.Client  // its transport is used; nil is http.DefaultTransport
}

// Client asks one model.
type Client struct {
	c        Config
	endpoint string
	http     http.Client
	format   atomic.Int32 // what the server takes of formats
}

// New checks a Config and gives its Client. It asks nothing.
func New(c Config) (*Client, error) {
	c.First, c.Gap, c.Whole = cmp.Or(c.First, time.Minute), cmp.Or(c.Gap, 20*time.Second), cmp.Or(c.Whole, 5*time.Minute)
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("language model: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("language model: %.80q is no address like http://127.0.0.1:8080", c.URL)
	case u.User != nil:
		return nil, errors.New("language model: give the key as a key, not in the address")
	case strings.TrimSpace(c.Model) == "":
		return nil, errors.New("language model: no model is named; the server lists those it has")
	case strings.ContainsFunc(c.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return nil, errors.New("language model: a key has printable ASCII letters only, and no spaces")
	case c.First < 0 || c.Gap < 0 || c.Whole < 0:
		return nil, errors.New("language model: a negative deadline")
	}
	if !strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/v1") {
		u = u.JoinPath("v1")
	}
	l := &Client{c: c, endpoint: u.JoinPath("chat/completions").String()}
	if c.HTTP != nil {
		l.http.Transport = c.HTTP.Transport
	}
	l.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return l, nil
}

// Model is the name of the model.
func (l *Client) Model() string { return l.c.Model }

// Local reports whether the server is this machine, by its address.
func (l *Client) Local() bool {
	u, err := url.Parse(l.c.URL)
	return err == nil && (u.Hostname() == "localhost" || u.Hostname() == "::1" || strings.HasPrefix(u.Hostname(), "127."))
}

// Check has the model say something, and fails unless it does: that a server
// answers doesn't say that its model works.
func (l *Client) Check(ctx context.Context) error {
	body, err := l.call(ctx, request{Messages: []message{{"user", "Say yes."}}, MaxTokens: 16})
	if err != nil {
		return fmt.Errorf("language model: %w", err)
	}
	var c completion
	if err := json.Unmarshal(body, &c); err != nil {
		return fmt.Errorf("language model: %w: %.80q", ErrAnswer, body)
	}
	if len(c.Choices) == 0 || c.Choices[0].Message.said()+c.Choices[0].Message.thought() == "" {
		return fmt.Errorf("language model: %w", ErrSilent)
	}
	return nil
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type request struct {
	Model          string    `json:"model"`
	Messages       []message `json:"messages"`
	MaxTokens      int       `json:"max_tokens"`
	Temperature    float64   `json:"temperature"`
	Stream         bool      `json:"stream,omitempty"`
	ResponseFormat any       `json:"response_format,omitempty"`
}

// completion is a response, or an event of one that is streamed.
type completion struct {
	Choices []struct {
		Message said `json:"message"`
		Delta   said `json:"delta"`
	} `json:"choices"`
	Error json.RawMessage `json:"error"`
}

// said is what a model says, and what some tell of how they came to it.
type said struct {
	Content   *string `json:"content"`
	Reasoning *string `json:"reasoning_content"`
	Thinking  *string `json:"reasoning"`
}

func (s *said) said() string { return text(s.Content) }

func (s *said) thought() string { return text(s.Reasoning) + text(s.Thinking) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// watch is a context that ends when nothing has been heard of for too long.
type watch struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer
	gap    time.Duration
	stop   context.CancelFunc
}

func (l *Client) watch(ctx context.Context) *watch {
	ctx, stop := context.WithTimeoutCause(ctx, l.c.Whole, ErrSlow)
	w := &watch{gap: l.c.Gap, stop: stop}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.timer = time.AfterFunc(l.c.First, func() { w.cancel(ErrSlow) })
	return w
}

// heard is called at each sign of life.
func (w *watch) heard() { w.timer.Reset(w.gap) }

func (w *watch) end() {
	w.timer.Stop()
	w.cancel(nil)
	w.stop()
}

// why is the reason for an error of the connection.
func (w *watch) why(err error) error {
	if cause := context.Cause(w.ctx); cause != nil {
		return cause
	}
	return err
}

// post sends a request and returns what comes back with status 200. The caller
// closes it.
func (l *Client) post(w *watch, r request) (*http.Response, error) {
	r.Model = l.c.Model
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	q, err := http.NewRequestWithContext(w.ctx, http.MethodPost, l.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Accept", "application/json, text/event-stream")
	if l.c.Key != "" {
		q.Header.Set("Authorization", "Bearer "+l.c.Key)
	}
	a, err := l.http.Do(q)
	if err != nil {
		return nil, w.why(err)
	}
	w.heard()
	if a.StatusCode != http.StatusOK {
		defer a.Body.Close()
		said, err := io.ReadAll(io.LimitReader(a.Body, maxError))
		if err != nil {
			said = nil // the status says it
		}
		return nil, &refused{a.StatusCode, complaint(said)}
	}
	return a, nil
}

// call sends a request and returns the whole response.
func (l *Client) call(ctx context.Context, r request) ([]byte, error) {
	w := l.watch(ctx)
	defer w.end()
	a, err := l.post(w, r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	if kind := mediaType(a); kind != "application/json" {
		return nil, fmt.Errorf("%w: it is %q, not JSON", ErrAnswer, kind)
	}
	// It comes as a whole: the gap isn't for it.
	w.timer.Reset(l.c.Whole)
	body, err := io.ReadAll(io.LimitReader(a.Body, maxReply+1))
	if err != nil {
		return nil, w.why(err)
	}
	if len(body) > maxReply {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrAnswer, maxReply)
	}
	return body, nil
}

func mediaType(a *http.Response) string {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return a.Header.Get("Content-Type")
	}
	return kind
}

// complaint is what a server says is wrong, on one line.
func complaint(body []byte) string {
	var e struct {
		Error json.RawMessage `json:"error"`
	}
	var of struct {
		Message string `json:"message"`
	}
	var plain string
	switch {
	case json.Unmarshal(body, &e) != nil:
	case json.Unmarshal(e.Error, &of) == nil && of.Message != "":
		return oneline.Of(of.Message, maxComplaint)
	case json.Unmarshal(e.Error, &plain) == nil:
		return oneline.Of(plain, maxComplaint)
	}
	return oneline.Of(string(body), maxComplaint)
}
