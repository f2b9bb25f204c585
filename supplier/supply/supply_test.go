package supply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestOrder(t *testing.T) {
	refused := errors.New("wrong checksum: refused")
	for name, test := range map[string]struct {
		present  bool
		download error
		steps    []string // the steps that must run
		fails    error
	}{
		"already there":         {present: true},
		"downloaded":            {steps: []string{"download"}},
		"no route":              {download: fmt.Errorf("example.com: %w", ErrNoRoute), steps: []string{"download", "build"}},
		"not there":             {download: fmt.Errorf("example.com: %w", ErrNotThere), steps: []string{"download", "build"}},
		"refused, so not built": {download: refused, steps: []string{"download"}, fails: refused},
	} {
		t.Run(name, func(t *testing.T) {
			var steps []string
			var out bytes.Buffer
			supplier := Supplier{Out: &out, Logs: t.TempDir()}
			err := supplier.Supply(t.Context(), Artefact{
				Name:    "tool v1",
				Present: func(context.Context) (bool, error) { return test.present, nil },
				Download: func(context.Context, io.Writer, func(string)) error {
					steps = append(steps, "download")
					return test.download
				},
				Build: func(context.Context, io.Writer) error {
					steps = append(steps, "build")
					return nil
				},
			})
			if !errors.Is(err, test.fails) {
				t.Errorf("the error is %v, want %v", err, test.fails)
			}
			if !slices.Equal(steps, test.steps) {
				t.Errorf("steps are %q, want %q", steps, test.steps)
			}
			if !strings.Contains(out.String(), "tool v1: ") {
				t.Errorf("progress does not name the artefact: %q", out.String())
			}
		})
	}
}

// An artefact is not missing just because the look for it was interrupted.
func TestInterruptedLookIsNoReasonToBuild(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	supplier := Supplier{Out: io.Discard, Logs: t.TempDir()}
	err := supplier.Supply(ctx, Artefact{
		Name:    "Docker Engine",
		Present: func(context.Context) (bool, error) { interrupt(); return false, nil },
		Build:   func(context.Context, io.Writer) error { t.Error("it is built"); return nil },
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}

func TestFailedBuildNamesTheLogWithWhatToolsSaid(t *testing.T) {
	supplier := Supplier{Out: io.Discard, Logs: t.TempDir()}
	err := supplier.Supply(t.Context(), Artefact{
		Name:    "kindest/node:v1",
		Present: func(context.Context) (bool, error) { return false, nil },
		Build: func(_ context.Context, log io.Writer) error {
			io.WriteString(log, "undefined: x")
			return errors.New("exit status 1")
		},
	})
	log := filepath.Join(supplier.Logs, "kindest-node-v1.log")
	if err == nil || !strings.Contains(err.Error(), log) {
		t.Errorf("the error does not name %s: %v", log, err)
	}
	if said, err := os.ReadFile(log); err != nil || string(said) != "undefined: x" {
		t.Errorf("the log holds %q, error %v", said, err)
	}
}

func TestCacheEntryIsWholeOrAbsent(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	entry := cache.Entry("tool", "pins")
	write := func(scratch string) error {
		return os.WriteFile(filepath.Join(scratch, "tool"), nil, 0o755)
	}

	interrupted := errors.New("interrupted")
	err := entry.Fill(func(scratch string) error { return errors.Join(write(scratch), interrupted) })
	if !errors.Is(err, interrupted) {
		t.Errorf("the error is %v, want the one of the step", err)
	}
	if present, err := entry.Present(); present || err != nil {
		t.Errorf("a failed step left an entry: present %v, error %v", present, err)
	}
	if left, err := os.ReadDir(cache.Dir); len(left) > 0 || err != nil {
		t.Errorf("a failed step left %v in the cache, error %v", left, err)
	}

	// Twice, as two runs at the same time may.
	for range 2 {
		if err := entry.Fill(write); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(entry.Path("tool")); err != nil {
		t.Error(err)
	}
	if present, err := cache.Entry("tool", "other pins").Present(); present || err != nil {
		t.Errorf("other pins find the same entry: present %v, error %v", present, err)
	}
}

func TestScratchFoldersOfKilledRunsAreRemoved(t *testing.T) {
	cache := Cache{Dir: t.TempDir()}
	if err := os.Mkdir(filepath.Join(cache.Dir, ".partial-killed"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := cache.Entry("one").Fill(func(mine string) error {
		// A second run leaves the first one's folder alone.
		return cache.Entry("other").Fill(func(string) error {
			left, err := filepath.Glob(filepath.Join(cache.Dir, ".partial-*"))
			if len(left) != 2 || !slices.Contains(left, mine) {
				t.Errorf("the scratch folders are %q, want %s and one more", left, mine)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(cache.Dir, ".partial-*")); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}
