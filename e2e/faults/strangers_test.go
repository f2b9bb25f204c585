//go:build e2e

package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
	"example.com/hello-world/e2e/internal/load"
)

// strangers runs other people's servers, unchanged: they have no admin port, and do not drain.
var strangers = drive.Suite{Name: "Strangers", Scenarios: []drive.Scenario{
	{Name: "Httpbin", Run: stranger{
		image: "httpbin", config: []string{`env={"PREFIX":"/hello"}`, "healthPath=/hello/status/200"},
		path: "/get", says: `"headers"`,
	}.test, Soak: true},
	{Name: "Nginx", Run: stranger{
		image: "nginx", config: []string{"scratch=16Mi", "runAsUser=33", "healthPath=/hello/index.html"},
		path: "/index.html", says: "nginx says hello",
	}.test, Soak: true},
	{Name: "Caddy", Run: stranger{
		image: "caddy", config: []string{
			"scratch=16Mi", `env={"XDG_CONFIG_HOME":"/tmp","XDG_DATA_HOME":"/tmp"}`,
			`args=["file-server","--listen",":8080","--root","/srv"]`, "healthPath=/hello/index.html", "memory=64Mi/256Mi",
		},
		path: "/index.html", says: "caddy says hello",
	}.test, Soak: true},
	{Name: "Single", Run: testSingle},
	{Name: "Nodes", Run: testNodes, Soak: true},
	{Name: "Dev", Run: testUnderDev, Soak: true},
}}

type stranger struct {
	image      string   // built from testdata/IMAGE.Dockerfile
	config     []string // that it needs
	path, says string   // a path below the service's, and words of the answer
}

// test deploys it, and checks that users notice nothing of what happens to it then.
func (s stranger) test(t *testing.T) {
	hello.Ready(t, append(s.config, "replicas=3")...)
	hello.Forget() // other scenarios cannot use this stack
	f := underTest{}
	f.promote(t, site.Pushed(t, s.image))
	hello.Pulumi(t, "config", "set", "--secret", "--path", `secretEnv["ANYTHING"]`, "geheim, the first")
	hello.Pulumi(t, "up")
	f.Outputs = hello.Outputs(t)
	f.awaitThreePods(t)
	drive.Eventually(t, f.URL+s.path, func(status int, body string) bool { return status == 200 && strings.Contains(body, s.says) })

	requests := load.Start(f.URL+s.path, s.says, perSecond)
	defer requests.Stop() // if the test ends early
	time.Sleep(300 * time.Millisecond)
	before := f.pods(t)[0].Name
	hello.Pulumi(t, "config", "set", "--secret", "--path", `secretEnv["ANYTHING"]`, "geheim, the second")
	hello.Pulumi(t, "up")
	f.awaitThreePods(t)
	if slices.ContainsFunc(f.pods(t), func(pod drive.Pod) bool { return pod.Name == before }) {
		t.Errorf("the Pod %s stayed when the secret changed", before)
	}
	hello.Configure(t, "replicas=4")
	hello.Pulumi(t, "up")
	hello.Kubectl(t, "delete", "pod", f.pods(t)[0].Name, "-n", f.Namespace)
	hello.AwaitReplicas(t, f.Namespace, 4)
	time.Sleep(2 * time.Second)
	for _, plain := range []string{hello.Pulumi(t, "stack", "export"), string(hello.Read(t, "Pulumi."+hello.Name+".yaml"))} {
		if strings.Contains(plain, "geheim") {
			t.Error("the secret is in the state or in the file, plain")
		}
	}
	// It is asked for what is known to be there.
	if said, err := hello.Output("make", "status"); err != nil || !strings.Contains(said, "healthy: 4 of 4 Pods are ready") {
		t.Errorf("make status says %s, error %v", said, err)
	}
	report := requests.Stop()
	t.Log(report)
	if report.Bad > 0 || report.Slowest > stall {
		t.Errorf("users noticed: %s", report)
	}
}
