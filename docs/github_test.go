package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// Dependencies are kept up to date in every folder with a go.mod.
func TestEveryModuleIsUpdated(t *testing.T) {
	var config struct {
		Updates []struct {
			Ecosystem   string   `yaml:"package-ecosystem"`
			Directories []string `yaml:"directories"`
		} `yaml:"updates"`
	}
	const file = "../.github/dependabot.yml"
	if _, err := os.Stat(file); err != nil {
		unlessAdopted(t)
	}
	if err := yaml.Unmarshal([]byte(contents(t, file)), &config); err != nil {
		t.Fatal(err)
	}
	var modules []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == ".git" || path == "../bin") {
			return fs.SkipDir
		}
		if err == nil && entry.Name() == "go.mod" {
			modules = append(modules, filepath.Join("/", filepath.Dir(path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(modules)
	for _, update := range config.Updates {
		if update.Ecosystem == "gomod" && slices.Equal(update.Directories, modules) {
			return
		}
	}
	t.Errorf("dependabot.yml must have these directories for gomod: %q", modules)
}

var pinned = regexp.MustCompile(`^[^@]+@[0-9a-f]{40}$`)

// Actions are pinned by commit: a tag can be moved to other code.
func TestActionsArePinned(t *testing.T) {
	files, err := filepath.Glob("../.github/workflows/*.yml")
	if len(files) == 0 {
		unlessAdopted(t)
	}
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no workflow: %v", err)
	}
	for _, file := range files {
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct {
					Uses string `yaml:"uses"`
				} `yaml:"steps"`
			} `yaml:"jobs"`
		}
		if err := yaml.Unmarshal([]byte(contents(t, file)), &workflow); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if step.Uses != "" && !strings.HasPrefix(step.Uses, "./") && !pinned.MatchString(step.Uses) {
					t.Errorf("%s uses %s, which is not pinned by a full commit", file, step.Uses)
				}
			}
		}
	}
}
