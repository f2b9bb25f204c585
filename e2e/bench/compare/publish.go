package compare

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"time"
)

const page = `# Benchmark

Written by %s on %s: %s. The run took %.0f minutes.

Each cell begins with how many times the floor that took, or ours where there is no floor; in brackets, the median, the least
and the most of several rounds in turns. The floor is what takes part in any way of doing the same:

- of a %s, that of a program that declares nothing
- of scaling, that and %s
- of an edit, that and %s of the server, the push of its layer, and a rollout of the same Deployment
- of a save, the same without %s
- of a request, a bare handler of net/http that answers the same

Helm and ko deploy copies of the same objects. "By hand" is what people write first. [Where the time goes](performance.md).

%s`

// Publish writes what was measured into docs/benchmark.md of the checkout, and prints it.
func Publish(root string, rows []Row, took time.Duration) error {
	table := table(rows)
	text := fmt.Sprintf(page, "`make bench`", time.Now().Format(time.DateOnly), machine(), took.Minutes(),
		"`pulumi up`", "`kubectl scale`", "`go build`", "`pulumi up`", table)
	fmt.Printf("\n%s\nin docs/benchmark.md, after %s; `go test ./docs` says which figures of the READMEs to change\n",
		table, took.Round(time.Second))
	return os.WriteFile(filepath.Join(root, "docs", "benchmark.md"), []byte(text), 0o644)
}

// machine says what the figures were measured on. Most of a command's start is first touch of memory, so the size of
// pages counts.
func machine() string {
	kernel, _ := exec.Command("uname", "-sr").Output()
	pages := "unknown"
	said, _ := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled")
	if selected := regexp.MustCompile(`\[(.*)\]`).FindSubmatch(said); selected != nil {
		pages = string(selected[1])
	}
	return fmt.Sprintf("%d cores, %s, transparent huge pages: %s, %s", runtime.NumCPU(), bytes.TrimSpace(kernel), pages, runtime.Version())
}
