//go:build e2e

package cloud

import (
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// buildTime bounds a `pulumi up` that compiles the program and the server.
const buildTime = 10 * time.Minute

// The registry demands a password, to push and of the nodes that pull.
func testRegistryWithCredentials(t *testing.T) {
	const token = "a token that the build gets"
	const annotation = "a token of the controller"
	stack := newStackOf(t, site.Copy(t), "registry", config{
		"pullUsername": puller, "pullPassword": secret(pullPassword),
		"buildArgs": secret(`{"TOKEN":"` + token + `"}`), "ingressAnnotations": secret(`{"example.com/token":"` + annotation + `"}`),
	})
	said := stack.Pulumi(t, "up")

	outputs := stack.Outputs(t)
	if !strings.HasPrefix(outputs.Image, registry()+"/hello-world@sha256:") {
		t.Errorf("the image output is %q, want a digest in %s", outputs.Image, registry())
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)
	notPulledWithoutSecret(t, outputs.Image)
	pulledWith := strings.Join(hello.Kubectl(t, "get", "secret", "hello-registry", "-n", outputs.Namespace, "-o", "go-template={{index .data \".dockerconfigjson\" | base64decode}}"), " ")
	if !strings.Contains(pulledWith, pullPassword) || strings.Contains(pulledWith, password+`"`) {
		t.Errorf("nodes pull with %s", pulledWith)
	}
	secretsAreEncrypted(t, stack, "Pulumi.registry.yaml", said, map[string]string{
		"the registry's password": password, "the password to pull": pullPassword, "the build's token": token, "the controller's token": annotation,
	})

	before := stack.Fingerprint(t, outputs.Namespace)
	configure(t, stack, config{"registryPassword": secret("not the password")})
	stack.Edit(t, "app/hello.go", "Hello world", "Hello again")
	refused(t, stack, buildTime, "up", registry(), "unauthorized: authentication required")
	if after := stack.Fingerprint(t, outputs.Namespace); after != before {
		t.Errorf("something changed:\nbefore %s\nafter  %s", before, after)
	}
	drive.Eventually(t, outputs.URL, drive.IsGreeting)

	// The way back is beside the key registry, with the credentials that the nodes pull with.
	configure(t, stack, config{"registryPassword": secret(password)})
	stack.Pulumi(t, "up")
	second := stack.Outputs(t).Image
	for _, to := range []struct{ target, image string }{{"rollback", outputs.Image}, {"forward", second}} {
		if said, err := stack.Output("make", to.target, "STACK=registry"); err != nil {
			t.Fatal(said, err)
		}
		if now := stack.Outputs(t).Image; now != to.image || to.image == "" {
			t.Errorf("make %s runs %s, want %s", to.target, now, to.image)
		}
	}
}

func testWrongCredentialsDeployNothing(t *testing.T) {
	stack := newStack(t, "unauthorized", config{"registryPassword": secret("not the password")})
	refused(t, stack, buildTime, "up", registry(), "unauthorized: authentication required")
	if namespaceExists(t, "unauthorized") {
		t.Error("there is a namespace, although the image could not be pushed")
	}
}

// notPulledWithoutSecret runs a Pod of the image without the pull secret, and waits until
// the kubelet says that it may not pull.
func notPulledWithoutSecret(t *testing.T, image string) {
	t.Helper()
	hello.Kubectl(t, "run", "stranger", "--namespace", "default", "--image", image, "--image-pull-policy", "Always", "--restart", "Never")
	defer hello.Kubectl(t, "delete", "pod", "stranger", "--namespace", "default", "--now")
	var state string
	for deadline := time.Now().Add(drive.Patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		state = strings.Join(hello.Kubectl(t, "get", "pod", "stranger", "--namespace", "default", "-o", "jsonpath={.status.containerStatuses[*].state}"), " ")
		if strings.Contains(state, "ErrImagePull") && strings.Contains(state, "401") || strings.Contains(state, "running") {
			break
		}
	}
	if !strings.Contains(state, "ErrImagePull") {
		t.Errorf("a Pod without pull secret is in the state %s, want ErrImagePull because of 401", state)
	}
}
