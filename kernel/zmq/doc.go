// Package zmq is a kernel's five sockets. It moves frames and knows nothing of
// what is in them; it is the only importer of zmq4.
//
// zmq4 trusts its peers: one connection that says nothing blocks all others, one
// long length ends the process, one subscriber that does not read starves the
// rest. So no peer ever talks to zmq4 here. A [Sockets] has a guard for each
// channel, which accepts, shakes hands, checks every length before anything is
// allocated, answers PING and queues what is written, and hands zmq4 only
// connections whose bytes were checked. A peer that misbehaves loses its
// connection; the others do not notice.
//
// Where the connection has keys, every peer must encrypt with them (package
// curve). zmq4 fans in what peers send and fans out what is published; what is
// for one peer goes straight to its queue.
//
// What it does not do: ZMTP before 3.0, mechanisms other than NULL and CURVE.
package zmq
