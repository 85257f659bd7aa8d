package profile

import (
	"fmt"
	"maps"
	"slices"

	"gospark/nearest"
)

// A Bundle is settings under one name that may be switched on in a profile.
type Bundle struct {
	Name string
	// On says that the profile's files switch it on.
	On bool
	// Values are by name, as those of a [Profile].
	Values map[string]Value
	// Broken is why it cannot be used; nil where it can.
	Broken *Problem
}

// BundleError says that a bundle cannot be switched on in a profile.
type BundleError struct {
	Bundle, Profile string
	Nearest         string // the bundle that was meant, where there is none of that name
}

// Error names the bundle that was meant.
func (e *BundleError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("the profile %s has no bundle %s", e.Profile, e.Bundle)
	}
	return fmt.Sprintf("the profile %s has no bundle %s; did you mean %s?", e.Profile, e.Bundle, e.Nearest)
}

// Bundles lists what may be switched on in a profile: first what its files switch
// on, in their order, then the others by name.
func (s *Set) Bundles(name string) ([]Bundle, error) {
	own := s.profiles[name]
	if own == nil {
		return nil, s.unknown(name)
	}
	var out []Bundle
	on := own.settings["bundles"].List
	for _, b := range append(slices.Clone(on), slices.Sorted(maps.Keys(s.bundles))...) {
		bundle := s.bundles[b]
		if bundle == nil || !bundle.fits(name) || slices.ContainsFunc(out, func(o Bundle) bool { return o.Name == b }) {
			continue
		}
		one := Bundle{Name: b, On: slices.Contains(on, b), Values: map[string]Value{}, Broken: bundle.broken}
		for key, v := range bundle.settings {
			v.Hidden = own.hides(key)
			one.Values[key] = v
		}
		out = append(out, one)
	}
	return out, nil
}

// BundlesLocked says who keeps a profile's bundles as they are.
func (s *Set) BundlesLocked(name string) (Origin, bool) {
	own := s.profiles[name]
	if own == nil {
		return Origin{}, false
	}
	return own.lockedBy("bundles")
}

// With is a profile with these bundles in place of those that its files switch on.
func (s *Set) With(name string, bundles []string) (*Profile, error) {
	there, err := s.Bundles(name)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, b := range there {
		names = append(names, b.Name)
	}
	for _, b := range bundles {
		at := slices.Index(names, b)
		if at < 0 {
			return nil, &BundleError{Bundle: b, Profile: name, Nearest: nearest.Of(b, names)}
		}
		if there[at].Broken != nil {
			return nil, there[at].Broken
		}
	}
	return s.made(s.profiles[name], bundles), nil
}
