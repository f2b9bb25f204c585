package service

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/supplier/progress"
)

const (
	deployments = `{"columnDefinitions": [{"name": "Name"}, {"name": "Ready"}, {"name": "Up-to-date"}, {"name": "Age"}], "rows": [{"cells": ["hello", "2/3", 3, "1m"]}]}`
	pods        = `{"columnDefinitions": [{"name": "Name"}, {"name": "Ready"}, {"name": "Status"}, {"name": "Restarts"}, {"name": "Age"}, {"name": "IP"}, {"name": "Node"}],
		"rows": [{"cells": ["hello-b", "1/1", "Running", "0", "1m", "10.0.0.2", "two"]}, {"cells": ["hello-a", "0/1", "CrashLoopBackOff", "3 (9s ago)", "1m", "10.0.0.1", "one"]}]}`
	services = `{"columnDefinitions": [{"name": "Name"}, {"name": "Type"}, {"name": "Cluster-IP"}, {"name": "External-IP"}, {"name": "Port(s)"}], "rows": [{"cells": ["hello-service", "ClusterIP", "10.1.0.1", "<none>", "8080/TCP"]}]}`
	events   = `{"items": [{"reason": "BackOff", "type": "Warning", "message": "restarting", "lastTimestamp": "2020-01-01T00:00:00Z", "involvedObject": {"kind": "Pod", "name": "hello-a"}},
		{"reason": "Unhealthy", "message": "of a Pod that is gone", "lastTimestamp": "2020-01-01T00:00:00Z", "involvedObject": {"kind": "Pod", "name": "hello-gone"}}]}`
)

// A service is healthy or not, and what is wrong is said.
func TestStatus(t *testing.T) {
	ready, accepted, image := 3, "True", "it"
	cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		table := strings.Contains(r.Header.Get("Accept"), "as=Table")
		switch path := strings.TrimPrefix(r.URL.Path, "/apis/apps/v1/namespaces/hello/"); {
		case path == "deployments/hello":
			fmt.Fprintf(w, `{"metadata": {"generation": 2}, "spec": {"replicas": 3, "template": {"spec": {"containers": [{"image": %q}]}}}, "status": {"observedGeneration": 2, "replicas": 3, "updatedReplicas": 3, "availableReplicas": %d,
				"conditions": [{"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: none"}]}}`, image, ready)
		case path == "deployments/hello-mails":
			fmt.Fprint(w, `{"metadata": {"generation": 1}, "spec": {"replicas": 2}, "status": {"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 2}}`)
		case path == "deployments" && table:
			fmt.Fprint(w, deployments)
		case strings.HasSuffix(path, "/pods") && table:
			fmt.Fprint(w, pods)
		case strings.HasSuffix(path, "/services") && table:
			fmt.Fprint(w, services)
		case strings.HasSuffix(path, "/httproutes"):
			fmt.Fprintf(w, `{"items": [{"metadata": {"name": "hello-route", "namespace": "hello"}, "spec": {"parentRefs": [{"namespace": "infra", "name": "web"}]},
				"status": {"parents": [{"parentRef": {"namespace": "infra", "name": "web"}, "conditions": [
					{"type": "Accepted", "status": %q, "reason": "NotAllowedByListeners"}, {"type": "ResolvedRefs", "status": "True"}]}]}}]}`, accepted)
		case strings.HasSuffix(path, "/events"):
			fmt.Fprint(w, events)
		case strings.HasSuffix(path, "/persistentvolumeclaims"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasSuffix(path, "/jobs"):
			fmt.Fprint(w, `{"items": [{"metadata": {"name": "migrate"}, "status": {"failed": 2}}, {"metadata": {"name": "stuck"}}]}`)
		default:
			fmt.Fprint(w, "{}")
		}
	}))
	defer cluster.Close()
	served := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer served.Close()
	s := Service{Stack: "dev", URL: served.URL, HealthURL: served.URL, Image: "it", Context: "here", Namespace: "hello", App: "hello", Replicas: 3, Beside: []string{"hello-mails"},
		Kubeconfig: `{"clusters": [{"name": "c", "cluster": {"server": "` + cluster.URL + `"}}], "contexts": [{"name": "here", "context": {"cluster": "c"}}]}`}
	status := func() (string, error) {
		var out bytes.Buffer
		err := Status(t.Context(), s, config.Credentials{}, progress.Printer{Out: &out})
		return out.String(), err
	}
	said, err := status()
	for _, words := range []string{
		"stack dev: " + served.URL, "  deployment  hello: 2/3 ready, 3 up to date", "  service     hello-service: ClusterIP, 10.1.0.1, 8080/TCP",
		"  Pods on one\n    hello-a  0/1  CrashLoopBackOff  1m  10.0.0.1  restarts: 3 (9s ago)\n  Pods on two\n    hello-b  1/1  Running  1m  10.0.0.2\n",
		"  route       hello-route: Gateway infra/web, host *\n", "  job         migrate: 0 succeeded, 2 failed\n", "it has no Pod: kubectl describe job stuck -n hello --context here", "healthy: 5 of 5 Pods are ready, and ",
	} {
		if err != nil || !strings.Contains(said, words) {
			t.Errorf("it does not say %q, error %v:\n%s", words, err, said)
		}
	}
	ready, accepted, image = 2, "False", "another"
	s.Replicas = 5
	served.Close()
	said, err = status()
	for _, words := range []string{"scaled by hand to 3 Pods, and the stack has 5", "the image is another, which is not what the stack deployed last", "2 of 3 Pods are ready", "the Gateway infra/web does not lead to hello-route: Accepted is False: NotAllowedByListeners", "connection refused", "not healthy:", "\n  exceeded quota: none\n", "  Pod/hello-a: BackOff, ", "    restarting"} {
		if err != ErrNotHealthy || !strings.Contains(said, words) {
			t.Errorf("it does not say %q, error %v:\n%s", words, err, said)
		}
	}
	if strings.Contains(said, "of a Pod that is gone") {
		t.Errorf("it tells of a Pod that is gone:\n%s", said)
	}
	cluster.Close()
	if _, err := status(); err == nil || !strings.Contains(err.Error(), "make up STACK=dev") {
		t.Errorf("of a cluster that is away it says %v", err)
	}
}
