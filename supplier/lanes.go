package main

import (
	"context"
	"os"
	"sync"

	"example.com/hello-world/supplier/engine"
	"example.com/hello-world/supplier/hugepages"
	"example.com/hello-world/supplier/supply"
)

// lanes supply at the same time. They build nothing before it is certain that each
// artefact can be downloaded or built.
type lanes struct {
	*supply.Supplier

	checked chan struct{} // closed when that is certain
	close   sync.Once

	pages     *hugepages.Setting
	hugePages bool // use them for builds
}

func newLanes(supplier *supply.Supplier) *lanes {
	l := &lanes{Supplier: supplier, checked: make(chan struct{}), pages: hugepages.OfMachine(), hugePages: hugepages.Wanted()}
	l.end()                    // for a run that was killed
	if engine.IsDebianRoot() { // which can build everything
		l.nothingElseCanBeMissing()
	}
	return l
}

// end restores the machine's setting.
func (l *lanes) end() {
	if os.Geteuid() != 0 {
		return
	}
	if err := l.pages.Restore(); err != nil {
		l.Say("transparent huge pages: not restored: %v", err)
	}
}

func (l *lanes) nothingElseCanBeMissing() { l.close.Do(func() { close(l.checked) }) }

// lane fetches artefacts, atOnce at a time, then waits for the other lanes' downloads
// and builds what is missing.
func (l *lanes) lane(ctx context.Context, artefacts []supply.Artefact, atOnce int) error {
	missing, err := fetch(ctx, l.Supplier, artefacts, atOnce)
	if err != nil {
		return err
	}
	select {
	case <-l.checked:
		return l.build(ctx, missing)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// begin turns on huge pages if they are wanted.
func (l *lanes) begin() {
	if !l.hugePages {
		return
	}
	said, err := l.pages.Use()
	if err != nil {
		l.Say("transparent huge pages: not changed: %v", err)
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
