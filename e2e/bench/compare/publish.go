package compare

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// Publish writes what was measured into docs/benchmark.md and docs/benchmark.svg of the checkout, and prints it.
func Publish(root string, rows []Row, took time.Duration) error {
	table := table(rows)
	page := fmt.Sprintf(`# Benchmark

Written by %s on %s: %s, %s. The run took %.0f minutes. Medians of several rounds in turns; in brackets, how many times ours
it is. "Without preview" is %s. [Where the time goes](performance.md).

%s
![the same as bars](benchmark.svg)

## All figures

%s`, "`make bench`", time.Now().Format(time.DateOnly), machine(), runtime.Version(), took.Minutes(),
		"`pulumi up --skip-preview`", table, figures(rows))

	docs := filepath.Join(root, "docs")
	plot, err := plot(rows)
	err = errors.Join(err,
		os.MkdirAll(docs, 0o755),
		os.WriteFile(filepath.Join(docs, "benchmark.md"), []byte(page), 0o644),
		os.WriteFile(filepath.Join(docs, "benchmark.svg"), plot, 0o644))
	fmt.Printf("\n%s\nin docs/benchmark.md and docs/benchmark.svg, after %s; `go test ./docs` says which figures of the READMEs to change\n",
		table, took.Round(time.Second))
	return err
}

// machine says what the figures were measured on.
func machine() string {
	kernel, _ := exec.Command("uname", "-sr").Output()
	return fmt.Sprintf("%d cores, %s", runtime.NumCPU(), bytes.TrimSpace(kernel))
}
