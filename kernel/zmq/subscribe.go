package zmq

import "errors"

// Bounds of subscriptions.
const (
	maxSubscription  = 4096     // bytes of one
	maxSubscriptions = 1024     // topics of one peer
	maxTopics        = 64 << 10 // and their bytes
)

var errTopics = errors.New("it subscribes to too many topics")

// subscriptions are those of one peer.
type subscriptions struct {
	topics   map[string]int // how often each was subscribed to and not cancelled
	bytes    int            // of the topics
	latest   []byte         // topic that zmq4 is about to note, to be welcomed
	pending  bool           // latest is set
	welcomed bool
}

// subscription takes the message of a subscriber (ZMTP 3.0): 1 or 0, and a topic.
// Others mean nothing to a publisher.
func (p *peer) subscription(body []byte) error {
	if len(body) == 0 || body[0] > 1 {
		return nil
	}
	return p.subscribe(body[0] == 1, body[1:])
}

// subscribe gives zmq4 a subscription, or its end. A topic that was subscribed to
// twice has to be cancelled twice, which zmq4 does not count. What zmq4 sends on
// the first one is held back until the welcome stands before it.
func (p *peer) subscribe(on bool, topic []byte) error {
	s := &p.subs
	if !on {
		if s.cancel(string(topic)) {
			p.in = appendFrame(nil, 0, append([]byte{0}, topic...))
		}
		return nil
	}
	if err := s.add(string(topic)); err != nil {
		return err
	}
	p.in = appendFrame(nil, 0, append([]byte{1}, topic...))
	p.standing.Store(true)
	s.latest, s.pending = topic, true
	if !s.welcomed {
		p.out.hold()
	}
	return nil
}

// add notes a subscription.
func (s *subscriptions) add(topic string) error {
	if s.topics == nil {
		s.topics = make(map[string]int)
	}
	if s.topics[topic]++; s.topics[topic] == 1 {
		s.bytes += len(topic)
	}
	if len(s.topics) > maxSubscriptions || s.bytes > maxTopics {
		return errTopics
	}
	return nil
}

// cancel takes one back and reports whether it was the topic's last.
func (s *subscriptions) cancel(topic string) bool {
	n := s.topics[topic]
	if n > 1 {
		s.topics[topic] = n - 1
	}
	if n != 1 {
		return false
	}
	delete(s.topics, topic)
	s.bytes -= len(topic)
	return true
}

// welcome greets the last subscription. zmq4 has noted it by now: it does so
// before it reads on.
func (p *peer) welcome() {
	s := &p.subs
	if !s.pending {
		return
	}
	s.pending = false
	var b []byte
	if f := p.g.welcome; f != nil {
		b = appendMessage(nil, f(s.latest))
	}
	if s.welcomed {
		_ = p.queue(p.out.put(b))
		return
	}
	s.welcomed = true
	p.out.release(b)
}
