package docs

import (
	"strings"
	"testing"
)

// The Go code on docs/adopt.md is a part of a program that a scenario runs.
func TestCodeRuns(t *testing.T) {
	unlessAdopted(t)
	words := func(code string) string { return strings.Join(strings.Fields(code), " ") }
	program, shown := words(contents(t, "../e2e/several/main.go")), 0
	for _, block := range read(t, "adopt.md").blocks {
		if code, isGo := strings.CutPrefix(block, "go\n"); isGo {
			shown++
			if !strings.Contains(program, words(code)) {
				t.Errorf("e2e/several/main.go does not have this:\n%s", code)
			}
		}
	}
	if shown == 0 {
		t.Error("the page shows no code")
	}
}
