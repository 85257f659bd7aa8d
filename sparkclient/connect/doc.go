// Package connect carries Spark Connect over gRPC: it is the
// [sparkclient.Engine] behind a session.
//
// [Parse] reads an sc:// address, [Open] makes a [Session] on it, and
// [Session.NewSession] and [Session.CloneSession] make more on the same
// connection. Plans come in as encoded messages; rows go out as columns that
// sit on the received Arrow buffers.
//
// Every operation is reattachable: the server may end a stream, or the network
// may drop it, and the operation goes on; the client asks for the rest of the
// answer from the response it saw last. So no plan is sent twice unless the
// server says that it never had it, and no row is lost or doubled.
//
// The package is the only one that knows gRPC, the generated stubs (package pb)
// and Arrow. It knows nothing of Jupyter, of DataFrames or of how a server is
// started. No error of this package contains the token.
package connect
