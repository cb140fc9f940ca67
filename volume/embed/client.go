package embed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Kind is how a server is spoken to.
type Kind string

// The kinds.
const (
	OpenAI Kind = "openai" // POST URL/v1/embeddings
	Ollama Kind = "ollama" // POST URL/api/embed
)

// Limits of what is asked and taken.
const (
	MaxDims  = 8192
	MaxBatch = 256
	MaxText  = 64 << 10 // bytes of one text
	maxError = 4 << 10  // bytes of an answer that is an error
)

// Errors that a caller branches on.
var (
	ErrDimension = errors.New("the server's vectors have another dimension than before: its model has changed, embed all documents again")
	ErrAnswer    = errors.New("the server's answer makes no sense")
)

// Config says which embedder. Zero fields but URL and Model mean the defaults.
type Config struct {
	URL     string // http or https, without /v1
	Kind    Kind   // OpenAI
	Model   string
	Key     string        // sent as a bearer token unless empty
	Dims    int           // expected; 0 takes what the first answer has
	Batch   int           // texts in a request; 32
	Timeout time.Duration // of a request; 30 s
	HTTP    *http.Client  // its transport is used; nil is http.DefaultTransport
}

// Client asks one embedder.
type Client struct {
	c        Config
	endpoint string
	http     http.Client

	mu   sync.Mutex
	dims int
}

// New checks a Config and gives its Client. It asks nothing.
func New(c Config) (*Client, error) {
	c.Kind, c.Batch, c.Timeout = cmp.Or(c.Kind, OpenAI), cmp.Or(c.Batch, 32), cmp.Or(c.Timeout, 30*time.Second)
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("embedder: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("embedder: %q is no address like http://127.0.0.1:8080", c.URL)
	case u.User != nil:
		return nil, errors.New("embedder: give the key as a key, not in the address")
	case c.Model == "":
		return nil, errors.New("embedder: no model is named; the server lists those it has")
	case c.Batch < 1 || c.Batch > MaxBatch:
		return nil, fmt.Errorf("embedder: a batch of %d; want 1 to %d", c.Batch, MaxBatch)
	case c.Dims < 0 || c.Dims > MaxDims:
		return nil, fmt.Errorf("embedder: %d dimensions; want 1 to %d", c.Dims, MaxDims)
	case c.Timeout < 0:
		return nil, fmt.Errorf("embedder: a time-out of %v", c.Timeout)
	}
	path := map[Kind]string{OpenAI: "v1/embeddings", Ollama: "api/embed"}[c.Kind]
	if path == "" {
		return nil, fmt.Errorf("embedder: kind %q; want %s or %s", c.Kind, OpenAI, Ollama)
	}
	e := &Client{c: c, endpoint: u.JoinPath(path).String(), dims: c.Dims}
	if c.HTTP != nil {
		e.http.Transport = c.HTTP.Transport
	}
	e.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return e, nil
}

// ID names the embedder: its kind, server and model.
func (e *Client) ID() string { return string(e.c.Kind) + " " + e.endpoint + " " + e.c.Model }

// Hash tells embedders apart: it is of ID and the dimension, so it is known
// once a text was embedded; ok is false before.
func (e *Client) Hash() (hash [sha256.Size]byte, ok bool) {
	d := e.Dims()
	return sha256.Sum256(fmt.Appendf(nil, "%s %d", e.ID(), d)), d > 0
}

// Dims is the length of vectors, 0 while it isn't known.
func (e *Client) Dims() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.dims
}

// Check embeds two different texts and fails unless their vectors differ: that
// a server answers doesn't say that its model works.
func (e *Client) Check(ctx context.Context) error {
	v, err := e.Embed(ctx, []string{"a cat sleeps on the sofa", "compile the kernel with debug symbols"})
	if err != nil {
		return fmt.Errorf("check of the embedder: %w", err)
	}
	var dot float64
	for i := range v[0] {
		dot += float64(v[0][i]) * float64(v[1][i])
	}
	if dot > 0.9999 {
		return fmt.Errorf("check of the embedder: %w: texts about different things have the same vector", ErrAnswer)
	}
	return nil
}

// Embed gives a vector of length 1 for each text, asking in batches. All or
// nothing: an error gives no vectors. Texts longer than MaxText bytes and
// empty ones are refused before anything is sent.
func (e *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	for i, t := range texts {
		if len(t) > MaxText || strings.TrimSpace(t) == "" {
			return nil, fmt.Errorf("text %d of %d has %d bytes; want some, and at most %d", i+1, len(texts), len(t), MaxText)
		}
	}
	var all [][]float32
	for len(texts) > 0 {
		n := min(e.c.Batch, len(texts))
		vectors, err := e.batch(ctx, texts[:n])
		if err != nil {
			return nil, fmt.Errorf("embed by %s: %w", e.endpoint, err)
		}
		all, texts = append(all, vectors...), texts[n:]
	}
	return all, nil
}

func (e *Client) batch(ctx context.Context, texts []string) ([][]float32, error) {
	ctx, cancel := context.WithTimeout(ctx, e.c.Timeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"model": e.c.Model, "input": texts})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if e.c.Key != "" {
		req.Header.Set("Authorization", "Bearer "+e.c.Key)
	}
	resp, err := e.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(resp)
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, fmt.Errorf("%w: it is %q, no JSON: is this the server's address?", ErrAnswer, resp.Header.Get("Content-Type"))
	}
	dims := e.Dims()
	if dims == 0 {
		dims = MaxDims
	}
	limit := int64(len(texts)*dims*32 + 64<<10) // a number has at most some 25 characters
	answer, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(answer)) > limit {
		return nil, fmt.Errorf("%w: it is longer than %d bytes for %d texts", ErrAnswer, limit, len(texts))
	}
	vectors, err := parse(e.c.Kind, answer, len(texts))
	if err != nil {
		return nil, err
	}
	return vectors, e.settle(len(vectors[0]))
}

// settle takes the first answer's dimension, and refuses another later.
func (e *Client) settle(dims int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.dims == 0 {
		e.dims = dims
	}
	if dims != e.dims {
		return fmt.Errorf("%w (%d, before %d)", ErrDimension, dims, e.dims)
	}
	return nil
}

// refusal is the error of an answer that isn't 200. The server's text is
// quoted: it may hold anything.
func refusal(resp *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxError))
	if err != nil {
		return fmt.Errorf("%s, and its reason broke off: %w", resp.Status, err)
	}
	return fmt.Errorf("%s: %.300q", resp.Status, bytes.TrimSpace(text))
}

// parse takes n vectors off an answer and makes their lengths 1.
func parse(kind Kind, answer []byte, n int) ([][]float32, error) {
	var a struct {
		Data []struct {
			Index     *int      `json:"index"`
			Embedding []float64 `json:"embedding"`
		} `json:"data"`
		Embeddings [][]float64 `json:"embeddings"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	raw := a.Embeddings
	if kind == OpenAI {
		raw = make([][]float64, len(a.Data))
		for i, d := range a.Data {
			at := i
			if d.Index != nil {
				at = *d.Index
			}
			if at < 0 || at >= len(raw) || raw[at] != nil {
				return nil, fmt.Errorf("%w: index %d of %d vectors", ErrAnswer, at, len(raw))
			}
			raw[at] = d.Embedding
		}
	}
	if len(raw) != n {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrAnswer, len(raw), n)
	}
	vectors := make([][]float32, n)
	for i, v := range raw {
		if len(v) == 0 || len(v) > MaxDims || len(v) != len(raw[0]) {
			return nil, fmt.Errorf("%w: a vector of %d numbers, the first of %d", ErrAnswer, len(v), len(raw[0]))
		}
		var err error
		if vectors[i], err = unit(v); err != nil {
			return nil, err
		}
	}
	return vectors, nil
}

func unit(v []float64) ([]float32, error) {
	largest := 0.0
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	if largest == 0 {
		return nil, fmt.Errorf("%w: a vector is zero", ErrAnswer)
	}
	sum := 0.0
	for _, x := range v {
		x /= largest // squares of huge numbers would overflow
		sum += float64(x * x)
	}
	length := math.Sqrt(sum)
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x / largest / length)
	}
	return out, nil
}
