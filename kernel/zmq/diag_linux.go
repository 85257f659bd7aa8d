package zmq

import (
	"encoding/binary"
	"net"

	"golang.org/x/sys/unix"
)

// Layout of a question to the kernel about one socket and of the answer
// (linux/inet_diag.h): a netlink header, then a description of the socket.
const (
	diagHeader  = unix.SizeofNlMsghdr
	diagRequest = diagHeader + 56
	diagUID     = diagHeader + 64
	diagByName  = 20 // SOCK_DIAG_BY_FAMILY
)

// diagTCP asks who owns one TCP socket of this machine. It takes microseconds,
// however many sockets there are; not every kernel answers.
func diagTCP(local, remote *net.TCPAddr) (uid int, found bool) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return 0, false
	}
	defer unix.Close(fd)
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1}); err != nil {
		return 0, false
	}
	if err := unix.Sendto(fd, diagQuestion(local, remote), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, false
	}
	var b [4096]byte
	n, _, err := unix.Recvfrom(fd, b[:], 0)
	if err != nil || n < diagUID+4 || binary.NativeEndian.Uint16(b[4:]) != diagByName {
		return 0, false
	}
	return int(binary.NativeEndian.Uint32(b[diagUID:])), true
}

func diagQuestion(local, remote *net.TCPAddr) []byte {
	b := make([]byte, diagRequest)
	binary.NativeEndian.PutUint32(b, diagRequest)
	binary.NativeEndian.PutUint16(b[4:], diagByName)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST)
	q := b[diagHeader:]
	from, to := local.IP.To4(), remote.IP.To4()
	q[0], q[1] = unix.AF_INET, unix.IPPROTO_TCP
	if from == nil || to == nil {
		from, to = local.IP.To16(), remote.IP.To16()
		q[0] = unix.AF_INET6
	}
	binary.NativeEndian.PutUint32(q[4:], 1<<1) // established
	binary.BigEndian.PutUint16(q[8:], uint16(local.Port))
	binary.BigEndian.PutUint16(q[10:], uint16(remote.Port))
	copy(q[12:], from)
	copy(q[28:], to)
	binary.NativeEndian.PutUint64(q[48:], ^uint64(0)) // no cookie: any such socket
	return b
}
