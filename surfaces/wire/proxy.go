package wire

// Proxy is the client's side of one object. Generated objects embed it.
type Proxy struct {
	base
	c *Client
}

// Client is the connection to a server.
type Client struct {
	peer
}
