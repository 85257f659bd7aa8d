package launcher

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// A reader hears every line once, whole, over rotations; one that was away for
// too long is told so.
func TestReadLogGoesOnAfterRotations(t *testing.T) {
	o := Options{RuntimeDir: t.TempDir() + "/run", Env: []string{}}
	f, err := openFolder(o, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	log := openLog(f, 4000)
	defer log.close()
	var at LogPlace
	var heard strings.Builder
	for i := range 201 {
		fmt.Fprintf(logWriter{log}, "line %03d of the server's log, long enough to fill files\n", i)
		if i%7 == 3 {
			at = readMore(t, o, at, &heard)
		}
	}
	at = readMore(t, o, at, &heard)
	lines := strings.Split(strings.TrimSuffix(heard.String(), "\n"), "\n")
	if len(lines) != 201 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, line := range lines {
		if !strings.HasPrefix(line, fmt.Sprintf("line %03d ", i)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	log.write([]byte("half a line"))
	ctx, cancel := context.WithTimeout(t.Context(), 3*readPoll)
	defer cancel()
	if part, err := ReadLog(ctx, o, "p", at); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%q, %v", part.Text, err)
	}
	for range 300 {
		log.write([]byte(", and it goes on for longer than two files of the log hold\n"))
	}
	part, err := ReadLog(t.Context(), o, "p", at)
	if err != nil || !part.Gap || len(part.Text) == 0 {
		t.Errorf("%+v, %v", part.Next, err)
	}
}

// logWriter writes to a log.
type logWriter struct{ log *logFile }

func (w logWriter) Write(b []byte) (int, error) { w.log.write(b); return len(b), nil }

// readMore reads up to the present end.
func readMore(t *testing.T, o Options, at LogPlace, into *strings.Builder) LogPlace {
	t.Helper()
	for {
		part, err := ReadLog(t.Context(), o, "p", at)
		if err != nil || part.Gap {
			t.Fatalf("%+v, %v", part, err)
		}
		into.Write(part.Text)
		if at = part.Next; part.Left == 0 {
			return at
		}
	}
}

// A profile that never had a server is waited for.
func TestReadLogWaitsForAServer(t *testing.T) {
	o := Options{RuntimeDir: t.TempDir() + "/run", Env: []string{}}
	read := make(chan LogPart)
	go func() {
		part, err := ReadLog(t.Context(), o, "p", LogPlace{})
		if err != nil {
			t.Error(err)
		}
		read <- part
	}()
	f, err := openFolder(o, "p")
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	log := openLog(f, logLimit)
	defer log.close()
	log.write([]byte("the first line of the first server\n"))
	if part := <-read; string(part.Text) != "the first line of the first server\n" || part.Next.Offset != 35 {
		t.Errorf("%+v", part)
	}
}
