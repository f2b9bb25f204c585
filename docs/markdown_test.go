// Package docs tests the Markdown pages at the top of the project and in this folder.
package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/mod/modfile"
)

// unlessAdopted skips the test in a project that somebody has made their own: its pages are theirs to write. `make adopt`
// renames the program's module, but not those of the supplier.
func unlessAdopted(t *testing.T) {
	t.Helper()
	program := modfile.ModulePath([]byte(contents(t, "../go.mod")))
	supplier := modfile.ModulePath([]byte(contents(t, "../supplier/modules/kind/go.mod")))
	if !strings.HasPrefix(supplier, program+"/") {
		t.Skip("the pages of " + program + " are its own")
	}
}

// page is a Markdown file.
type page struct {
	file   string
	blocks []string // the fenced code blocks, each with the language in its first line
	prose  string   // the rest
}

var fence = regexp.MustCompile("(?ms)^```(.*?)^```$")

func read(t *testing.T, file string) page {
	t.Helper()
	text := contents(t, file)
	p := page{file: file, prose: fence.ReplaceAllString(text, "```")}
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		p.blocks = append(p.blocks, block[1])
	}
	return p
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pages returns all pages.
func pages(t *testing.T) (all []page) {
	t.Helper()
	for _, pattern := range []string{"../*.md", "*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no %s: %v", pattern, err)
		}
		for _, file := range files {
			all = append(all, read(t, file))
		}
	}
	return all
}

var linkTarget = regexp.MustCompile(`\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"`)

// links returns the targets of the page's links and pictures, as they are written.
func (p page) links() (targets []string) {
	for _, found := range linkTarget.FindAllStringSubmatch(p.prose, -1) {
		targets = append(targets, found[1]+found[2])
	}
	return targets
}

var heading = regexp.MustCompile(`(?m)^#+ (.*)$`)

// anchors returns the names that GitHub gives the page's headings.
func (p page) anchors() (names []string) {
	for _, found := range heading.FindAllStringSubmatch(p.prose, -1) {
		names = append(names, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, found[1]))
	}
	return names
}
