package main

import (
	"context"
	"os"
	"sync"

	"example.com/hello-world/supplier/engine"
	"example.com/hello-world/supplier/hugepages"
	"example.com/hello-world/supplier/supply"
)

// lanes supply at the same time. Nothing is built as long as it may turn out that
// something else can be had neither by download nor by building.
type lanes struct {
	*supply.Supplier

	sure  chan struct{} // closed once everything can be had
	close sync.Once

	pages     *hugepages.Setting
	hugePages bool // while something is built
}

func newLanes(supplier *supply.Supplier) *lanes {
	l := &lanes{Supplier: supplier, sure: make(chan struct{}), pages: hugepages.OfMachine(), hugePages: hugepages.Wanted()}
	l.end()                    // for a run that was killed
	if engine.IsDebianRoot() { // where all of it can be built
		l.nothingElseCanBeMissing()
	}
	return l
}

// end puts back the machine's setting.
func (l *lanes) end() {
	if os.Geteuid() != 0 {
		return
	}
	if err := l.pages.Restore(); err != nil {
		l.Say("transparent huge pages: as they are, since %v", err)
	}
}

func (l *lanes) nothingElseCanBeMissing() { l.close.Do(func() { close(l.sure) }) }

// lane fetches artefacts, so many at a time, and builds the rest once that is
// of use.
func (l *lanes) lane(ctx context.Context, artefacts []supply.Artefact, atOnce int) error {
	missing, err := fetch(ctx, l.Supplier, artefacts, atOnce)
	if err != nil {
		return err
	}
	select {
	case <-l.sure:
		return l.build(ctx, missing)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin has memory come in huge pages where that is wanted.
func (l *lanes) begin() {
	if !l.hugePages {
		return
	}
	said, err := l.pages.Use()
	if err != nil {
		l.Say("transparent huge pages: as they are, since %v", err)
	}
	if said != "" {
		l.Say("%s", said)
	}
}

func (l *lanes) build(ctx context.Context, missing []supply.Missing) error {
	if len(missing) > 0 {
		l.begin()
	}
	l.Plan(missing)
	return build(ctx, l.Supplier, missing)
}
