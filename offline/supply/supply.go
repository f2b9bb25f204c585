// Package supply makes artefacts exist under their public names: a tool in a
// bin folder, an image in Docker. The rule is the same for each of them:
//
//	already there → download → build from source
//
// so that nothing downstream has to know where an artefact came from.
package supply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrUnreachable says that an artefact cannot be had from where it is
// published: no route, or not published there. It is the one download error
// that leads on to building; any other (a truncated file, a wrong checksum)
// stops the supply.
var ErrUnreachable = errors.New("cannot be reached")

// Artefact is one thing that must exist.
type Artefact struct {
	// Name is what progress lines call it, with its version.
	Name string
	// Usually is how long Build takes on two cores with cold caches.
	Usually time.Duration
	// Present reports whether it is already there.
	Present func(context.Context) (bool, error)
	// Download fetches it; nil where nobody publishes it. The output of tools
	// goes to log.
	Download func(ctx context.Context, log io.Writer) error
	// Build makes it from Go modules and Debian packages.
	Build func(ctx context.Context, log io.Writer) error
}

// Supplier supplies artefacts and tells its progress.
type Supplier struct {
	// Out receives a line for each step that somebody may wait for.
	Out io.Writer
	// Logs is the folder for the output of tools, one file an artefact.
	Logs string
}

// Supply makes sure that a exists. An error names the log file that holds the
// output of the step that failed; the same call may be made again.
func (s *Supplier) Supply(ctx context.Context, a Artefact) error {
	present, err := a.Present(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", a.Name, err)
	}
	if present {
		s.say("%s: already there", a.Name)
		return nil
	}
	log, err := createLog(s.Logs, a.Name)
	if err != nil {
		return err
	}
	defer log.Close()

	why := "not published"
	if a.Download != nil {
		s.say("%s: downloading", a.Name)
		took, err := timed(func() error { return a.Download(ctx, log) })
		if err == nil {
			s.say("%s: downloaded in %s", a.Name, took)
			return nil
		}
		if !errors.Is(err, ErrUnreachable) {
			return failure(a.Name, err, log.Name())
		}
		why = err.Error()
	}

	s.say("%s: %s; building from source, usually %s", a.Name, why, a.Usually)
	stop := s.heartbeat(a)
	took, err := timed(func() error { return a.Build(ctx, log) })
	stop()
	if err != nil {
		return failure(a.Name, err, log.Name())
	}
	s.say("%s: built in %s", a.Name, took)
	return nil
}

// heartbeat says once a minute that a is still being built, until stop is called.
func (s *Supplier) heartbeat(a Artefact) (stop func()) {
	started := time.Now()
	ticker := time.NewTicker(time.Minute)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				s.say("%s: still building, %s so far, usually %s", a.Name, round(time.Since(started)), a.Usually)
			case <-done:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done) }
}

func (s *Supplier) say(format string, args ...any) {
	// One write a line keeps the lines of concurrent artefacts whole.
	io.WriteString(s.Out, fmt.Sprintf("  "+format+"\n", args...))
}

func timed(step func() error) (time.Duration, error) {
	started := time.Now()
	err := step()
	return round(time.Since(started)), err
}

func round(d time.Duration) time.Duration { return d.Round(time.Second) }

func failure(name string, err error, log string) error {
	return fmt.Errorf("%s: %w\n  what the tools said is in %s", name, err, log)
}
