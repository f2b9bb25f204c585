package lock

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// Whoever comes second waits, until the first is done or somebody interrupts.
func TestTake(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	release, err := Take(t.Context(), file, func() { t.Error("the first one waits") })
	if err != nil {
		t.Fatal(err)
	}
	because := errors.New("interrupted")
	ctx, interrupt := context.WithCancelCause(t.Context())
	if _, err := Take(ctx, file, func() { interrupt(because) }); !errors.Is(err, because) {
		t.Errorf("an interrupted wait ends with %v", err)
	}
	began := time.Now()
	second, err := Take(t.Context(), file, func() { time.AfterFunc(100*time.Millisecond, release) })
	if err != nil || time.Since(began) < 100*time.Millisecond {
		t.Errorf("the second one got it after %s, error %v", time.Since(began), err)
	}
	second()
}
