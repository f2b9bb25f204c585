//go:build e2e

package faults

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// testWholeVersion gives the server a secret with which it refuses to start. The version that runs keeps its own: all its Pods
// can be deleted after the failed update, and after the old value is back. Then it changes secret and variables together, and
// goes back and forward.
func testWholeVersion(t *testing.T) {
	hello.Ready(t, "replicas=3")
	hello.Forget() // other scenarios cannot use this stack
	set := func(secret string) {
		t.Helper()
		hello.Pulumi(t, "config", "set", "--secret", "--path", `secretEnv["LOG_LEVEL"]`, secret)
	}
	set("warn")
	hello.Pulumi(t, "up")
	f := &underTest{hello.Outputs(t)}
	f.awaitThreePods(t)
	f.runsWith(t, "warn", "")

	set("loud")
	hello.Configure(t, "rolloutTimeout=10")
	out, err := hello.Output("pulumi", "--non-interactive", "up")
	if err == nil {
		t.Fatalf("pulumi up took a secret with which the server does not start: %s", out)
	}
	if says := "LOG_LEVEL is"; !strings.Contains(err.Error(), says) {
		t.Errorf("the message lacks %q: %v", says, err)
	}
	f.allPodsDeleted(t)

	set("warn")
	hello.Configure(t, "rolloutTimeout=600")
	hello.Pulumi(t, "up")
	f.allPodsDeleted(t)
	f.awaitThreePods(t)
	f.runsWith(t, "warn", "")

	set("info")
	hello.Pulumi(t, "config", "set", "--path", `env["SEASON"]`, "summer")
	hello.Pulumi(t, "up")
	f.runsWith(t, "info", "summer")
	said := f.make(t, "history")
	if !drive.HasLine(said, "3 runs; changed: env, secretEnv") || strings.Contains(said, "info") || strings.Contains(said, "summer") {
		t.Errorf("make history does not say what has changed, or says more: %s", said)
	}

	f.make(t, "rollback")
	f.runsWith(t, "warn", "")
	if file := string(hello.Read(t, "Pulumi."+hello.Name+".yaml")); strings.Contains(file, "warn") {
		t.Errorf("the secret is in the stack's file, plain: %s", file)
	}
	// A routine update does not mix the two.
	if said := hello.Pulumi(t, "up"); !strings.Contains(said, "held at "+f.Image) {
		t.Errorf("it does not say that the version is held: %s", said)
	}
	f.runsWith(t, "warn", "")
	f.make(t, "forward")
	f.runsWith(t, "info", "summer")
}

// make runs a target, and returns what it prints.
func (f *underTest) make(t *testing.T, target string) string {
	t.Helper()
	said, err := hello.Output("make", target)
	if err != nil {
		t.Fatal(said, err)
	}
	return said
}

// allPodsDeleted deletes all Pods, and waits until three have come back and the service answers.
func (f *underTest) allPodsDeleted(t *testing.T) {
	t.Helper()
	hello.Kubectl(t, "delete", "pods", "--all", "-n", f.Namespace)
	hello.AwaitPods(t, f.Namespace, 2*drive.Patience, func(pods drive.Pods) bool { return len(pods.Ready()) == 3 })
	drive.Eventually(t, f.URL, drive.IsGreeting)
}

// runsWith fails the test unless the Deployment has rolled out Pods with that secret and that variable, and no other Secret is
// left of the service.
func (f *underTest) runsWith(t *testing.T, secret, variable string) {
	t.Helper()
	f.rolledOut(t, f.Image)
	got := hello.Kubectl(t, "get", "deployment", "hello", "-n", f.Namespace, "-o",
		`jsonpath={..env[?(@.name=="LOG_LEVEL")].valueFrom.secretKeyRef.name} {..env[?(@.name=="SEASON")].value}`)
	if len(got) == 0 || strings.Join(got[1:], " ") != variable {
		t.Fatalf("the server has the Secret and the variable %q, want %q", got, variable)
	}
	secrets := hello.Kubectl(t, "get", "secrets", "-n", f.Namespace, "-o",
		`go-template={{range .items}}{{.metadata.name}} {{.data.LOG_LEVEL | base64decode}}{{"\n"}}{{end}}`)
	if len(secrets) != 2 || secrets[0] != got[0] || secrets[1] != secret {
		t.Errorf("the service uses the Secret %s, and there are %q, want one with %s", got[0], secrets, secret)
	}
}
