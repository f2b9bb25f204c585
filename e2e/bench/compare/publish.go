package compare

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Between these the READMEs quote the table.
const (
	quoteBegins = "<!-- written by make bench -->\n"
	quoteEnds   = "<!-- end of what make bench writes -->\n"
)

// Publish writes what was measured into the files of the checkout, and prints it.
func Publish(root string, rows []Row, took time.Duration) error {
	table := table(rows)
	page := fmt.Sprintf(`# Benchmark

Written by %s on %s: %s, %s. The run took %.0f minutes.

%s
![the same as bars](benchmark.svg)

## All figures

%s`, "`make bench`", time.Now().Format(time.DateOnly), machine(), runtime.Version(), took.Minutes(), table, figures(rows))

	docs := filepath.Join(root, "docs")
	plot, err := plot(rows)
	err = errors.Join(err,
		os.MkdirAll(docs, 0o755),
		os.WriteFile(filepath.Join(docs, "benchmark.md"), []byte(page), 0o644),
		os.WriteFile(filepath.Join(docs, "benchmark.svg"), plot, 0o644),
		quote(filepath.Join(root, "README.md"), table),
		quote(filepath.Join(root, "README.zh-CN.md"), table))
	fmt.Printf("\n%s\nin docs/benchmark.md, docs/benchmark.svg and the READMEs, after %s\n", table, took.Round(time.Second))
	return err
}

// machine says what the figures were measured on.
func machine() string {
	kernel, _ := exec.Command("uname", "-sr").Output()
	return fmt.Sprintf("%d cores, %s", runtime.NumCPU(), bytes.TrimSpace(kernel))
}

// quote puts the table between the marks in the file.
func quote(file, table string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), quoteBegins)
	_, after, ends := strings.Cut(rest, quoteEnds)
	if !begins || !ends {
		return fmt.Errorf("%s has no room for the table between %q and %q", file, quoteBegins, quoteEnds)
	}
	return os.WriteFile(file, []byte(before+quoteBegins+table+quoteEnds+after), 0o644)
}
