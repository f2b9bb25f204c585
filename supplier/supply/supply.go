// Package supply makes artefacts exist under their public names: a tool in a bin folder,
// an image in Docker. One rule holds for all:
//
//	already there → download → build from source
//
// so that nothing downstream has to know where an artefact came from.
package supply

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"example.com/hello-world/supplier/progress"
)

// The two download errors that lead on to building. Any other, such as a wrong checksum or a bad certificate, stops the supply.
var (
	ErrNoRoute  = errors.New("no route to the publisher")
	ErrNotThere = errors.New("not there")
)

// LeadsOn reports whether a download error leads on to building.
func LeadsOn(err error) bool { return errors.Is(err, ErrNoRoute) || errors.Is(err, ErrNotThere) }

// Artefact is one thing that must exist.
type Artefact struct {
	// Name, with the version, is for progress lines.
	Name string
	// WhyBuilt says why it is built if it is not published anywhere.
	WhyBuilt string
	// TypicalTime is how long Build takes on two cores with cold caches.
	TypicalTime time.Duration
	// Present reports whether it is already there.
	Present func(context.Context) (bool, error)
	// Download fetches it; nil if it is not published anywhere. The output of tools
	// goes to log. progress takes how far it is, in a few words ("3 of 47 MB").
	Download func(ctx context.Context, log io.Writer, progress func(string)) error
	// Unpinned says that the project does not say by content what Download fetches.
	Unpinned bool
	// Buildable says why it cannot be built here; nil if it can be built anywhere.
	Buildable func() error
	// Build makes it from Go modules and Debian packages.
	Build func(ctx context.Context, log io.Writer) error
}

// Supplier supplies artefacts and shows its progress.
type Supplier struct {
	// Out receives the progress.
	Out io.Writer
	// Style says how to show it.
	Style progress.Style
	// Logs is the folder for the output of tools, one file per artefact.
	Logs string

	mutex    sync.Mutex
	underWay []*step
	shown    int // lines of what is under way that the terminal shows
	plan     plan
}

// Supply makes sure that a exists. If a step fails, the error names the log file with its output; the call can be repeated.
func (s *Supplier) Supply(ctx context.Context, a Artefact) error {
	missing, err := s.Fetch(ctx, a)
	if missing == nil || err != nil {
		return err
	}
	return s.Build(ctx, *missing)
}

// Missing is an artefact that is not there and cannot be downloaded.
type Missing struct {
	Artefact
	why string
}

// Unbuildable says why it cannot be built here either, and what to do; nil if it can.
func (m Missing) Unbuildable() error {
	if m.Buildable == nil {
		return nil
	}
	if err := m.Buildable(); err != nil {
		return fmt.Errorf("%s: %s, and %w", m.Name, m.why, err)
	}
	return nil
}

// Fetch makes sure that a exists if it is there already or can be downloaded. Otherwise it returns what has to be built.
func (s *Supplier) Fetch(ctx context.Context, a Artefact) (*Missing, error) {
	present, err := a.Present(ctx)
	if err == nil {
		err = ctx.Err() // an interrupted look may say that it is not there
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.Name, err)
	}
	if present {
		if !s.Style.Terminal { // which shows only what is new
			s.Say("%s: already there", a.Name)
		}
		return nil, nil
	}
	if a.Download == nil {
		return &Missing{a, cmp.Or(a.WhyBuilt, "not found")}, nil
	}
	log, err := createLog(s.Logs, a.Name)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	download := s.begin(a.Name+": downloading", "", "")
	err = a.Download(ctx, log, download.progress)
	took := s.end(download)
	if LeadsOn(err) {
		return &Missing{a, err.Error()}, nil
	}
	if err != nil {
		return nil, failure(a.Name, err, log.Name())
	}
	if a.Unpinned {
		took += "; its checksum is not in this repository"
	}
	s.Say("%s: downloaded in %s", a.Name, took)
	return nil, nil
}

// Build builds what could not be downloaded.
func (s *Supplier) Build(ctx context.Context, m Missing) error {
	if err := m.Unbuildable(); err != nil {
		return err
	}
	log, err := createLog(s.Logs, m.Name)
	if err != nil {
		return err
	}
	defer log.Close()
	s.say(s.Style.Missed(m.Name + ": " + m.why))
	build := s.begin(m.Name+": building", " from source", ", usually "+progress.Span(m.TypicalTime))
	err = m.Artefact.Build(ctx, log)
	took := s.end(build)
	if err != nil {
		return failure(m.Name, err, log.Name())
	}
	s.mutex.Lock()
	left := s.plan.ended(m)
	s.mutex.Unlock()
	if left != "" && !s.Style.Terminal { // which shows it anyway
		took += "; " + left
	}
	s.Say("%s: built in %s", m.Name, took)
	return nil
}

// Say reports that a step has ended.
func (s *Supplier) Say(format string, args ...any) {
	s.say(s.Style.Ended(fmt.Sprintf(format, args...)))
}

// step is a step under way.
type step struct {
	what, usually string
	started       time.Time
	ended         chan struct{}
	reached       atomic.Value // how far it is, a string
}

func (s *step) progress(text string) { s.reached.Store(", " + text) }

func (s *step) soFar() string {
	reached, _ := s.reached.Load().(string)
	return s.what + ", " + progress.Span(time.Since(s.started)) + " so far" + reached + s.usually
}

// begin announces a step, with more words than later, and reports its progress until it
// ends: on a terminal once a second, elsewhere once a minute.
func (s *Supplier) begin(what, more, usually string) *step {
	begun := &step{what: what, usually: usually, started: time.Now(), ended: make(chan struct{})}
	s.mutex.Lock()
	s.underWay = append(s.underWay, begun)
	s.mutex.Unlock()

	again, tell := time.Minute, func(text string) { s.say(s.Style.UnderWay(text)) }
	if s.Style.Terminal {
		again, tell = time.Second, func(string) { s.say("") }
	}
	tell(what + more + usually)
	go func() {
		ticker := time.NewTicker(again)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				tell(begun.soFar())
			case <-begun.ended:
				return
			}
		}
	}()
	return begun
}

// end ends a step, and returns how long it took.
func (s *Supplier) end(ended *step) string {
	close(ended.ended)
	s.mutex.Lock()
	s.underWay = slices.DeleteFunc(s.underWay, func(other *step) bool { return other == ended })
	s.mutex.Unlock()
	if s.Style.Terminal {
		s.say("")
	}
	return progress.Span(time.Since(ended.started))
}

// say writes lines that stay, and on a terminal the steps under way below them. It writes
// once, so that lines of concurrent steps stay whole.
func (s *Supplier) say(lines string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.Style.Terminal {
		var underWay string
		for _, step := range s.underWay {
			underWay += s.Style.UnderWay(step.soFar())
		}
		if left := s.plan.left(); left != "" {
			underWay += s.Style.UnderWay(left)
		}
		lines, s.shown = progress.Replaced(s.shown, lines, underWay), strings.Count(underWay, "\n")
	}
	io.WriteString(s.Out, lines)
}

func failure(name string, err error, log string) error {
	return fmt.Errorf("%s: %w\n  the output of the tools is in %s", name, err, log)
}
