// Package anontls is the client's side of TLS 1.2 with a server that has no
// certificate: nobody vouches for it, and who sits between the two can take part.
// It hides what is said from those who only listen. VNC servers offer it as the
// types TLSNone, TLSVnc and TLSPlain of VeNCrypt; crypto/tls doesn't speak it.
//
//	c, err := anontls.Client(conn)   // shakes hands
//
// There are two cipher suites, which GnuTLS and OpenSSL both have:
// TLS_DH_anon_WITH_AES_128_GCM_SHA256 and TLS_DH_anon_WITH_AES_256_GCM_SHA384 (RFC
// 5288), with the extended master secret (RFC 7627) where the server knows it.
// There is no resumption and no renegotiation. Sources: RFC 5246, 5288, 7627, 7919.
//
// All that a server sends has a limit. A Conn is a net.Conn: one goroutine may read
// while another writes.
package anontls
