package launcher

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// endingName is the file that keeps how the last server of a profile ended,
// until the next one starts.
const endingName = "ended.json"

// ending is what that file holds; one of Failed and Gone is set.
type ending struct {
	Time   time.Time   `json:"time"`
	Failed *StartError `json:"failed,omitempty"`
	Gone   *GoneError  `json:"gone,omitempty"`
}

// errSilent is what is known where nobody was left to write it down.
var errSilent = &GoneError{Reason: "the server ended without a word: its supervisor was killed, or the machine was restarted"}

// noteEnding keeps why the server ended, unless somebody wanted it to.
func (s *supervisor) noteEnding(err error) {
	var wanted *stopped
	if errors.As(err, &wanted) {
		return
	}
	told := endOf(err)
	e := ending{Time: time.Now(), Failed: told.Failed, Gone: told.Gone}
	if e.Failed != nil {
		short := *e.Failed
		short.LogTail = nil // the log has it
		e.Failed = &short
	}
	b, err := json.Marshal(e)
	if err == nil {
		err = s.folder.write(endingName, b)
	}
	if err != nil {
		s.options.Log.Warn("how the server ended was not kept", "error", err)
	}
}

// Ended says why the server of a profile, of which none runs, did not start or
// ended although nobody wanted it to, a *StartError or a *GoneError, and when; the
// zero time where nobody knows. why is nil where nothing is wrong.
func Ended(o Options, profile string) (why error, at time.Time, err error) {
	f, err := openExisting(o.withDefaults(), profile)
	if errors.Is(err, ErrNotRunning) {
		return nil, at, nil
	}
	if err != nil {
		return nil, at, err
	}
	defer f.close()
	b, err := f.root.ReadFile(endingName)
	if errors.Is(err, fs.ErrNotExist) {
		why, err = f.silent()
		return why, at, err
	}
	var e ending
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	switch {
	case err != nil:
		return nil, at, fmt.Errorf("read %s: %w", f.file(endingName), err)
	case e.Failed != nil:
		return e.Failed, e.Time, nil
	case e.Gone != nil:
		return e.Gone, e.Time, nil
	}
	return nil, at, nil
}

// silent reports, by the registry that is left, a server that was killed together
// with its supervisor.
func (f *folder) silent() (why, err error) {
	if _, err := f.root.Stat(registryName); err != nil {
		return nil, nil
	}
	if held, err := f.held(aliveLock); held || err != nil {
		return nil, err
	}
	return errSilent, nil
}
