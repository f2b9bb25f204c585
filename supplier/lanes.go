package supplier

import (
	"context"
	"sync"

	"example.com/hello-world/supplier/bare/engine"
	"example.com/hello-world/supplier/bare/kernel"
	"example.com/hello-world/supplier/supply"
)

// lanes supply at the same time. They build nothing before it is certain that each artefact can be downloaded or built.
type lanes struct {
	*supply.Supplier
	tuned *kernel.Tuning // for builds

	checked chan struct{} // closed when that is certain
	close   sync.Once
}

func newLanes(supplier *supply.Supplier) *lanes {
	l := &lanes{Supplier: supplier, tuned: kernel.NewTuning(supplier, kernel.HugePages()), checked: make(chan struct{})}
	if engine.IsDebianRoot() { // which can build everything
		l.allChecked()
	}
	return l
}

func (l *lanes) allChecked() { l.close.Do(func() { close(l.checked) }) }

// lane fetches artefacts, atOnce at a time, then waits for the other lanes' downloads and builds what is missing.
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

func (l *lanes) build(ctx context.Context, missing []supply.Missing) error {
	if len(missing) > 0 {
		l.tuned.Begin()
	}
	l.Plan(missing)
	return build(ctx, l.Supplier, missing)
}
