package docs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A link to a file of the project, or to one of its headings, leads there.
func TestLinksLeadSomewhere(t *testing.T) {
	unlessAdopted(t)
	for _, p := range pages(t) {
		for _, link := range p.links() {
			if strings.Contains(link, "://") {
				continue
			}
			path, anchor, _ := strings.Cut(link, "#")
			target := p.file
			if path != "" {
				target = filepath.Join(filepath.Dir(p.file), path)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", p.file, link, err)
			} else if anchor != "" && !slices.Contains(read(t, target).anchors(), anchor) {
				t.Errorf("%s links to %s, and there is no such heading", p.file, link)
			}
		}
	}
}
