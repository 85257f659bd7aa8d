package notebook

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"gospark/launcher/profile"
)

// commProfiles lists what may be started.
type commProfiles struct {
	Default  string             `json:"default"`
	Locked   string             `json:"locked,omitempty"` // the file that keeps notebooks with the default
	Profiles []commProfileEntry `json:"profiles"`
	Problems []string           `json:"problems,omitempty"`
}

type commProfileEntry struct {
	Name   string `json:"name"`
	Title  string `json:"title,omitempty"`
	About  string `json:"about,omitempty"`
	Engine string `json:"engine"`
	Master string `json:"master,omitempty"` // or the address of a remote one
	Broken string `json:"broken,omitempty"` // why it cannot be used
}

// commProfileName asks for one profile.
type commProfileName struct {
	Name    string   `json:"name"`
	Bundles []string `json:"bundles,omitempty"` // in place of those that its files switch on; nil: those
}

// commProfile is one profile with the origin of each of its settings.
type commProfile struct {
	Name     string        `json:"name"`
	Settings []commSetting `json:"settings"`
	Bundles  []commBundle  `json:"bundles"` // that may be switched on in it
	// BundlesLocked is the file that keeps the bundles as they are.
	BundlesLocked string `json:"bundles_locked,omitempty"`
}

// commBundle is settings under one name.
type commBundle struct {
	Name     string        `json:"name"`
	Title    string        `json:"title,omitempty"`
	About    string        `json:"about,omitempty"`
	On       bool          `json:"on,omitempty"` // the profile's files switch it on
	Broken   string        `json:"broken,omitempty"`
	Settings []commSetting `json:"settings"`
}

type commSetting struct {
	Name   string   `json:"name"` // conf.KEY and env.NAME for those of tables
	Value  string   `json:"value"`
	Origin string   `json:"origin"` // file:line
	Layer  string   `json:"layer,omitempty"`
	Bundle string   `json:"bundle,omitempty"`
	Locked bool     `json:"locked,omitempty"`
	Hidden bool     `json:"hidden,omitempty"`
	Over   []string `json:"over,omitempty"` // files and lines whose values it took the place of
}

func (n *Notebook) commProfiles(context.Context, commNone) (commProfiles, error) {
	set := profile.Load(n.profiles)
	out := commProfiles{Default: set.Default(), Profiles: []commProfileEntry{}}
	if at, locked := set.DefaultLocked(); locked {
		out.Locked = at.String()
	}
	for _, p := range set.Problems {
		out.Problems = append(out.Problems, p.Error())
	}
	broken := brokenProfiles(set)
	for _, name := range set.Names(false) {
		p, err := set.Profile(name)
		if err != nil {
			return out, err
		}
		v := p.Values
		out.Profiles = append(out.Profiles, commProfileEntry{
			Name: name, Title: v["title"].Shown(), About: v["about"].Shown(), Engine: p.Engine(),
			Master: cmp.Or(p.Address(), v["master"].Shown()), Broken: broken[name],
		})
	}
	return out, nil
}

// brokenProfiles says why profiles cannot be used, by name.
func brokenProfiles(set *profile.Set) map[string]string {
	broken := map[string]string{}
	for _, p := range set.Problems {
		if !p.Mild && p.About != "" && broken[p.About] == "" {
			broken[p.About] = p.Error()
		}
	}
	return broken
}

// commProfile tells a profile's settings, with the bundles that its files switch on
// or with those that are asked for, and which bundles there are.
func (n *Notebook) commProfile(_ context.Context, c commProfileName) (commProfile, error) {
	set := profile.Load(n.profiles)
	p, err := profileWith(set, c.Name, c.Bundles)
	if err != nil {
		return commProfile{}, err
	}
	out := commProfile{Name: p.Name, Settings: commSettings(p.Values), Bundles: []commBundle{}}
	if at, locked := set.BundlesLocked(c.Name); locked {
		out.BundlesLocked = at.String()
	}
	bundles, err := set.Bundles(c.Name)
	if err != nil {
		return out, err
	}
	for _, b := range bundles {
		one := commBundle{Name: b.Name, Title: b.Values["title"].Text, About: b.Values["about"].Text, On: b.On}
		if b.Broken != nil {
			one.Broken = b.Broken.Error()
		}
		for _, name := range []string{"title", "about", "profiles"} {
			delete(b.Values, name)
		}
		one.Settings = commSettings(b.Values)
		out.Bundles = append(out.Bundles, one)
	}
	return out, nil
}

// commSettings lists values by name; what is hidden stays so.
func commSettings(values map[string]profile.Value) []commSetting {
	out := []commSetting{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		one := commSetting{
			Name: name, Value: v.Shown(), Origin: v.Origin.String(), Layer: string(v.Layer), Bundle: v.Bundle,
			Locked: v.Locked, Hidden: v.Hidden,
		}
		for _, o := range v.Over {
			one.Over = append(one.Over, o.String())
		}
		out = append(out, one)
	}
	return out
}
