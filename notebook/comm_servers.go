package notebook

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"

	"gospark/launcher"
	"gospark/launcher/profile"
	"gospark/magic"
)

// States of a server that does not run; launcher has those of one that does.
const (
	serverStopped   = "stopped"
	serverFailed    = "failed"
	serverElsewhere = "elsewhere"
)

// errElsewhere refuses to start what gospark does not start.
var errElsewhere = errors.New("the server of this profile runs elsewhere: gospark connects to it and does not start it")

// commServers looks at the servers of all profiles of the user.
func (n *Notebook) commServers(ctx context.Context, s state) commReport {
	r := commReport{Servers: []commProfileServer{}}
	running, err := launcher.Status(ctx, n.spark.launch)
	if err != nil {
		r.Problem = err.Error()
	}
	set := profile.Load(n.profiles)
	names := set.Names(false)
	if s.target.URL == "" {
		names = append(names, profileName(s.target))
	}
	for _, server := range running {
		names = append(names, server.Profile)
	}
	slices.Sort(names)
	broken := brokenProfiles(set)
	for _, name := range slices.Compact(names) {
		if at := slices.IndexFunc(running, func(server launcher.Server) bool { return server.Profile == name }); at >= 0 {
			r.Servers = append(r.Servers, n.runningServer(s, running[at]))
			continue
		}
		r.Servers = append(r.Servers, n.restingServer(s, set, name, broken[name]))
	}
	return r
}

// runningServer describes a server that runs or starts.
func (n *Notebook) runningServer(s state, server launcher.Server) commProfileServer {
	return commProfileServer{
		Profile: server.Profile, State: server.State, Address: server.Address, Master: server.Master,
		Spark: server.SparkVersion, Java: server.JavaVersion, Started: server.Started, Memory: server.Memory,
		Idle: max(server.Idle.Seconds(), -1), Clients: n.commClients(server.Attached),
		Mine: s.stage == ready && s.lease != nil && s.lease.Server().Generation == server.Generation,
	}
}

// restingServer describes the server of a profile where none of this machine runs.
func (n *Notebook) restingServer(s state, set *profile.Set, name, broken string) commProfileServer {
	one := commProfileServer{Profile: name, State: serverStopped, Clients: []commClient{}}
	if p, err := set.Profile(name); err == nil {
		one.Master = p.Values["master"].Shown()
		if p.Engine() == profile.EngineRemote {
			one.State, one.Address = serverElsewhere, withoutParameters(p.Address())
			one.Mine = s.stage == ready && one.Address != "" && withoutParameters(s.target.URL) == one.Address
		}
	}
	if broken != "" {
		one.State, one.Why = serverFailed, broken
	}
	if one.State != serverStopped {
		return one
	}
	why, at, err := launcher.Ended(n.spark.launch, name)
	if why = cmp.Or(why, err); why != nil {
		words, _ := serverWords(nil, why)
		one.State, one.Why, one.Ended = serverFailed, cmp.Or(words.Message, why.Error()), at
	}
	return one
}

// commClients describes who is connected.
func (n *Notebook) commClients(all []launcher.Client) []commClient {
	out := make([]commClient, 0, len(all))
	for _, c := range all {
		out = append(out, commClient{Name: cmp.Or(c.Name, "a notebook"), PID: c.PID, Session: c.Session, Mine: c.PID == os.Getpid()})
	}
	return out
}

// uses reports whether a profile's server is the one that s has, or is about to have.
func (s state) uses(name string) bool {
	return s.target.URL == "" && profileName(s.target) == name && (s.stage == ready || s.stage == connecting)
}

// commStartServer starts the server of a profile, as its files have it, and waits
// until it is ready; the notebook stays where it is.
func (n *Notebook) commStartServer(ctx context.Context, c commStartServer) (commNone, error) {
	want, err := n.named(c.Profile)
	if err == nil && want.URL != "" {
		err = errElsewhere
	}
	if err != nil {
		return commNone{}, err
	}
	now, _ := n.spark.peek()
	want.Profile.Idle = cmp.Or(want.Profile.Idle, now.target.Profile.Idle)
	lease, err := launcher.Attach(ctx, n.spark.launch, want.Profile, nil)
	if err != nil {
		return commNone{}, err
	}
	return commNone{}, lease.Close()
}

// commStop is %spark stop, or ends the server of a profile that this notebook does
// not use.
func (n *Notebook) commStop(ctx context.Context, c commForce) (commNone, error) {
	if now, _ := n.spark.peek(); c.Profile == "" || now.uses(c.Profile) {
		_, err := n.stopServer(ctx, magic.SparkStop{Force: c.Force})
		return commNone{}, err
	}
	err := launcher.Stop(ctx, n.spark.launch, c.Profile, c.Force, launcher.DefaultDrain)
	if errors.Is(err, launcher.ErrNotRunning) {
		err = nil
	}
	return commNone{}, err
}

// commRestart is %spark restart; nobody waits for the new server. The one of a
// profile that this notebook does not use starts for nobody.
func (n *Notebook) commRestart(ctx context.Context, c commForce) (commNone, error) {
	now, _ := n.spark.peek()
	if c.Profile != "" && !now.uses(c.Profile) {
		if _, err := n.commStop(ctx, c); err != nil {
			return commNone{}, err
		}
		return n.commStartServer(ctx, commStartServer{Profile: c.Profile})
	}
	next, err := n.again(now.target)
	if err != nil {
		return commNone{}, err
	}
	if now.target.URL == "" {
		if _, err := n.stopServer(ctx, magic.SparkStop{Force: c.Force}); err != nil {
			return commNone{}, err
		}
	}
	_, err = n.spark.connect(ctx, next)
	return commNone{}, err
}
