// Package llm asks a language model on a server that the person has chosen: one
// that speaks OpenAI's POST /v1/chat/completions (llama.cpp, Ollama, LM Studio,
// vLLM, and others).
//
//	c, err := llm.New(llm.Config{URL: "http://127.0.0.1:8080", Model: "qwen3"})
//	if err := c.Check(ctx); err != nil { … } // a token is made, for real
//	wants, err := c.Plan(ctx, line, tools)
//	for text, err := range c.Answer(ctx, line) { … }
//
// Lines leave the machine if the server is elsewhere; whoever makes a Client has
// asked the person. Nothing is sent before the first call, redirects are not
// followed, and a key is sent to no other host.
//
// # What a model may say
//
// What comes from a server is untrusted. An answer is text to be shown. A plan is a
// list of tools by their names, each with words that say what it is about: it holds
// nothing else, and whether there is such a thing, and whether the person must
// agree, others decide (package plan).
//
// A server is asked to keep to a JSON schema (response_format json_schema); one that
// refuses is asked for any JSON, then for nothing of the kind. In each case what it
// says is held against the same limits.
//
// # Time
//
// Every call has a deadline for the first sign of life, one between two of them, and
// one for all. Cancelling its context closes the connection, which ends the work of
// the server. A Client may be used by any goroutine.
package llm
