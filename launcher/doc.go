// Package launcher keeps one shared Spark Connect server per user and profile.
//
// A kernel calls [Attach]. When no server runs, a supervisor process is started
// (detached; it runs [Supervise]) which starts the JVM; when one runs, Attach
// joins it. What comes back is a [Lease]: an open unix-socket connection to the
// supervisor. As long as one lease is open the server stays; when the server
// goes, every lease says so; when the last lease has been gone for the idle
// time, the server stops.
//
// The one thing to understand: liveness is a lock, never a process id. The
// supervisor holds alive.lock for its life and hands the same open file to the
// JVM, so the lock is free only when both are dead, however they died. Whoever
// holds start.lock may start a supervisor. All other files may be stale or
// missing at any time and are believed only while alive.lock is held.
//
// Folder of one profile, private to the user ([Folder] tells where it is):
//
//	start.lock   held by the caller that starts a supervisor
//	alive.lock   held by the supervisor and its JVM
//	sock         the supervisor's socket: requests in, events out, JSON lines
//	server.json  the registry: where the server is, with its token (0600)
//	server.log   what the JVM wrote; server.log.1 is the part before
//	supervisor.log, spark.conf, java.args, log4j2.properties   of the last start
//
// Files that Spark writes never land in the user's working folder: the server's
// working directory is the user's home, temporary files live in a folder of
// their own that the supervisor removes, managed tables live under the user's
// data folder (see [Dirs]).
//
// The package knows nothing of Jupyter or of Spark's protocol: a server is
// ready when Spark says that it listens and its port can be connected.
package launcher
