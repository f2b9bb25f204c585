//go:build e2e

package e2e

import (
	"strings"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// several are services beside each other: stacks of one project, and services of one program.
var several = drive.Suite{Name: "Several", Scenarios: []drive.Scenario{
	{Name: "SecondStack", Run: testSecondStack},
	{Name: "OneNamespace", Run: testOneNamespace, Soak: true},
	{Name: "FurtherServer", Run: testFurtherServer, Soak: true},
}}

// testOneNamespace runs the program in e2e/several on the cluster: one service asks the other by the name of its Service, and
// that is all that either of them may do.
func testOneNamespace(t *testing.T) {
	hello.Running(t, "replicas=3") // with the Ingress controller
	image := "localhost:" + clusterSettings["REGISTRY_PORT"] + "/several"
	const build = `cd e2e/several
		CGO_ENABLED=0 go build -buildvcs=false -o bin/ .
		CGO_ENABLED=0 GOOS=linux go build -buildvcs=false -o bin/ ./server
		docker build --quiet --tag "$0" .`
	if said, err := hello.Output("bash", "-euc", build, image); err != nil {
		t.Fatal(said, err)
	}
	image += "@" + drive.Push(t, image)
	pulumi := func(args ...string) string {
		return hello.Pulumi(t, append([]string{"--cwd", "e2e/several"}, args...)...)
	}
	pulumi("stack", "init", "market")
	t.Cleanup(func() {
		pulumi("state", "unprotect", "--all", "--yes") // the volume
		pulumi("destroy")
		pulumi("stack", "rm", "market", "--yes")
	})
	pulumi(drive.ConfigSet("kubernetes:context=kind-"+clusterSettings["CLUSTER"], "image="+image,
		"ingressAddress=127.0.0.1:"+clusterSettings["HTTP_PORT"])...)
	pulumi("up")

	url := strings.TrimSpace(pulumi("stack", "output", "url"))
	said := drive.Eventually(t, url, func(_ int, body string) bool {
		return strings.HasPrefix(body, "shop-") && strings.Contains(body, "\nprices-")
	})
	t.Logf("%s says %q", url, said)

	const market = "market"
	by := map[string]string{} // a Pod of each service
	for _, pod := range hello.Pods(t, market) {
		if name, _, _ := strings.Cut(pod.Name, "-"); !strings.HasPrefix(pod.Name, "shop-mails-") {
			by[name] = pod.Name
		}
	}
	somebody := visit(t, "default", "somebody", hello.Pods(t, market)[0].Node)
	serves := func(pod string) string { return hello.Address(t, market, pod, "8080") }
	controller := hello.Pods(t, "traefik").Ready()[0].Name

	hello.Reaches(t, market, by["shop"], serves(by["prices"]), true)
	hello.Reaches(t, market, by["prices"], serves(by["shop"]), false)
	hello.Reaches(t, "traefik", controller, serves(by["shop"]), true)
	hello.Reaches(t, "traefik", controller, serves(by["prices"]), false)
	for _, pod := range by {
		hello.Reaches(t, "default", somebody, serves(pod), false)
		hello.Reaches(t, market, pod, hello.Address(t, "default", somebody, "8080"), false)
	}
	pulumi("up", "--expect-no-changes")

	// The shop's worker and job may ask what it asks.
	hello.Kubectl(t, "create", "job", "now", "--from", "cronjob/shop-nightly", "-n", market)
	hello.Kubectl(t, "wait", "--for", "condition=Complete", "job/now", "-n", market, "--timeout", "300s")
	for of, says := range map[string]string{"deployment/shop-mails": "work asked", "job/now": "report asked"} {
		if said := strings.Join(hello.Kubectl(t, "logs", of, "-n", market), " "); !strings.Contains(said, says) {
			t.Errorf("%s says %q, want %q", of, said, says)
		}
	}
}
