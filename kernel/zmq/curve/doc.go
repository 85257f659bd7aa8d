// Package curve is the server's side of CurveZMQ (RFC 26, ZMTP-CURVE RFC 25):
// bytes in, bytes out. It knows no sockets, no frames and no clock.
//
// A [Server] is one connection. The peer's HELLO is answered with WELCOME, its
// INITIATE with READY; then both sides send MESSAGE commands. Every step is
// checked, an error ends the connection. Until INITIATE a Server remembers
// nothing of its peer but the key of the cookie that it gave away.
package curve
