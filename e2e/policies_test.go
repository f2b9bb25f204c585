//go:build e2e

package e2e

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// policies checks who may reach whom: each claim of the docs, with a Pod that may, and with one that may not.
var policies = drive.Suite{Name: "Policies", Scenarios: []drive.Scenario{
	{Name: "Controller", Run: testControllersWays, Soak: true},
	{Name: "In", Run: testWaysIn},
	{Name: "Out", Run: testWaysOut},
	{Name: "Registry", Run: testRegistryIsReadOnly, Soak: true},
	{Name: "Database", Run: testDatabase, Soak: true},
	{Name: "Prometheus", Run: testPrometheus, Soak: true},
	{Name: "Alerts", Run: testAlerts},
}}

// testWaysIn connects to a server from its own node, and from another one.
func testWaysIn(t *testing.T) {
	outputs := hello.Running(t, "replicas=3", "monitoring=monitoring")
	pods := hello.Pods(t, outputs.Namespace)
	server, other := pods[0], pods.Elsewhere(pods[0].Node)[0]
	serves := hello.Address(t, outputs.Namespace, server.Name, "8080")
	admin := hello.Address(t, outputs.Namespace, server.Name, "9090")
	hello.Namespace(t, "monitoring")
	nodes := map[string]string{"beside": server.Node, "away": other.Node}
	mayReach := map[string]struct{ serves, admin bool }{
		"default":         {false, false},
		outputs.Namespace: {true, false},
		"monitoring":      {false, true},
	}
	for where, node := range nodes { // start all at the same time
		for from := range mayReach {
			start(t, from, where, node)
		}
	}
	for where := range nodes {
		for from, may := range mayReach {
			await(t, from, where)
			hello.Reaches(t, from, where, serves, may.serves)
			hello.Reaches(t, from, where, admin, may.admin)
		}
	}
	controller := hello.Pods(t, "traefik").Ready()[0].Name
	for from, may := range map[string]bool{"default": false, outputs.Namespace: false, "monitoring": true} {
		hello.Reaches(t, from, "away", hello.Address(t, "traefik", controller, "9100"), may)
	}
	hello.Reaches(t, "traefik", controller, serves, true)
	hello.Reaches(t, "traefik", controller, admin, false)
	hello.Reaches(t, "default", "beside", hello.Address(t, "traefik", controller, "8000"), true)
	drive.Eventually(t, outputs.URL, drive.IsGreeting)

	// What runs once serves nobody, even if it listens.
	once := hello.Command(t.Context(), "ship", "run", "--", "listen")
	once.Stderr = t.Output()
	if err := once.Start(); err != nil {
		t.Fatal(err)
	}
	defer once.Wait()
	defer once.Process.Signal(os.Interrupt)
	var runs []string
	for deadline := time.Now().Add(drive.Patience); len(runs) == 0; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing runs once")
		}
		runs = hello.Kubectl(t, "get", "pods", "-l", "hello-world/one-off-of=hello", "-n", outputs.Namespace, "-o", "jsonpath={.items[*].metadata.name}")
	}
	hello.Kubectl(t, "wait", "--for", "condition=Ready", "pod", runs[0], "-n", outputs.Namespace, "--timeout", "300s")
	for _, from := range []string{"default", outputs.Namespace} {
		hello.Reaches(t, from, "beside", hello.Address(t, outputs.Namespace, runs[0], "8080"), false)
	}
}

// testWaysOut connects from a server to a visitor, with each sort of egress.
func testWaysOut(t *testing.T) {
	const dns = "10.96.0.10:53" // of kind
	outputs := hello.Running(t, "replicas=3", "egress=none")
	server := hello.Pods(t, outputs.Namespace)[0]
	visitor := visit(t, "default", "visitor", server.Node)
	serves, admin := hello.Address(t, "default", visitor, "8080"), hello.Address(t, "default", visitor, "9090")
	address, _, err := net.SplitHostPort(serves)
	if err != nil {
		t.Fatal(err)
	}
	// Another node stands in for what tells a cloud's nodes who they are. Its kubelet listens there, too.
	const metadata = "169.254.169.254"
	cloud := hello.Pods(t, outputs.Namespace).Elsewhere(server.Node)[0].Node
	via, _, _ := net.SplitHostPort(addressOn(t, "kind", cloud, "10250"))
	drive.Docker(t, "exec", cloud, "ip", "address", "add", metadata, "dev", "lo")
	defer drive.Docker(t, "exec", cloud, "ip", "address", "del", metadata+"/32", "dev", "lo")
	drive.Docker(t, "exec", server.Node, "ip", "route", "add", metadata, "via", via)
	defer drive.Docker(t, "exec", server.Node, "ip", "route", "del", metadata)
	for _, test := range []struct {
		egress                       string
		serves, admin, dns, metadata bool
	}{
		{"none", false, false, false, false},
		{"default:8080", true, false, true, false},
		{address + "/32:9090", false, true, true, false},
		{"any", true, true, true, false},
		{"any:8080," + metadata, true, false, true, true},
	} {
		hello.Running(t, "replicas=3", "egress="+test.egress)
		t.Logf("egress %s", test.egress)
		hello.Reaches(t, outputs.Namespace, server.Name, serves, test.serves)
		hello.Reaches(t, outputs.Namespace, server.Name, admin, test.admin)
		hello.Reaches(t, outputs.Namespace, server.Name, dns, test.dns)
		hello.Reaches(t, outputs.Namespace, server.Name, net.JoinHostPort(metadata, "10250"), test.metadata)
	}
}

// testControllersWays connects from the Ingress controller to what it needs, and to the registry that nodes pull from, which is
// outside the cluster: others reach it, the controller does not.
func testControllersWays(t *testing.T) {
	hello.Running(t, "replicas=3")
	controller := hello.Pods(t, "traefik").Ready()[0]
	visitor := visit(t, "default", "visitor", controller.Node)
	registry := addressOn(t, "kind", clusterSettings["REGISTRY"]+"-reader", "5000")
	api := addressOn(t, "kind", clusterSettings["CLUSTER"]+"-control-plane", "6443")

	hello.Reaches(t, "traefik", controller.Name, hello.Address(t, "default", visitor, "8080"), true)
	hello.Reaches(t, "traefik", controller.Name, api, true)
	hello.Reaches(t, "default", visitor, registry, true)
	hello.Reaches(t, "traefik", controller.Name, registry, false)
}

// testRegistryIsReadOnly tries, from a Pod that may connect to everything, to put an image where nodes pull from. Whoever
// could would have the cluster run what it likes.
func testRegistryIsReadOnly(t *testing.T) {
	outputs := hello.Running(t)
	visitor := visit(t, "default", "visitor", hello.Pods(t, outputs.Namespace)[0].Node)
	registry := clusterSettings["REGISTRY"]
	reader := addressOn(t, "kind", registry+"-reader", "5000")
	hello.Reaches(t, "default", visitor, reader, true)
	for request, want := range map[string]string{
		"GET /v2/": "200", "POST /v2/hello-world/blobs/uploads/": "405", "PUT /v2/library/traefik/manifests/v1": "405",
	} {
		if got := hello.AskedFrom(t, "default", visitor, reader, request); got != want {
			t.Errorf("%s is answered with %q, want %s", request, got, want)
		}
	}
	ways := []string{addressOn(t, "bridge", registry, "5000"), net.JoinHostPort(registry, "5000")}
	for _, gateway := range strings.Fields(drive.Docker(t, "network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}} {{end}}", "kind", "bridge")) {
		ways = append(ways, net.JoinHostPort(gateway, clusterSettings["REGISTRY_PORT"])) // this machine's
	}
	for _, way := range ways {
		hello.Reaches(t, "default", visitor, way, false)
	}
	if networks := drive.Docker(t, "inspect", "--format", "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}", registry); networks != "bridge \n" {
		t.Errorf("the registry is on the networks %q", networks)
	}

	// A browser asks first whether somebody else's web page may write, or may read what it gets.
	for _, method := range []string{http.MethodOptions, http.MethodGet} {
		request, err := http.NewRequestWithContext(t.Context(), method, "http://localhost:"+clusterSettings["REGISTRY_PORT"]+"/v2/library/traefik/manifests/v1", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", "http://web.example")
		request.Header.Set("Access-Control-Request-Method", http.MethodPut)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		for header := range response.Header {
			if strings.HasPrefix(header, "Access-Control-") {
				t.Errorf("%s is answered with %s", method, header)
			}
		}
	}
}

// addressOn returns the address of a container on one of Docker's networks, with a port.
func addressOn(t *testing.T, network, container, port string) string {
	t.Helper()
	return net.JoinHostPort(strings.TrimSpace(drive.Docker(t, "inspect", "--format", "{{.NetworkSettings.Networks."+network+".IPAddress}}", container)), port)
}

// visit runs a Pod of that name on a node until the test ends, and returns the name. It serves on the default ports.
func visit(t *testing.T, namespace, name, node string) string {
	t.Helper()
	start(t, namespace, name, node)
	await(t, namespace, name)
	return name
}

func await(t *testing.T, namespace, pod string) {
	t.Helper()
	hello.Kubectl(t, "wait", "pod/"+pod, "-n", namespace, "--for", "condition=Ready", "--timeout", "300s")
}

func start(t *testing.T, namespace, name, node string) {
	t.Helper()
	object := map[string]any{
		"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": name, "namespace": namespace},
		"spec": map[string]any{
			"nodeName":        node,
			"tolerations":     []any{map[string]any{"operator": "Exists"}},
			"securityContext": map[string]any{"runAsNonRoot": true, "seccompProfile": map[string]any{"type": "RuntimeDefault"}},
			"containers": []any{map[string]any{
				"name": "visitor", "image": hello.Last().Image,
				"securityContext": map[string]any{"allowPrivilegeEscalation": false, "capabilities": map[string]any{"drop": []string{"ALL"}}},
			}},
		},
	}
	text, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	hello.Kubectl(t, "create", "-f", drive.File(t, "pod.json", string(text)))
	t.Cleanup(func() { hello.Kubectl(t, "delete", "pod", name, "-n", namespace, "--now", "--wait=false") })
}
