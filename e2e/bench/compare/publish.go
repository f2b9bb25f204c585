package compare

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"text/template"
	"time"
)

//go:embed page.md
var page string

// Publish writes what was measured into docs/benchmark.md of the checkout, and prints it.
func Publish(root string, rows []Row, took time.Duration) error {
	table := table(rows)
	fmt.Printf("\n%s\nin docs/benchmark.md, after %s; `go test ./docs` says which figures of the READMEs to change\n",
		table, took.Round(time.Second))
	parsed, err := template.New("page").Parse(page)
	if err != nil {
		return err
	}
	var text strings.Builder
	err = parsed.Execute(&text, map[string]string{
		"Date": time.Now().Format(time.DateOnly), "Machine": machine(), "Minutes": fmt.Sprintf("%.0f", took.Minutes()), "Table": table,
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "docs", "benchmark.md"), []byte(text.String()), 0o644)
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
