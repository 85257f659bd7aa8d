package doctor

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"gospark/launcher"
	"gospark/launcher/profile"
)

// Bundle writes a zip file for a bug report: the checks, the profiles, and of
// each server its state and logs. Secrets are left out: values that are hidden,
// and the tokens and keys of the servers wherever they stand.
func Bundle(ctx context.Context, w io.Writer, o Options) error {
	o = o.withDefaults()
	files := map[string][]byte{}
	put := func(name string, v any) error {
		b, err := json.MarshalIndent(v, "", "  ")
		files[name] = b
		return err
	}
	set := profile.Load(o.Profiles)
	profiles := map[string]*profile.Profile{}
	for _, name := range set.Names(true) {
		p, err := set.Profile(name)
		if err != nil {
			return err
		}
		profiles[name] = p
	}
	err := errors.Join(put("doctor.json", Run(ctx, o)), put("profiles.json", profiles), put("problems.json", set.Problems))
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	state, err := launcher.Report(o.Launch)
	if err != nil {
		return err
	}
	maps.Copy(files, state)
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()})
		if err == nil {
			_, err = f.Write(files[name])
		}
		if err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	return z.Close()
}
