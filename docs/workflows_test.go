package docs

import (
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is what matters here about a file in .github/workflows.
type workflow struct {
	On          any
	Permissions map[string]string
	Concurrency map[string]any
	Jobs        map[string]struct {
		Needs       string
		Environment string
		Permissions any
	}

	text string // without comments
}

// workflows returns the workflows by the names of their files.
func workflows(t *testing.T) map[string]workflow {
	t.Helper()
	files, err := filepath.Glob("../.github/workflows/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no workflow: %v", err)
	}
	found := map[string]workflow{}
	for _, file := range files {
		var w workflow
		var all any
		for _, into := range []any{&w, &all} {
			if err := yaml.Unmarshal([]byte(contents(t, file)), into); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		}
		text, err := yaml.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		w.text = string(text)
		found[filepath.Base(file)] = w
	}
	return found
}

var opens = regexp.MustCompile(`\b(secrets|environment)\b`)

// What opens production is there for what is pushed to main, and for nothing else: a pull request, and any other branch, may
// change what a workflow runs.
func TestOnlyMainGetsSecrets(t *testing.T) {
	onMain := map[string]any{"push": map[string]any{"branches": []any{"main"}}}
	for name, w := range workflows(t) {
		if found := opens.FindString(w.text); found != "" && !reflect.DeepEqual(w.On, onMain) {
			t.Errorf("%s runs on %v and has %s", name, w.On, found)
		}
	}
}

// The token of a workflow, which every step can read, cannot change the repository.
func TestWorkflowsOnlyRead(t *testing.T) {
	for name, w := range workflows(t) {
		if !reflect.DeepEqual(w.Permissions, map[string]string{"contents": "read"}) {
			t.Errorf("%s has the permissions %v", name, w.Permissions)
		}
		for job, of := range w.Jobs {
			if of.Permissions != nil {
				t.Errorf("the job %s of %s has the permissions %v of its own", job, name, of.Permissions)
			}
		}
	}
}

// What is deployed has passed all tests, and no newer push cuts it short.
func TestMainIsTestedBeforeItIsDeployed(t *testing.T) {
	main := workflows(t)["main.yml"]
	deploy := main.Jobs["deploy"]
	if _, tested := main.Jobs["test"]; !tested || deploy.Needs != "test" || deploy.Environment != "production" {
		t.Errorf("the jobs of main.yml are %+v", main.Jobs)
	}
	if main.Concurrency["group"] == nil || main.Concurrency["cancel-in-progress"] != nil {
		t.Errorf("the concurrency of main.yml is %v", main.Concurrency)
	}
}
