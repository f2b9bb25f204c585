//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

func testHealthy(t *testing.T) {
	outputs := hello.Running(t, "replicas=3")
	said, err := hello.Output("make", "status")
	if err != nil {
		t.Fatal(err)
	}
	pods := hello.Kubectl(t, "get", "pods", "-n", outputs.Namespace, "-o", "jsonpath={.items[*].metadata.name} {.items[*].status.podIP} {.items[*].spec.nodeName}")
	for _, words := range append(pods, outputs.Image, "hello-service", "hello-ingress", "healthy: 3 of 3 Pods are ready") {
		if !strings.Contains(said, words) {
			t.Errorf("it lacks %q: %s", words, said)
		}
	}
}

// testStatusOfOthers has beside the service what people declare besides, among it a Job that the namespace's standard refuses.
func testStatusOfOthers(t *testing.T) {
	namespace := hello.Running(t).Namespace
	hello.Kubectl(t, "create", "cronjob", "nightly", "-n", namespace, "--image", "nothing", "--schedule", "0 3 * * *")
	hello.Kubectl(t, "create", "job", "refused", "-n", namespace, "--image", "nothing")
	claim := drive.File(t, "claim.yaml", `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: none, resources: {requests: {storage: 1Mi}}}`)
	hello.Kubectl(t, "apply", "-n", namespace, "-f", claim)
	t.Cleanup(func() { hello.Kubectl(t, "delete", "cronjob/nightly", "job/refused", "pvc/data", "-n", namespace) })
	said, err := hello.Output("make", "status")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		"cron job    nightly: 0 3 * * *", "job         refused: 0 succeeded, 0 failed",
		"it has no Pod: kubectl describe job refused -n " + namespace, "claim       data: Pending", "healthy: ",
	} {
		if !strings.Contains(said, words) {
			t.Errorf("it lacks %q: %s", words, said)
		}
	}
}

func testNotHealthy(t *testing.T) {
	for _, test := range []struct {
		name    string
		kubectl []string
		says    []string
	}{
		{"ScaledByHand", []string{"scale", "deployment/hello", "--replicas", "0"}, []string{"0 Pods", "the stack has 3", "/hello", "Scaled down"}},
		{"BadImage", []string{"set", "image", "deployment/hello", "hello=localhost:1/nothing:1"}, []string{"old Pods are still there: 3", "the image is localhost:1/nothing:1, which is not what the stack deployed last"}},
		{"Deleted", []string{"delete", "deployment/hello"}, []string{"there is no deployment hello", "/hello"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			outputs := hello.Running(t, "replicas=3")
			hello.Kubectl(t, append([]string{"-n", outputs.Namespace}, test.kubectl...)...)
			// The cluster reports an event a moment after it.
			for deadline := time.Now().Add(drive.Patience); ; time.Sleep(time.Second) {
				said, err := hello.Output("make", "status")
				if err == nil {
					t.Fatalf("it calls this healthy: %s", said)
				}
				lacks := slices.DeleteFunc(append(slices.Clone(test.says), "not healthy"), func(words string) bool { return strings.Contains(said, words) })
				if len(lacks) == 0 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("it lacks %q: %s", lacks, said)
				}
			}
		})
	}
}

// testKnowsNoPath has the server answer elsewhere than the Ingress leads to.
func testKnowsNoPath(t *testing.T) {
	outputs := hello.Running(t, "replicas=3")
	for _, kubectl := range [][]string{{"set", "env", "deployment/hello", "BASE_PATH=/other"}, {"rollout", "status", "deployment/hello"}} {
		hello.Kubectl(t, append([]string{"-n", outputs.Namespace}, kubectl...)...)
	}
	hello.AwaitReplicas(t, outputs.Namespace, 3)
	said, err := hello.Output("make", "status")
	if want := "404 Not Found: the server runs, but does not know the path /hello, which reaches it unchanged"; err == nil || !strings.Contains(said, want) {
		t.Errorf("it does not say %q: %s, error %v", want, said, err)
	}
}

func testLogs(t *testing.T) {
	outputs := hello.Running(t, "replicas=3")
	silent := hello.Kubectl(t, "get", "pods", "-n", outputs.Namespace, "-o", "name")
	ctx, cancel := context.WithTimeout(t.Context(), drive.Patience)
	defer cancel()
	cmd := hello.Command(ctx, "make", "logs")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // to end kubectl with it
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(output); len(silent) > 0 && lines.Scan(); {
		silent = slices.DeleteFunc(silent, func(pod string) bool { return strings.HasPrefix(lines.Text(), "["+pod+"/hello]") })
	}
	cancel()
	if err := cmd.Wait(); len(silent) > 0 {
		t.Errorf("the logs of %q are not among those of all Pods: %v", silent, err)
	}
}

// testTrace looks for the trace of a request in the log of the Pod that answered it, behind the Ingress controller.
func testTrace(t *testing.T) {
	hello.Running(t)
	hello.Forget()
	hello.Pulumi(t, "config", "set", "--path", "env.LOG_LEVEL", "debug")
	hello.Pulumi(t, "up")
	outputs := hello.Outputs(t)
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, outputs.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("traceparent", "00-"+trace+"-00f067aa0ba902b7-01")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for deadline := time.Now().Add(drive.Patience); ; time.Sleep(time.Second) {
		said, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), "logs", "-n", outputs.Namespace, "-l", "app=hello", "--tail", "-1")...)
		if strings.Contains(said, `"trace_id":"`+trace+`"`) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no log has the trace: %s, error %v", said, err)
		}
	}
}

func testOpen(t *testing.T) {
	outputs := hello.Running(t, "replicas=3")
	browsers := t.TempDir()
	for _, name := range []string{"xdg-open", "open"} {
		if err := os.WriteFile(filepath.Join(browsers, name), []byte("#!/bin/sh\necho opened $1\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	said, err := hello.With("DISPLAY=:0", "PATH="+browsers+":"+os.Getenv("PATH")).Output("make", "open")
	if want := outputs.URL + "\nopened " + outputs.URL + "\n"; said != want || err != nil {
		t.Errorf("it says %q, error %v, want %q", said, err, want)
	}
}

func testNoStack(t *testing.T) {
	hello.Ready(t)
	for _, target := range []string{"status", "top", "logs", "open"} {
		_, err := hello.Output("make", target, "STACK=nosuch")
		if err == nil || !strings.Contains(err.Error(), "no stack named 'nosuch'") {
			t.Errorf("make %s of a stack that does not exist: %v", target, err)
		}
	}
}
