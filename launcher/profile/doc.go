// Package profile reads the files that say which Spark a user may start or join.
//
// A profile is a named set of settings: an engine, a master or an address, Spark
// properties, packages, environment. The same profile may be written in several
// files, of the system, of the Jupyter environment and of the user; they are
// merged value by value, the user's last, and every value remembers the file and
// the line that it comes from ([Value.Origin]). A bundle is a group of
// properties that profiles switch on by name.
//
// The one thing to understand: nothing here is ever wrong enough to be silent or
// to stop everything. [Load] always returns a [Set]; what it could not use is a
// [Problem] with its place and the nearest right name, and only the profile that
// it is about cannot be started.
//
// The package reads files and environment variables. It starts no server and
// runs no script: [Profile.Launch] makes what package launcher wants.
package profile
