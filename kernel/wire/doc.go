// Package wire is the vocabulary of the Jupyter messaging specification, 5.4,
// as typed Go values: bytes in, values out, and back.
//
// It knows no sockets, no goroutines and no kernel. A [Message] is what stands
// in the frames of one ZeroMQ message; a [Signer] turns the one into the other
// and checks signature and bounds before anything is parsed. What a message
// says is its [Content]: one Go type for each msg_type, and the msg_type string
// stands only beside that type. Content stays raw JSON in a Message until a
// handler asks for it with [Into], so that it is decoded once and to one type.
//
// Specification: https://jupyter-client.readthedocs.io/en/latest/messaging.html
package wire
