package notebook

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"gospark/display"
	"gospark/launcher"
	"gospark/launcher/profile"
	"gospark/magic"
	"gospark/render"
)

// first is the target that a notebook begins with. A profile that cannot be used
// is told by the first cell that needs it.
func (n *Notebook) first(o Options) target {
	if o.Remote != "" {
		return target{URL: o.Remote, Profile: launcher.Profile{Name: o.Profile, Master: o.Master, Idle: o.Idle}}
	}
	set := profile.Load(n.profiles)
	name := cmp.Or(o.Profile, set.Default())
	if at, locked := set.DefaultLocked(); locked && name != set.Default() {
		n.log.Warn("the profile is chosen by an administrator", "profile", set.Default(), "file", at.String())
		name = set.Default()
	}
	t, err := n.named(name)
	if err != nil {
		return target{Profile: launcher.Profile{Name: name}, wrong: err}
	}
	if o.Master != "" {
		t.Profile.Master, t.custom = o.Master, true
	}
	t.Profile.Idle = cmp.Or(t.Profile.Idle, o.Idle)
	return t
}

// named is the target of a profile. One that no file names is the server of that
// name with Spark's own settings, if no other was meant.
func (n *Notebook) named(name string) (target, error) {
	return n.withBundles(name, nil)
}

// withBundles is named with other bundles than the files switch on; nil leaves
// that to the files.
func (n *Notebook) withBundles(name string, bundles []string) (target, error) {
	set := profile.Load(n.profiles)
	p, err := profileWith(set, name, bundles)
	unknown := (*profile.UnknownError)(nil)
	switch {
	case errors.As(err, &unknown) && unknown.Nearest == "":
		return target{Profile: launcher.Profile{Name: name, Advice: set.Advice}}, nil
	case err != nil:
		return target{}, err
	case p.Engine() == profile.EngineRemote:
		return target{URL: p.Address(), Fresh: p.Remote, Profile: launcher.Profile{Name: p.Name}}, nil
	}
	server, err := p.Launch()
	return target{Profile: server, custom: bundles != nil}, err
}

// profileWith is a profile with these bundles in place of those that its files
// switch on; nil leaves that to the files.
func profileWith(set *profile.Set, name string, bundles []string) (*profile.Profile, error) {
	if bundles == nil {
		return set.Profile(name)
	}
	return set.With(name, bundles)
}

// profileCommand is %spark profile.
func (n *Notebook) profileCommand(ctx context.Context, r *run, c magic.SparkProfile) (*display.Bundle, error) {
	now, _ := n.spark.peek()
	switch c.Action {
	case "use":
		return n.start(ctx, r, magic.SparkStart{Profile: c.Name})
	case "show":
		return n.showProfile(cmp.Or(c.Name, profileName(now.target)))
	case "save":
		if now.target.URL != "" {
			return nil, errRemote
		}
		file, err := profile.Save(n.profiles, c.Name, now.target.Profile.Master, now.target.Profile.Conf)
		if err != nil {
			return nil, err
		}
		return text("saved as profile " + c.Name + " in " + file), nil
	}
	set := profile.Load(n.profiles)
	p := render.Panel{Title: "Profiles", State: render.Neutral}
	for _, name := range set.Names(false) {
		one, err := set.Profile(name)
		if err != nil {
			return nil, err
		}
		what := cmp.Or(one.Values["title"].Text, one.Values["url"].Shown(), one.Values["master"].Shown(), "local[*]")
		if name == profileName(now.target) {
			what += " (this notebook's)"
		}
		p.Rows = append(p.Rows, render.Entry{Key: name, Value: what})
	}
	for _, wrong := range set.Problems {
		p.Notes = append(p.Notes, wrong.Error())
	}
	p.Notes = append(p.Notes, "`%spark profile use NAME` starts or joins one, `%spark profile show NAME` shows its settings")
	panel := render.Status(p)
	return &panel, nil
}

// showProfile shows the settings of a profile and where they come from.
func (n *Notebook) showProfile(name string) (*display.Bundle, error) {
	p, err := profile.Load(n.profiles).Profile(name)
	if err != nil {
		return nil, err
	}
	panel := render.Panel{Title: "Profile " + p.Name, Notes: []string{"`gospark profile edit` in a terminal changes it"}}
	for _, key := range p.Names() {
		v := p.Values[key]
		panel.Rows = append(panel.Rows, render.Entry{Key: key, Value: fmt.Sprintf("%s  (%s)", v.Shown(), v.Origin)})
	}
	shown := render.Status(panel)
	return &shown, nil
}
