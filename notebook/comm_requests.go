package notebook

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	"gospark/launcher"
	"gospark/launcher/profile"
	"gospark/magic"
)

// commFailure finds the words for an error.
func (n *Notebook) commFailure(ctx context.Context, err error) *commFailure {
	f := n.failure(ctx, &run{}, err)
	out := &commFailure{Name: f.Name, Message: f.Message, Advice: f.Advice, Details: f.Details}
	if inUse := (*launcher.InUseError)(nil); errors.As(err, &inUse) {
		out.InUse = n.commClients(inUse.Clients)
	}
	return out
}

// commStatus describes the connection as it is now. It asks nobody.
func (n *Notebook) commStatus(ctx context.Context) commStatus {
	s, _ := n.spark.peek()
	c := commStatus{State: s.stage.String(), Running: n.running.count(), Ended: n.running.ended(), Profile: profileName(s.target),
		Custom: s.target.custom, Remote: withoutParameters(s.target.URL)}
	switch s.stage {
	case connecting:
		c.Seconds = time.Since(s.since).Seconds()
		for _, p := range s.phases {
			c.Phases = append(c.Phases, commPhase{Text: p.Text, Seconds: p.Elapsed.Seconds()})
		}
		if len(c.Phases) == 0 {
			c.Phases = []commPhase{{Text: phaseOf(s)}}
		}
	case failed, lost:
		c.Failure = n.commFailure(ctx, s.err)
	case ready:
		c.Session = s.session.ID()
		c.Server = &commServer{Address: withoutParameters(s.target.URL), Remote: true}
		if s.lease != nil {
			server := s.lease.Server()
			c.Server = &commServer{
				Address: "sc://" + server.Address, Master: server.Master, Profile: server.Profile,
				Version: server.SparkVersion, UI: server.UI, Differs: s.lease.Differs(),
			}
		}
	}
	return c
}

func (n *Notebook) commOptions(context.Context, commNone) (commOptions, error) {
	return commOptions{Options: profile.Catalogue()}, nil
}

// commStart is %spark start, but nobody waits: the status tells how it goes. A
// profile that is named is taken as its files have it, without what the notebook
// gave it before; where nothing is said the notebook goes on to what it wanted.
func (n *Notebook) commStart(ctx context.Context, c commStart) (commNone, error) {
	now, _ := n.spark.peek()
	want, err := n.commWanted(now.target, c)
	if err != nil {
		return commNone{}, err
	}
	if now.stage == ready && now.target.URL == "" && want.URL == "" && profileName(now.target) == profileName(want) {
		if c.Master != "" && c.Master != now.lease.Server().Master || len(c.Conf) > 0 || c.Bundles != nil {
			return commNone{}, errServerRuns
		}
		return commNone{}, nil
	}
	_, err = n.spark.connect(ctx, want)
	return commNone{}, err
}

func (n *Notebook) commWanted(now target, c commStart) (target, error) {
	if c.Profile == "" && c.Master == "" && len(c.Conf) == 0 {
		next, err := n.again(now)
		next.Session, next.Own = now.Session, now.Own
		return next, err
	}
	begin := now
	if c.Profile != "" {
		var err error
		if begin, err = n.withBundles(c.Profile, c.Bundles); err != nil || begin.URL != "" {
			return begin, err
		}
		begin.Profile.Idle = cmp.Or(begin.Profile.Idle, now.Profile.Idle)
	}
	start := magic.SparkStart{Master: c.Master}
	for _, key := range slices.Sorted(maps.Keys(c.Conf)) {
		start.Conf = append(start.Conf, magic.Setting{Key: key, Value: c.Conf[key]})
	}
	return n.wanted(begin, start)
}

func (n *Notebook) commConnect(ctx context.Context, c commConnect) (commNone, error) {
	now, _ := n.spark.peek()
	_, err := n.spark.connect(ctx, target{URL: c.URL, Profile: now.target.Profile})
	return commNone{}, err
}

// commCancelStart gives the attempt up. The server that starts for nobody else
// is stopped, too.
func (n *Notebook) commCancelStart(ctx context.Context, _ commNone) (commNone, error) {
	now, _ := n.spark.peek()
	if now.stage != connecting {
		return commNone{}, nil
	}
	if err := n.spark.disconnect(ctx); err != nil {
		return commNone{}, err
	}
	if now.target.URL != "" {
		return commNone{}, nil
	}
	err := launcher.Stop(ctx, n.spark.launch, profileName(now.target), false, 0)
	if inUse := (*launcher.InUseError)(nil); errors.As(err, &inUse) || errors.Is(err, launcher.ErrNotRunning) {
		err = nil
	}
	return commNone{}, err
}

func (n *Notebook) commDisconnect(ctx context.Context, _ commNone) (commNone, error) {
	return commNone{}, n.spark.disconnect(ctx)
}

// commLog reads on in a log.
func (n *Notebook) commLog(ctx context.Context, c commLog) (commLogPart, error) {
	now, _ := n.spark.peek()
	if c.Profile == "" && now.target.URL != "" {
		return commLogPart{}, errRemote
	}
	match, err := regexp.Compile(c.Match)
	if err != nil {
		return commLogPart{}, fmt.Errorf("match: %w", err)
	}
	for {
		part, err := launcher.ReadLog(ctx, n.spark.launch, cmp.Or(c.Profile, profileName(now.target)), c.After)
		if err != nil {
			return commLogPart{}, err
		}
		out := commLogPart{Text: string(matching(part.Text, match, c.Match)), Next: part.Next, Gap: part.Gap, Left: part.Left}
		if out.Text != "" || part.Left > 0 {
			return out, nil
		}
		c.After = part.Next
	}
}

// matching keeps the lines that match.
func matching(text []byte, match *regexp.Regexp, pattern string) []byte {
	if pattern == "" {
		return text
	}
	var kept []byte
	for line := range bytes.Lines(text) {
		if match.Match(line) {
			kept = append(kept, line...)
		}
	}
	return kept
}
