package profile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const bundled = `[profile.p]
bundles = ["late", "early"]
hidden = ["conf.spark.site.*"]
locked = ["bundles"]
[profile.q]
[bundle.early.conf]
"spark.driver.extraJavaOptions" = { value = "-De", concatenate = " " }
[bundle.late.conf]
"spark.driver.extraJavaOptions" = "-Dl"
[bundle.any]
title = "For all"
[bundle.any.conf]
"spark.site.key" = "k"
[bundle.elsewhere]
profiles = ["q"]
[bundle.wrong]
nonsense = 1
`

// What may be switched on in a profile, and what it makes of the profile.
func TestBundles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "etc/gospark/profiles.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(bundled), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Load(Options{Root: dir, Env: []string{}})
	there, err := s.Bundles("p")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, b := range there {
		told = append(told, fmt.Sprint(b.Name, " ", b.On, " ", b.Broken != nil, " ", b.Values["conf.spark.site.key"].Shown()))
	}
	want := []string{"late true false ", "early true false ", "any false false (hidden)", "wrong false true "}
	if fmt.Sprintf("%q", told) != fmt.Sprintf("%q", want) {
		t.Errorf("%q\nwant %q", told, want)
	}
	for _, c := range []struct {
		bundles []string
		want    string
	}{{nil, ""}, {[]string{"late", "early"}, "-Dl -De"}, {[]string{"late"}, "-Dl"}} {
		p, err := s.With("p", c.bundles)
		if err != nil || p.Values["conf.spark.driver.extraJavaOptions"].Text != c.want {
			t.Errorf("%q: %+v, %v", c.bundles, p, err)
		}
	}
	var none *BundleError
	if _, err := s.With("p", []string{"elsewhere"}); !errors.As(err, &none) {
		t.Errorf("one of another profile: %v", err)
	}
	if _, err := s.With("p", []string{"erly"}); !errors.As(err, &none) || none.Nearest != "early" {
		t.Errorf("a misspelt one: %v", err)
	}
	var wrong *Problem
	if _, err := s.With("p", []string{"wrong"}); !errors.As(err, &wrong) {
		t.Errorf("a broken one: %v", err)
	}
	var unknown *UnknownError
	if _, err := s.With("r", nil); !errors.As(err, &unknown) {
		t.Errorf("in no profile: %v", err)
	}
	if _, locked := s.BundlesLocked("p"); !locked {
		t.Error("they are not locked")
	}
	if _, locked := s.BundlesLocked("q"); locked {
		t.Error("those of another profile are locked")
	}
}
