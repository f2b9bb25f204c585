package docs

import (
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
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
		If          string
		Environment string
		Permissions any
		Outputs     map[string]string
		Steps       []struct {
			ID        string
			Uses, Run string
			With      map[string]any
			Env       map[string]string
		}
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

// What opens production is there for what is on main, when it is pushed or at its hour, and for nothing else: a pull request, and
// any other branch, may change what a workflow runs.
func TestOnlyMainGetsSecrets(t *testing.T) {
	onMain := map[string]any{"push": map[string]any{"branches": []any{"main"}}}
	for name, w := range workflows(t) {
		on, _ := w.On.(map[string]any)
		atItsHour := len(on) == 1 && on["schedule"] != nil // always what is on main
		if found := opens.FindString(w.text); found != "" && !reflect.DeepEqual(w.On, onMain) && !atItsHour {
			t.Errorf("%s runs on %v and has %s", name, w.On, found)
		}
	}
}

// proposes is the only workflow that may change the repository: it opens pull requests.
const proposes = "pins.yml"

// mayWrite are the permissions of a job of these workflows; no other has any of its own.
var mayWrite = map[string]any{
	proposes:    map[string]any{"contents": "write", "pull-requests": "write"},
	"drift.yml": map[string]any{"contents": "read", "issues": "write"},
}

// The token of a workflow, which every step can read, cannot change the repository.
func TestWorkflowsOnlyRead(t *testing.T) {
	for name, w := range workflows(t) {
		if !reflect.DeepEqual(w.Permissions, map[string]string{"contents": "read"}) {
			t.Errorf("%s has the permissions %v", name, w.Permissions)
		}
		for job, of := range w.Jobs {
			if !reflect.DeepEqual(of.Permissions, mayWrite[name]) {
				t.Errorf("the job %s of %s has the permissions %v of its own", job, name, of.Permissions)
			}
		}
	}
}

// What may change the repository does so in one job, which runs what is in main, by itself, once a week or when somebody asks
// for it. It keeps the token from all steps but the last.
func TestPullRequestsAreOpenedFromMain(t *testing.T) {
	w := workflows(t)[proposes]
	on, _ := w.On.(map[string]any)
	_, weekly := on["schedule"]
	if byHand, there := on["workflow_dispatch"]; !weekly || !there || byHand != nil || len(on) != 2 {
		t.Errorf("%s runs on %v", proposes, w.On)
	}
	job, there := w.Jobs["pin"]
	if !there || len(w.Jobs) != 1 {
		t.Fatalf("the jobs of %s are %+v", proposes, w.Jobs)
	}
	if job.If != "github.ref == 'refs/heads/main'" {
		t.Errorf("%s runs if %q", proposes, job.If)
	}
	var runs []string
	for _, step := range job.Steps {
		if step.Run != "" {
			runs = append(runs, step.Run)
		}
		if step.Env["GH_TOKEN"] != "" && step.Run != "scripts/pins.sh" {
			t.Errorf("%s has the token in %+v", proposes, step)
		}
		if strings.HasPrefix(step.Uses, "actions/checkout@") && !reflect.DeepEqual(step.With, map[string]any{"persist-credentials": false}) {
			t.Errorf("%s checks out with %v", proposes, step.With)
		}
	}
	if want := []string{"make bin/ship", "bin/ship tools pin", "scripts/pins.sh"}; !reflect.DeepEqual(runs, want) {
		t.Errorf("%s runs %q, not %q", proposes, runs, want)
	}
	if tokens := strings.Count(w.text, "token"); tokens != 1 {
		t.Errorf("%s has the token %d times", proposes, tokens)
	}
}

// Every night, the cluster is compared with main. That changes nothing.
func TestDriftIsSeen(t *testing.T) {
	drift := workflows(t)["drift.yml"]
	runs := ""
	for _, step := range drift.Jobs["compare"].Steps {
		if !strings.Contains(step.Run, "gh issue") {
			runs += step.Run
		}
	}
	const want = `image=$(pulumi stack output image)
pulumi config set image "$image"
pulumi preview --refresh --expect-no-changes --diff --non-interactive
`
	if runs != want {
		t.Errorf("it runs %s", runs)
	}
}

// What is deployed has passed all tests of its commit. It is built once, for the first stack, and production gets the same image,
// with an environment's approval. No newer push cuts that short.
func TestMainIsTestedBuiltOnceAndPromoted(t *testing.T) {
	main := workflows(t)["main.yml"]
	if len(main.Jobs) != 3 || main.Concurrency["group"] == nil || main.Concurrency["cancel-in-progress"] != nil {
		t.Errorf("main.yml has %d jobs, and the concurrency %v", len(main.Jobs), main.Concurrency)
	}
	for name, want := range map[string]struct{ needs, is, environment, runs string }{
		"test": {"", "", "", "sudo sysctl fs.inotify.max_user_instances=512\nmake test\n"},
		"build": {"test", "vars.PULUMI_FIRST_STACK != '' && vars.PULUMI_STACK != ''", "staging", `pulumi up --non-interactive --yes
image=$(pulumi stack output image)
echo "image=$image" >>"$GITHUB_OUTPUT"
`},
		"deploy": {"build", "", "production", `pulumi config set image "$IMAGE"
pulumi up --non-interactive --yes
`},
	} {
		job := main.Jobs[name]
		if job.Needs != want.needs || job.If != want.is || job.Environment != want.environment {
			t.Errorf("the job %s needs %q, runs if %q, and has the environment %q", name, job.Needs, job.If, job.Environment)
		}
		runs := ""
		for _, step := range job.Steps {
			if step.Run != "" {
				runs += strings.TrimSuffix(step.Run, "\n") + "\n"
			}
			// Without a ref, it is the commit of the push.
			if strings.HasPrefix(step.Uses, "actions/checkout@") && !reflect.DeepEqual(step.With, map[string]any{"persist-credentials": false}) {
				t.Errorf("the job %s checks out with %v", name, step.With)
			}
		}
		if runs != want.runs {
			t.Errorf("the job %s runs %s", name, runs)
		}
	}
	if strings.Contains(main.text, "continue-on-error") {
		t.Error("a step of main.yml may fail")
	}
	build, deploy := main.Jobs["build"], main.Jobs["deploy"]
	if last := build.Steps[len(build.Steps)-1]; last.ID != "up" || build.Outputs["image"] != "${{ steps.up.outputs.image }}" {
		t.Errorf("the job build has the outputs %v, and the step %s last", build.Outputs, last.ID)
	}
	if env := deploy.Steps[len(deploy.Steps)-1].Env; env["IMAGE"] != "${{ needs.build.outputs.image }}" {
		t.Errorf("the job deploy takes the image from %s", env["IMAGE"])
	}
}
