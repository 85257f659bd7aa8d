//go:build !linux

package zmq

import "net"

// unread does not know, on this platform.
func unread(net.Conn) bool { return false }
