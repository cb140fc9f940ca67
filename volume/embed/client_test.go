package embed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// letters is an embedder: how often a text has each of n letters.
func letters(text string, n int) []float64 {
	v := make([]float64, n)
	for _, r := range strings.ToLower(text) {
		v[int(r)%n]++
	}
	return v
}

type server struct {
	*httptest.Server
	dims     atomic.Int64
	requests atomic.Int64
}

// serve answers in both forms; OpenAI's in reverse, with indexes.
func serve(t *testing.T) *server {
	s := &server{}
	s.dims.Store(20)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		var q struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Model != "letters" || r.Method != http.MethodPost {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		answer := map[string]any{}
		switch r.URL.Path {
		case "/v1/embeddings":
			if r.Header.Get("Authorization") != "Bearer secret" {
				http.Error(w, "who are you?", http.StatusUnauthorized)
				return
			}
			var data []any
			for i := len(q.Input) - 1; i >= 0; i-- {
				data = append(data, map[string]any{"index": i, "embedding": letters(q.Input[i], int(s.dims.Load()))})
			}
			answer["data"] = data
		case "/api/embed":
			var all [][]float64
			for _, text := range q.Input {
				all = append(all, letters(text, int(s.dims.Load())))
			}
			answer["embeddings"] = all
		default:
			http.NotFound(w, r)
			return
		}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func client(t *testing.T, c Config) *Client {
	c.Model = "letters"
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestBothKindsGiveUnitVectorsInOrder(t *testing.T) {
	s := serve(t)
	texts := []string{"aaa", "b", "abc", "zz", "hello"}
	for _, c := range []Config{{Kind: OpenAI, Key: "secret"}, {Kind: Ollama}} {
		c.URL, c.Batch = s.URL, 2
		e := client(t, c)
		if _, ok := e.Hash(); ok {
			t.Error("a hash before the dimension is known")
		}
		before := s.requests.Load()
		got, err := e.Embed(context.Background(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.requests.Load() - before; n != 3 {
			t.Errorf("%s: %d requests for 5 texts in batches of 2; want 3", c.Kind, n)
		}
		for i, text := range texts {
			want := letters(text, 20)
			dot, length := 0.0, 0.0
			for j := range want {
				dot += want[j] * float64(got[i][j])
				length += want[j] * want[j]
			}
			if math.Abs(dot-math.Sqrt(length)) > 1e-5 {
				t.Errorf("%s: vector of %q is %v", c.Kind, text, got[i])
			}
		}
		if err := e.Check(context.Background()); err != nil {
			t.Errorf("%s: check: %v", c.Kind, err)
		}
		if _, ok := e.Hash(); !ok || e.Dims() != 20 {
			t.Errorf("%s: %d dimensions after embedding", c.Kind, e.Dims())
		}
	}
}

func TestAnotherDimensionIsRefused(t *testing.T) {
	s := serve(t)
	e := client(t, Config{URL: s.URL, Kind: Ollama})
	if err := e.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.dims.Store(21)
	if _, err := e.Embed(context.Background(), []string{"x"}); !errors.Is(err, ErrDimension) {
		t.Errorf("21 after 20 dimensions: %v; want ErrDimension", err)
	}
	if _, err := client(t, Config{URL: s.URL, Kind: Ollama, Dims: 20}).Embed(context.Background(), []string{"x"}); !errors.Is(err, ErrDimension) {
		t.Errorf("21 instead of 20 dimensions: %v; want ErrDimension", err)
	}
}

func TestEmbeddersAreToldApart(t *testing.T) {
	hash := func(c Config) any {
		c.Model += "m"
		e, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		h, _ := e.Hash()
		return h
	}
	one := hash(Config{URL: "http://a:1", Dims: 3})
	for _, other := range []Config{{URL: "http://a:2", Dims: 3}, {URL: "http://a:1", Dims: 4}, {URL: "http://a:1", Dims: 3, Kind: Ollama}, {URL: "http://a:1", Dims: 3, Model: "x"}} {
		if hash(other) == one {
			t.Errorf("%+v has the same hash as another embedder", other)
		}
	}
}

func TestAnswersThatMakeNoSense(t *testing.T) {
	many := strings.Repeat("[1],", 10)
	for name, answer := range map[string]string{
		"no JSON":          `hello`,
		"cut off":          `{"embeddings":[[1,2`,
		"none":             `{"embeddings":[]}`,
		"too many":         `{"embeddings":[` + many + `[1]]}`,
		"an empty vector":  `{"embeddings":[[],[]]}`,
		"uneven":           `{"embeddings":[[1,2],[1]]}`,
		"zero":             `{"embeddings":[[0,0],[1,0]]}`,
		"null":             `{"embeddings":[null,[1]]}`,
		"words":            `{"embeddings":[["a"],["b"]]}`,
		"infinite":         `{"embeddings":[[1e999],[1]]}`,
		"endless":          `{"embeddings":[[1],[1` + strings.Repeat("0", 1<<20) + `]]}`,
		"constant":         `{"embeddings":[[1,2],[1,2]]}`,
		"another's answer": `{"data":[{"embedding":[1]},{"embedding":[2]}]}`,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, answer)
		}))
		err := client(t, Config{URL: s.URL, Kind: Ollama}).Check(context.Background())
		if !errors.Is(err, ErrAnswer) {
			t.Errorf("%s: %v; want ErrAnswer", name, err)
		}
		s.Close()
	}
}

func TestServersThatRefuseHangOrLeadAstray(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/broken"):
			http.Error(w, `{"error":"no such model"}`, http.StatusNotFound)
		case strings.HasPrefix(r.URL.Path, "/away"):
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case strings.HasPrefix(r.URL.Path, "/elsewhere"):
			t.Error("a redirect was followed, with texts and key")
		case strings.HasPrefix(r.URL.Path, "/page"):
			io.WriteString(w, "<html>")
		default:
			io.Copy(io.Discard, r.Body) // until then the server doesn't see that the client left
			<-r.Context().Done()
		}
	}))
	defer s.Close()
	ask := func(path string) error {
		return client(t, Config{URL: s.URL + path, Key: "secret", Timeout: 20 * time.Millisecond}).Check(context.Background())
	}
	if err := ask("/hangs"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a server that hangs: %v; want a deadline", err)
	}
	for path, want := range map[string]string{"/broken": "no such model", "/away": "307", "/page": "no JSON"} {
		c := client(t, Config{URL: s.URL + path, Key: "secret"})
		if err := c.Check(context.Background()); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v; want %q in it, and no key", path, err, want)
		}
	}
}

func TestNothingIsSentOfBadInput(t *testing.T) {
	s := serve(t)
	e := client(t, Config{URL: s.URL, Kind: Ollama})
	for _, text := range []string{"", " \n", strings.Repeat("x", MaxText+1)} {
		if _, err := e.Embed(context.Background(), []string{"fine", text}); err == nil {
			t.Errorf("a text of %d bytes was embedded", len(text))
		}
	}
	if n := s.requests.Load(); n != 0 {
		t.Errorf("%d requests; want none", n)
	}
	for _, c := range []Config{
		{},
		{URL: "ftp://a", Model: "m"},
		{URL: "a:80", Model: "m"},
		{URL: "http://a", Model: ""},
		{URL: "http://u:p@a", Model: "m"},
		{URL: "http://a?x=1", Model: "m"},
		{URL: "http://a", Model: "m", Kind: "x"},
		{URL: "http://a", Model: "m", Batch: 1000},
		{URL: "http://a", Model: "m", Dims: -1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("New(%+v) is fine; want an error", c)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"data":[{"index":1,"embedding":[1,2]},{"index":0,"embedding":[3,4]}]}`))
	f.Add([]byte(`{"embeddings":[[1,2],[1e308,1e308]]}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, kind := range []Kind{OpenAI, Ollama} {
			vectors, err := parse(kind, answer, 2)
			if err != nil {
				if !errors.Is(err, ErrAnswer) {
					t.Errorf("%v wraps no ErrAnswer", err)
				}
				continue
			}
			for _, v := range vectors {
				sum := 0.0
				for _, x := range v {
					sum += float64(x) * float64(x)
				}
				if math.Abs(sum-1) > 1e-3 {
					t.Errorf("%s has a vector of length² %v", fmt.Sprintf("%.100q", answer), sum)
				}
			}
		}
	})
}
