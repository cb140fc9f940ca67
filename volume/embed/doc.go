// Package embed gets vectors of texts from a server of the person's choice:
// one that speaks OpenAI's POST /v1/embeddings (llama.cpp, LM Studio, vLLM, and
// others) or Ollama's POST /api/embed.
//
//	c, err := embed.New(embed.Config{URL: "http://127.0.0.1:11434", Kind: embed.Ollama, Model: "all-minilm"})
//	if err := c.Check(ctx); err != nil { … } // embeds a text, for real
//	vectors, err := c.Embed(ctx, texts)
//
// Texts leave the machine if the server is elsewhere; whoever makes a Client
// has asked the person. Nothing is sent before the first call, redirects are
// not followed, and a key is sent to no other host.
//
// Vectors have length 1. Those of different embedders can't be compared: keep
// ID and Hash beside vectors, and don't search with others. A server that
// answers with another number of dimensions than at first gets ErrDimension.
//
// An answer is read up to a limit that follows from what was asked; every call
// has a deadline. A Client may be used by any goroutine.
package embed
