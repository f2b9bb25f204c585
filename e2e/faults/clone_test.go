//go:build e2e

package faults

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// unknown stands for a value in a preview that only the update will know.
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

// testStateLost types what people type in a second clone of the project, or after they lost the state: to that, what runs is
// another state's, and nothing touches it, until the one command that is named hands it over. Then the first clone is in the
// place of the second one, until the same command hands it back.
func testStateLost(t *testing.T) {
	f := threeReplicas(t)
	clone := site.Copy(t)
	settings := "Pulumi." + hello.Name + ".yaml"
	if err := os.WriteFile(filepath.Join(clone.Dir, settings), hello.Read(t, settings), 0o644); err != nil {
		t.Fatal(err)
	}

	command := f.refused(t, clone, "make", "up")
	if again := f.refused(t, clone, "pulumi", "--non-interactive", "up", "--yes", "--stack", hello.Name); again != command {
		t.Errorf("make up names %q, and pulumi up %q", command, again)
	}
	f.refused(t, clone, "make", "down")
	f.expectNoBadAnswer(t, func() {
		shell(t, clone, command)
		f.previewsAll(t, clone)
		if said, err := clone.Output("make", "up"); err != nil {
			t.Errorf("make up in the second clone: %s, %v", said, err)
		}
	})

	back := f.refused(t, hello.Project, "make", "up")
	f.refused(t, hello.Project, "pulumi", "--non-interactive", "up", "--yes")
	f.refused(t, hello.Project, "make", "down")
	before := f.cluster(t)
	if said, err := hello.Output("pulumi", "--non-interactive", "destroy", "--yes"); err == nil ||
		!strings.Contains(err.Error(), "nothing was deleted, this state of the stack does not have the namespace hello") {
		t.Errorf("pulumi destroy with a superseded state: %s, %v", said, err)
	}
	f.unchanged(t, before)
	shell(t, hello.Project, back)
	hello.Pulumi(t, "up", "--yes")
	f.refused(t, clone, "pulumi", "--non-interactive", "up", "--yes")
	f.asDeclared(t)
}

// refused fails the test unless the command fails, changes nothing, and names the command that hands over what runs. It
// returns that.
func (f *underTest) refused(t *testing.T, clone *drive.Project, name string, args ...string) (command string) {
	t.Helper()
	before := f.cluster(t)
	said, err := clone.Output(name, args...)
	if err == nil {
		t.Fatalf("%s %q did something to what another state has: %s", name, args, said)
	}
	_, command, found := strings.Cut(err.Error(), "kubectl annotate ")
	command, _, ends := strings.Cut(command, "=released")
	if !found || !ends {
		t.Errorf("%s %q names no command to take over: %v", name, args, err)
	}
	f.unchanged(t, before)
	return "kubectl annotate " + command + "=released"
}

// unchanged fails the test if the cluster has anything else than before.
func (f *underTest) unchanged(t *testing.T, before string) {
	t.Helper()
	if after := f.cluster(t); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
}

// shell types a command in a clone.
func shell(t *testing.T, in *drive.Project, command string) {
	t.Helper()
	if _, err := in.Output("bash", "-c", command); err != nil {
		t.Fatal(err)
	}
}

// previewsAll fails the test unless a preview knows all that the update will do, except the digest of an image that is not
// built yet.
func (f *underTest) previewsAll(t *testing.T, clone *drive.Project) {
	t.Helper()
	said, err := clone.Output("pulumi", "--non-interactive", "preview", "--json", "--stack", hello.Name)
	if err != nil {
		t.Fatal(err)
	}
	var preview struct {
		Steps []struct {
			URN      string
			NewState struct{ Inputs json.RawMessage }
		}
	}
	if err := json.Unmarshal([]byte(said), &preview); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if len(preview.Steps) < 20 {
		t.Errorf("the preview has only %d steps: %s", len(preview.Steps), said)
	}
	for _, step := range preview.Steps {
		want := 0
		if strings.HasSuffix(step.URN, ":Deployment::hello") {
			want = 1 // the image
		}
		if got := strings.Count(string(step.NewState.Inputs), unknown); got != want {
			t.Errorf("%s: %d inputs are unknown, want %d: %s", step.URN, got, want, step.NewState.Inputs)
		}
	}
}
