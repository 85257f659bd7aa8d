package notebook

import (
	"context"
	"maps"
	"slices"
	"strings"

	"gospark/launcher/profile"
	"gospark/magic"
)

// commConf are the settings of the notebook's session.
type commConf struct {
	Settings []commSetConf `json:"settings"`
	// Unset are documented keys that have their default, and can be set.
	Unset []string `json:"unset,omitempty"`
}

type commSetConf struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	// Fixed says that it was set at the start of the server, and stays.
	Fixed  bool `json:"fixed,omitempty"`
	Hidden bool `json:"hidden,omitempty"`
}

// commChange sets and takes back settings of the session.
type commChange struct {
	Set   map[string]string `json:"set,omitempty"`
	Unset []string          `json:"unset,omitempty"`
}

// commChanged names the keys that Spark took without knowing them.
type commChanged struct {
	Unknown []string `json:"unknown,omitempty"`
}

// commConf tells the session's settings; without a session there are none.
func (n *Notebook) commConf(ctx context.Context, _ commNone) (commConf, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return commConf{}, errNoServer
	}
	all, err := s.session.Conf().All(ctx)
	if err != nil {
		return commConf{}, err
	}
	documented := profile.Catalogue()
	keys := slices.Collect(maps.Keys(all))
	for _, o := range documented {
		keys = append(keys, o.Key)
	}
	free, err := s.session.Conf().Modifiable(ctx, keys...)
	if err != nil {
		return commConf{}, err
	}
	settable := map[string]bool{}
	for _, key := range free {
		settable[key] = true
	}
	out := commConf{Settings: []commSetConf{}}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		// Spark takes any key that is not its own.
		one := commSetConf{Key: key, Value: all[key], Fixed: !settable[key] && strings.HasPrefix(key, "spark."), Hidden: secretKey.MatchString(key)}
		if one.Hidden {
			one.Value = ""
		}
		out.Settings = append(out.Settings, one)
	}
	for _, o := range documented {
		if _, set := all[o.Key]; !set && settable[o.Key] {
			out.Unset = append(out.Unset, o.Key)
		}
	}
	return out, nil
}

// commSetConf is %spark conf with settings.
func (n *Notebook) commSetConf(ctx context.Context, c commChange) (commChanged, error) {
	s, _ := n.spark.peek()
	if s.stage != ready {
		return commChanged{}, errNoServer
	}
	wanted := magic.SparkConf{Unset: c.Unset}
	for _, key := range slices.Sorted(maps.Keys(c.Set)) {
		wanted.Set = append(wanted.Set, magic.Setting{Key: key, Value: c.Set[key]})
	}
	unknown, err := change(ctx, s.session.Conf(), wanted)
	out := commChanged{Unknown: unknown}
	if err != nil {
		return out, err
	}
	n.kept.noteConf(s.epoch, wanted)
	return out, nil
}
