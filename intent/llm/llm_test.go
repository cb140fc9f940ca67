package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

var tools = []Tool{{"app.open", "open firefox"}, {"window.close", "close that window"}}

// serve runs a server of one answer and returns a client of it and the bodies that
// it was sent.
func serve(t *testing.T, c Config, answer http.HandlerFunc) (*Client, *[]map[string]any) {
	t.Helper()
	asked := new([]map[string]any)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var m map[string]any
		if err != nil || json.Unmarshal(body, &m) != nil || r.URL.Path != "/v1/chat/completions" || r.Method != http.MethodPost {
			t.Errorf("asked %s %s %q, %v", r.Method, r.URL, body, err)
		}
		*asked = append(*asked, m)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	c.URL, c.Model = s.URL, "m"
	l, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return l, asked
}

// says answers with a completion.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": text}}}})
	}
}

// streams answers with raw lines of a stream.
func streams(lines ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, s := range lines {
			_, _ = io.WriteString(w, s)
			w.(http.Flusher).Flush()
		}
	}
}

func piece(s string) string {
	b, _ := json.Marshal(s)
	return fmt.Sprintf("data: {\"choices\":[{\"delta\":{\"content\":%s}}]}\n\n", b)
}

func collect(l *Client, line string) (last string, n int, err error) {
	for text, e := range l.Answer(context.Background(), line) {
		if e != nil {
			return last, n, e
		}
		last, n = text, n+1
	}
	return last, n, nil
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []Config{
		{URL: "", Model: "m"},
		{URL: "127.0.0.1:8080", Model: "m"},
		{URL: "ftp://x", Model: "m"},
		{URL: "http://me:secret@x", Model: "m"},
		{URL: "http://x?a=b", Model: "m"},
		{URL: "http://x", Model: " "},
		{URL: "http://x", Model: "m", Key: "a\nb"},
		{URL: "http://x", Model: "m", Gap: -1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	for url, local := range map[string]bool{"http://127.0.0.1:1/v1/": true, "http://localhost": true, "http://[::1]:8": true, "https://models.example": false} {
		l, err := New(Config{URL: url, Model: "m"})
		if err != nil || l.Local() != local || !strings.HasSuffix(l.endpoint, "/v1/chat/completions") || strings.Count(l.endpoint, "/v1") != 1 {
			t.Errorf("%s: %v, %+v", url, err, l)
		}
	}
}

func TestAnswerStreams(t *testing.T) {
	l, asked := serve(t, Config{Key: "k"}, streams(": hello\n\n", "event: x\ndata: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm\"}}]}\n\n",
		piece("An inode "), piece("is a “place”."), "data: {\"choices\":[],\"usage\":{}}\r\n\r\n", "data: [DONE]\n\n"))
	got, n, err := collect(l, "what is an inode?")
	if got != "An inode is a “place”." || n != 2 || err != nil {
		t.Errorf("%q in %d pieces, %v", got, n, err)
	}
	if m := (*asked)[0]; m["stream"] != true || m["model"] != "m" || m["response_format"] != nil {
		t.Errorf("asked %v", m)
	}
}

func TestAnswerOfAServerThatDoesNotStream(t *testing.T) {
	l, _ := serve(t, Config{}, says("all at once"))
	if got, n, err := collect(l, "x"); got != "all at once" || n != 1 || err != nil {
		t.Errorf("%q in %d pieces, %v", got, n, err)
	}
}

func TestBadAnswers(t *testing.T) {
	long := strings.Repeat("x", 4<<10)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kept   string // of what was said before
		err    string
	}{
		"garbage":        {streams("data: }{\n\n"), "", "no sense"},
		"half":           {streams(piece("so far"), "data: {\"choi"), "so far", "in the middle"},
		"no end":         {streams(piece("so far")), "so far", "in the middle"},
		"a huge event":   {streams("data: " + strings.Repeat(" ", maxEvent) + "\n"), "", "a line of more than"},
		"nothing":        {streams("data: [DONE]\n\n"), "", "says nothing"},
		"an error in it": {streams(piece("so"), "data: {\"error\":{\"message\":\"out of\\u0007 memory\"}}\n\n"), "so", "out of memory"},
		"another kind":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, "", "text/html"},
		"a status": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, `{"error":"no\nsuch model"}`, http.StatusNotFound)
		}, "", "404 Not Found. no such model"},
		"a long complaint": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, long, 500) }, "", "500 Internal Server Error. xxx"},
		"goes elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2:1/", http.StatusTemporaryRedirect)
		}, "", "307"},
		"not a completion": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "[]")
		}, "", "no sense"},
		"endless and large": {streams(slices.Repeat([]string{piece(long)}, 12)...), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, _ := serve(t, Config{}, c.answer)
			got, _, err := collect(l, "x")
			if c.err == "" {
				if err != nil || len(got) != MaxAnswer {
					t.Errorf("%d bytes, %v; want the first %d", len(got), err, MaxAnswer)
				}
				return
			}
			if got != c.kept || err == nil || !strings.Contains(err.Error(), c.err) || len(err.Error()) > 500 {
				t.Errorf("%q, %v; want %q, …%s…", got, err, c.kept, c.err)
			}
		})
	}
}

// TestSilence: a server that says nothing at first, or no more later, is given up;
// one that goes on isn't, however long it takes.
func TestSilence(t *testing.T) {
	mute := make(chan struct{})
	defer close(mute)
	wait := func(r *http.Request) {
		select {
		case <-mute:
		case <-r.Context().Done():
		}
	}
	l, _ := serve(t, Config{First: 20 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) { wait(r) })
	if _, _, err := collect(l, "x"); !errors.Is(err, ErrSlow) {
		t.Errorf("mute: %v", err)
	}
	gone := make(chan struct{})
	l, _ = serve(t, Config{Gap: 20 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) {
		streams(piece("so"))(w, r)
		wait(r)
		close(gone)
	})
	if got, _, err := collect(l, "x"); got != "so" || !errors.Is(err, ErrSlow) {
		t.Errorf("stuck: %q, %v", got, err)
	}
	<-gone // the connection was closed, which is what ends a server's work
}

func TestCancelClosesTheConnection(t *testing.T) {
	gone := make(chan struct{})
	l, _ := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		streams(piece("so"))(w, r)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var err error
	for _, err = range l.Answer(ctx, "x") {
		cancel()
	}
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	<-gone
	// One who has heard enough closes it, too.
	gone = make(chan struct{})
	for range l.Answer(t.Context(), "x") {
		break
	}
	<-gone
}

func TestCheckWantsWords(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"words": {says("Yes."), nil},
		"thoughts": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"","reasoning":"Let me"}}]}`)
		}, nil},
		"silence": {says(""), ErrSilent},
		"no JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, "ok")
		}, ErrAnswer},
	} {
		if l, _ := serve(t, Config{}, c.answer); !errors.Is(l.Check(t.Context()), c.want) {
			t.Errorf("%s: %v", name, l.Check(t.Context()))
		}
	}
}

func TestPlan(t *testing.T) {
	l, asked := serve(t, Config{}, says(`{"steps":[{"tool":"app.open","words":"Firefox"},{"tool":"window.close","words":""}]}`))
	got, err := l.Plan(t.Context(), "open firefox, then close that", tools)
	if want := []Want{{"app.open", "Firefox"}, {"window.close", ""}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	format, _ := json.Marshal((*asked)[0]["response_format"])
	if s := string(format); !strings.Contains(s, `"json_schema"`) || !strings.Contains(s, `"enum":["app.open","window.close"]`) || strings.Contains(s, "grammar") {
		t.Errorf("asked for %s", s)
	}
}

// TestPlanOfAServerWithoutSchemas: it is asked once for each format, and remembered.
func TestPlanOfAServerWithoutSchemas(t *testing.T) {
	var formats []string
	l, _ := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no such format", 400) })
	if _, err := l.Plan(t.Context(), "x", tools); err == nil || l.format.Load() != formatNone {
		t.Errorf("a server that refuses all: %v, format %d", err, l.format.Load())
	}
	n := 0
	l, asked := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			http.Error(w, "grammar and json_schema", 400)
			return
		}
		says("```json\n{\"steps\": []}\n```")(w, r)
	})
	for range 2 {
		if got, err := l.Plan(t.Context(), "hello", tools); err != nil || len(got) != 0 {
			t.Errorf("%v, %v", got, err)
		}
	}
	for _, m := range *asked {
		f, _ := m["response_format"].(map[string]any)
		formats = append(formats, fmt.Sprint(f["type"]))
	}
	if got := strings.Join(formats, " "); got != "json_schema json_object json_object" {
		t.Errorf("asked for %s", got)
	}
}

func TestPlansThatAreNone(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`{"tool":"app.open","words":"x"},`, MaxSteps+1), ",")
	for _, text := range []string{
		"", "Sure! I will open it.", "[]", "{}", `{"steps":null}`, `{"steps":[{"tool":"rm -rf","words":""}]}`, `{"steps":[],"why":"x"}`,
		`{"steps":[{"tool":"app.open","words":"x","sudo":true}]}`, `{"steps":[]} and more`, `{"steps":[` + many + `]}`, `{"steps":[{"tool":"app.open","words":"a\u0000b"}]}`,
		`{"steps":[{"tool":"app.open","words":"` + strings.Repeat("x", MaxLine+1) + `"}]}`, `{"steps":[` + strings.Repeat(" ", maxPlan) + `]}`, "```json\n{\"steps\":[]}",
	} {
		l, _ := serve(t, Config{}, says(text))
		if got, err := l.Plan(t.Context(), "x", tools); !errors.Is(err, ErrAnswer) || len(got) > 0 {
			t.Errorf("%.60q: %v, %v", text, got, err)
		}
	}
	l, asked := serve(t, Config{}, says("{}"))
	for _, line := range []string{"", " ", "\xff", strings.Repeat("x", MaxLine+1)} {
		if _, err := l.Plan(t.Context(), line, tools); err == nil {
			t.Errorf("the line %.20q is sent", line)
		}
	}
	if len(*asked) > 0 {
		t.Error("something was sent")
	}
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte(piece("a") + "data: [DONE]\n"))
	f.Add([]byte(": x\r\ndata:{\"error\":\"no\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		said := 0
		err := events(strings.NewReader(string(b)), func() {}, func(s string) bool { said += len(s); return true })
		if err == nil && !strings.Contains(string(b), "[DONE]") || said > 4*len(b) {
			t.Errorf("%d bytes said, %v", said, err)
		}
	})
}

func FuzzPlan(f *testing.F) {
	f.Add([]byte(`{"choices":[{"message":{"content":"{\"steps\":[{\"tool\":\"app.open\",\"words\":\"x\"}]}"}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		wants, err := parsePlan(b, tools)
		if err != nil && len(wants) > 0 || len(wants) > MaxSteps {
			t.Errorf("%v, %v", wants, err)
		}
		for _, w := range wants {
			if w.Tool != "app.open" && w.Tool != "window.close" || len(w.Words) > MaxLine {
				t.Errorf("%+v", w)
			}
		}
	})
}
