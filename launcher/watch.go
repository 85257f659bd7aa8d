package launcher

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// watch waits until the server is ready, and then until it ends or is to end.
// It always returns an error: *StartError, *GoneError or *stopped.
func (s *supervisor) watch(ctx context.Context, j *jvm) error {
	tick := time.NewTicker(s.tick())
	defer tick.Stop()
	ready := false
	for {
		select {
		case <-ctx.Done():
			return &stopped{GoneError{Reason: "the server's supervisor was told to end"}}
		case order := <-s.hub.stop:
			s.drain(ctx, j, order.drain)
			return &stopped{order.why}
		case <-j.done:
			return s.died(j, ready)
		case <-s.lost:
			return &GoneError{Reason: "the server's Spark context stopped", Advice: "the server's log says why"}
		case address := <-s.listening:
			if err := s.publish(ctx, address); err != nil {
				return err
			}
			ready, s.readySince = true, time.Now()
		case <-tick.C:
			if err := s.look(ctx, ready); err != nil {
				return err
			}
			if ready {
				s.archiver.look(ctx, s)
			}
		}
	}
}

// tick is how often the supervisor looks at the clock.
func (s *supervisor) tick() time.Duration {
	d := time.Second
	for _, limit := range []time.Duration{s.profile.Idle, s.options.Stall, s.profile.Unused} {
		if limit > 0 {
			d = min(d, limit/4)
		}
	}
	return max(d, time.Millisecond)
}

// look finds out whether it is time to end.
func (s *supervisor) look(ctx context.Context, ready bool) error {
	if !ready {
		if quiet := s.silence(); quiet > s.options.Stall {
			return s.failed("nothing was heard from Java for "+quiet.Round(time.Second).String(), "look at the log; a slow disk or an unreachable cluster is the usual reason")
		}
		return nil
	}
	idle := GoneError{Reason: fmt.Sprintf("the server was not used for %s and was stopped", s.profile.Idle)}
	limit := s.profile.Idle
	if s.displaced() {
		limit, idle.Reason = 0, "the server's state folder was removed"
	}
	if limit >= 0 && s.starterCame() && s.hub.finishIfIdle(limit, event{Gone: &idle}) {
		return &stopped{idle}
	}
	if s.unused(ctx) {
		return &stopped{GoneError{Reason: fmt.Sprintf("the server ran nothing for %s and was stopped", s.profile.Unused)}}
	}
	return nil
}

// starterCame reports whether the one who started this supervisor has attached,
// or will hardly do so any more.
func (s *supervisor) starterCame() bool {
	select {
	case <-s.hub.joined:
		return true
	default:
		return s.options.starter == 0 || time.Since(s.hub.snapshot().Started) > starterWait
	}
}

// displaced reports whether the state folder is no longer where callers look:
// they would start another server, so this one is of no use once it is idle.
func (s *supervisor) displaced() bool {
	ours, err := s.folder.root.Stat(".")
	if err != nil {
		return false
	}
	there, err := os.Stat(s.folder.path)
	if err != nil {
		return os.IsNotExist(err)
	}
	return !os.SameFile(ours, there)
}

// publish makes a server that says it listens ready, after one connection.
func (s *supervisor) publish(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, connectWait)
	defer cancel()
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return s.failed("Spark Connect says that it listens at "+address+", but nobody answers there", "check for a firewall on the loopback")
	}
	c.Close()
	s.mu.Lock()
	ui := s.uiPort
	s.mu.Unlock()
	if ui != "" && s.pages != nil {
		s.pages.show(ui)
	}
	if err := ownPort(address); err != nil {
		return s.failed(err.Error(), "end the other program, or drop spark.connect.grpc.binding.port: a free port is chosen then")
	}
	s.hub.phase("Spark Connect is listening")
	server := s.hub.update(func(v *Server) {
		v.State, v.Address, v.Token, v.API = Ready, address, s.token, s.pages.api()
	})
	server.Attached, server.Clients = nil, 0 // of the moment: Status asks for them
	s.register(server)
	return nil
}

// failed is a start that went wrong, with the log's end.
func (s *supervisor) failed(cause, advice string) *StartError {
	return &StartError{Cause: cause, Advice: advice, LogTail: s.lastLines(), LogPath: s.folder.file(logName)}
}

// died explains the end of the JVM.
func (s *supervisor) died(j *jvm, ready bool) error {
	known := siteSymptoms(s.profile.Advice, symptoms())
	if ready {
		known = fatal() // the log of a server is full of errors of queries that did not end it
	}
	cause, advice := explain(known, s.lastLines(), j.exit)
	if err := s.log.failure(); err != nil && diskFull(err) {
		cause, advice = "the disk is full", "free some space"
	}
	if !ready {
		return s.failed(cause, advice)
	}
	return &GoneError{Reason: "the server ended: " + cause, Advice: advice}
}

// diskFull reports whether an error says that there is no space.
func diskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
