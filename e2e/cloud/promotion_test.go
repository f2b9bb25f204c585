//go:build e2e

package cloud

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/pairs"
	"example.com/hello-world/infra/attestation/signature"
)

// The pipeline of main.yml builds once and passes the digest from stack to stack: what its steps run, runs here. The later ones have
// neither Docker nor the plugin that builds, may neither push nor sign, and find the cluster by a context of the kubeconfig file.
func testPromotion(t *testing.T) {
	dev := newStack(t, "dev-build", config{"signingKey": secret(pairs.SigningKey())})
	passed := filepath.Join(t.TempDir(), "output")
	runJob(t, dev.With("GITHUB_OUTPUT="+passed), "build")
	built := dev.Outputs(t).Image
	if text, err := os.ReadFile(passed); err != nil || string(text) != "image="+built+"\n" {
		t.Fatalf("the job passes on %q, error %v; %s was built", text, err, built)
	}

	signedBy, err := dev.Output("pulumi", "stack", "output", "signedBy")
	if err != nil {
		t.Fatal(err)
	}
	prod := newStack(t, "prod", config{
		"signingKey": secret(signedBy), "pullUsername": puller, "pullPassword": secret(pullPassword),
		"registry": nil, "registryUsername": nil, "registryPassword": nil, "platform": nil, "kubeconfig": nil,
		"context": "kind-" + site.Settings["CLUSTER"],
	}, "PATH="+pathWithoutDocker(t), "PULUMI_HOME="+homeWithoutDocker(t), "KUBECONFIG="+site.KubeconfigFile(hello), "IMAGE="+built)
	if out, err := prod.Output("bash", "-c", "command -v docker pulumi-resource-docker || ls $PULUMI_HOME/plugins/resource-docker*"); err == nil {
		t.Fatalf("there is %s", out)
	}
	runJob(t, prod, "deploy")

	outputs := prod.Outputs(t)
	if outputs.Image != built {
		t.Errorf("the image output of prod is %q, want %q", outputs.Image, built)
	}
	runsIn(t, outputs.Namespace, built)
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	person := hello.With("KUBECONFIG=" + site.KubeconfigFile(hello))
	for _, command := range []string{"history", "status"} {
		if said, err := person.Output("make", command, "STACK=prod"); err != nil || !strings.Contains(said, "signed SBOM, signed provenance, Go 1.") {
			t.Errorf("make %s says %s, error %v", command, said, err)
		}
	}

	// Who has the registry's password moves the tags, and puts another image where this one is: the registry refuses the second.
	other := askRegistry(t, http.MethodGet, built, nil, http.StatusOK)
	other["annotations"] = map[string]string{"by": "somebody else"}
	askRegistry(t, http.MethodPut, built, other, http.StatusBadRequest)
	repository, _, _ := strings.Cut(built, "@")
	tags, _ := askRegistry(t, http.MethodGet, repository, nil, http.StatusOK)["tags"].([]any)
	for _, tag := range tags {
		if !strings.HasPrefix(tag.(string), "sha256-") {
			askRegistry(t, http.MethodPut, repository+":"+tag.(string), other, http.StatusCreated)
		}
	}
	// What another key signed is not deployed.
	configure(t, prod, config{"signingKey": secret(signature.PublicHalf(pairs.SigningKey()))})
	if said, err := prod.Output("pulumi", "--non-interactive", "preview"); err == nil || !strings.Contains(said+err.Error(), "image is not proven by signingKey: SBOM is ") {
		t.Errorf("with another key, a preview says %s, error %v", said, err)
	}
	configure(t, prod, config{"signingKey": secret(signedBy)})
	hello.Kubectl(t, "delete", "pods", "--all", "-n", outputs.Namespace)
	hello.AwaitReplicas(t, outputs.Namespace, outputs.Replicas)
	runsIn(t, outputs.Namespace, built)
	prod.Pulumi(t, "up", "--expect-no-changes")
}

// runJob runs in a stack what the steps of a job of main.yml run.
func runJob(t *testing.T, stack *drive.Project, job string) {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Run string } }
	}
	if err := yaml.Unmarshal(stack.Read(t, ".github/workflows/main.yml"), &workflow); err != nil {
		t.Fatal(err)
	}
	ran := false
	for _, step := range workflow.Jobs[job].Steps {
		if step.Run == "" {
			continue
		}
		ran = true
		if out, err := stack.Output("bash", "-e", "-c", step.Run); err != nil {
			t.Fatal(out, err)
		}
	}
	if !ran {
		t.Fatalf("the job %s runs nothing", job)
	}
}

// runsIn fails the test unless the Pods of a namespace were declared with the image, and run its digest.
func runsIn(t *testing.T, namespace, image string) {
	t.Helper()
	for _, path := range []string{"{.items[*].spec.containers[*].image}", "{.items[*].status.containerStatuses[*].imageID}"} {
		running := hello.Kubectl(t, "get", "pods", "-n", namespace, "-o", "jsonpath="+path)
		if slices.ContainsFunc(running, func(of string) bool { return drive.Digest(of) != drive.Digest(image) }) || len(running) == 0 {
			t.Errorf("the Pods of %s run %q, want %q", namespace, running, image)
		}
	}
}

// askRegistry reads or writes the manifest of an image, or lists the tags of a repository, with the password to push.
func askRegistry(t *testing.T, method, image string, manifest map[string]any, want int) (answer map[string]any) {
	t.Helper()
	_, path, _ := strings.Cut(image, "/")
	path, digest, byDigest := strings.Cut(path, "@")
	path, tag, byTag := strings.Cut(path, ":")
	switch {
	case byDigest:
		path += "/manifests/" + digest
	case byTag:
		path += "/manifests/" + tag
	default:
		path += "/tags/list"
	}
	var text []byte
	if manifest != nil {
		text, _ = json.Marshal(manifest)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+registry()+"/v2/"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(username, password)
	for _, mediaType := range []string{"application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"} {
		request.Header.Add("Accept", mediaType)
	}
	if mediaType, is := manifest["mediaType"].(string); is {
		request.Header.Set("Content-Type", mediaType)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	if err != nil || response.StatusCode != want {
		t.Fatalf("%s %s: %s, %s, error %v", method, path, response.Status, text, err)
	}
	_ = json.Unmarshal(text, &answer) // a PUT has no answer
	return answer
}

// pathWithoutDocker returns a PATH with all that it takes to deploy an image.
func pathWithoutDocker(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	for _, tool := range []string{"pulumi", "pulumi-language-go"} {
		if err := os.Symlink(filepath.Join(hello.Dir, "bin", tool), filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tool := range []string{"bash", "go", "dirname", "find", "sort", "xargs", "cksum", "mkdir", "mktemp", "mv", "rm"} { // for infra/compile.sh
		found, err := exec.LookPath(tool)
		if err != nil {
			continue
		}
		if err := os.Symlink(found, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

// homeWithoutDocker returns a home for Pulumi with only the plugin that deploys an image.
func homeWithoutDocker(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	found, err := filepath.Glob(filepath.Join(hello.Dir, ".pulumi-home/plugins/resource-kubernetes-v*.*.*[0-9]")) // not the file beside it that says when it was last used
	if err != nil || len(found) != 1 {
		t.Fatalf("the plugin is at %q, error %v", found, err)
	}
	if err := os.CopyFS(filepath.Join(home, "plugins", filepath.Base(found[0])), os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}
	return home
}
