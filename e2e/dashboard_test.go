//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.com/hello-world/e2e/internal/drive"
)

// dashboard installs the dashboard, checks who may do what with it, and removes it again.
var dashboard = drive.Suite{Name: "Dashboard", Scenarios: []drive.Scenario{
	{Name: "Admission", Run: testDashboardAdmission},
	{Name: "Rights", Run: testDashboardRights},
	{Name: "Route", Run: testRoute},
	{Name: "Token", Run: testToken},
	{Name: "PortForward", Run: testPortForward},
	{Name: "Policy", Run: testDashboardPolicy},
	{Name: "Gateway", Run: testDashboardBehindGateway},
	{Name: "Off", Run: testDashboardOff, Soak: true},
}}

// withDashboard brings up the stack with the dashboard, and further entries in its configuration.
func withDashboard(t *testing.T, further ...string) dashboardOutputs {
	t.Helper()
	hello.Ready(t)
	supplyDashboard(t)
	hello.Running(t, append(further, "dashboard=true")...)
	return dashboardOf(t)
}

// supplyDashboard puts Headlamp's image, once, into the cluster's registry, where nodes look first.
func supplyDashboard(t *testing.T) {
	t.Helper()
	dashboardSupplied.Do(func() {
		if _, err := hello.Output("bash", "-euc", hello.SupplyDashboard(t, "localhost:"+clusterSettings["REGISTRY_PORT"])); err != nil {
			t.Fatal(err)
		}
	})
}

var dashboardSupplied sync.Once

// dashboardOutputs are the dashboard's outputs of the stack.
type dashboardOutputs struct {
	DashboardURL   string `json:"dashboardUrl"`
	DashboardToken string // a command
}

func dashboardOf(t *testing.T) (d dashboardOutputs) {
	t.Helper()
	if err := json.Unmarshal([]byte(hello.Pulumi(t, "stack", "output", "--json")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// refusedByCluster fails the test unless kubectl fails with these words from the cluster.
func refusedByCluster(t *testing.T, words string, args ...string) {
	t.Helper()
	out, err := hello.Output("kubectl", append(slices.Clone(hello.Cluster), args...)...)
	if err == nil || !strings.Contains(err.Error(), words) {
		t.Errorf("kubectl %q: want %q; got %v: %s", args, words, err, out)
	}
}

// The namespace admits what runs in it, and nothing with more rights.
func testDashboardAdmission(t *testing.T) {
	withDashboard(t)
	// Where one of the same name has just gone, the provider may take the old one's state for the new one's.
	hello.Kubectl(t, "rollout", "status", "deployment/headlamp", "-n", "headlamp", "--timeout", "300s")
	refusedByCluster(t, `violates PodSecurity "restricted`, "run", "intruder", "-n", "headlamp", "--image", "busybox", "--dry-run=server")
}

const (
	viewer = "system:serviceaccount:headlamp:viewer"
	itself = "system:serviceaccount:headlamp:default" // the Pod's account
)

func testDashboardRights(t *testing.T) {
	withDashboard(t)
	for _, test := range []struct {
		account, verb, resource string
		may                     bool
	}{
		{viewer, "list", "pods", true},
		{viewer, "watch", "deployments.apps", true},
		{viewer, "get", "pods/log", true},
		{viewer, "list", "nodes", true},
		{viewer, "list", "ingresses.networking.k8s.io", true},

		{viewer, "get", "secrets", false},
		{viewer, "list", "secrets", false},
		{viewer, "watch", "secrets", false},
		{viewer, "create", "pods", false},
		{viewer, "delete", "pods", false},
		{viewer, "create", "pods/exec", false},
		{viewer, "create", "pods/portforward", false},
		{viewer, "get", "pods/proxy", false},
		{viewer, "get", "nodes/proxy", false},
		{viewer, "patch", "deployments.apps", false},
		{viewer, "update", "deployments.apps/scale", false},
		{viewer, "create", "serviceaccounts/token", false},
		{viewer, "impersonate", "users", false},
		{viewer, "create", "clusterrolebindings.rbac.authorization.k8s.io", false},

		{itself, "list", "pods", false},
		{itself, "get", "configmaps", false},
	} {
		resource, part, _ := strings.Cut(test.resource, "/")
		args := append(slices.Clone(hello.Cluster), "auth", "can-i", test.verb, resource, "--subresource", part,
			"--as", test.account, "--all-namespaces", "--quiet")
		if _, err := hello.Output("kubectl", args...); (err == nil) != test.may {
			t.Errorf("%s may %s %s: %v, want %v; %v", test.account, test.verb, test.resource, err == nil, test.may, err)
		}
	}

	if pods := hello.Kubectl(t, "get", "pods", "-n", "hello", "-o", "name", "--as", viewer); len(pods) != 1 {
		t.Errorf("the viewer sees the Pods %q, want one", pods)
	}
	refusedByCluster(t, "Forbidden", "get", "secrets", "--all-namespaces", "--as", viewer)
	refusedByCluster(t, "Forbidden", "delete", "deployment", "hello", "-n", "hello", "--as", viewer)
}

// The page is where the output says, and so is the service.
func testRoute(t *testing.T) { isShown(t, withDashboard(t)) }

// An HTTPRoute leads there as well.
func testDashboardBehindGateway(t *testing.T) {
	d := withDashboard(t, "gateway=traefik/traefik")
	if ingresses := hello.Kubectl(t, "get", "ingresses", "-n", "headlamp", "-o", "name"); len(ingresses) > 0 {
		t.Errorf("behind a Gateway there are the Ingresses %q", ingresses)
	}
	isShown(t, d)
}

func isShown(t *testing.T, d dashboardOutputs) {
	t.Helper()
	if want := "http://127.0.0.1:" + clusterSettings["HTTP_PORT"] + "/dashboard/"; d.DashboardURL != want {
		t.Errorf("the dashboardUrl output is %q, want %s", d.DashboardURL, want)
	}
	drive.Eventually(t, d.DashboardURL, func(status int, body string) bool {
		return status == http.StatusOK && strings.Contains(body, "headlampBaseUrl = '/dashboard'")
	})
	drive.Eventually(t, hello.Outputs(t).URL, drive.IsGreeting)
}

// The command in the output prints a token. With it, and only with it, the dashboard shows what the viewer may see.
func testToken(t *testing.T) {
	d := withDashboard(t)
	token, err := hello.Output("bash", "-euc", d.DashboardToken)
	if err != nil {
		t.Fatal(err)
	}
	token = strings.TrimSpace(token)
	for _, test := range []struct {
		token, what string
		want        []int
	}{
		{token, "pods", []int{http.StatusOK}},
		{token, "secrets", []int{http.StatusForbidden}},
		{"", "pods", []int{http.StatusUnauthorized, http.StatusForbidden}},
		{"invented", "pods", []int{http.StatusUnauthorized}},
	} {
		url := d.DashboardURL + "clusters/main/api/v1/namespaces/hello/" + test.what
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.token != "" {
			request.Header.Set("Authorization", "Bearer "+test.token)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Error(err)
			continue
		}
		response.Body.Close()
		if !slices.Contains(test.want, response.StatusCode) {
			t.Errorf("with a token of %d bytes, the request for %s gets %s, want %d", len(test.token), test.what, response.Status, test.want)
		}
	}
}

// Where the Ingress does not lead to the dashboard, the page's command brings it to this machine. Only the port differs.
func testPortForward(t *testing.T) {
	withDashboard(t)
	const port = "14466"
	command := strings.Replace(commandsWith(t, "docs/configuration.md", "port-forward"), " 4466", " "+port+":4466", 1)
	ctx, cancel := context.WithCancel(t.Context())
	cmd := hello.Command(ctx, "bash", "-uc", "exec "+command)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	drive.Eventually(t, "http://127.0.0.1:"+port+"/dashboard/", func(status int, body string) bool {
		return status == http.StatusOK && strings.Contains(body, "headlampBaseUrl = '/dashboard'")
	})
}

// Its removal leaves nothing behind, and does not affect the service.
func testDashboardOff(t *testing.T) {
	withDashboard(t)
	pods := hello.Kubectl(t, "get", "pods", "-n", "hello", "-o", "name")
	hello.Pulumi(t, "config", "rm", "dashboard")
	hello.Pulumi(t, "up")

	everything := hello.Kubectl(t, "get", "namespaces,clusterroles,clusterrolebindings", "-o", "name")
	everything = append(everything, hello.Kubectl(t, "get", "ingresses,services,serviceaccounts,networkpolicies,pods", "--all-namespaces", "-o", "name")...)
	for _, name := range everything {
		if strings.Contains(name, "headlamp") || strings.HasSuffix(name, "/viewer") {
			t.Errorf("%s is left", name)
		}
	}
	if left := dashboardOf(t); left != (dashboardOutputs{}) {
		t.Errorf("the outputs are left: %+v", left)
	}
	if now := hello.Kubectl(t, "get", "pods", "-n", "hello", "-o", "name"); !slices.Equal(now, pods) {
		t.Errorf("the service's Pods changed from %q to %q", pods, now)
	}
	drive.Eventually(t, hello.Outputs(t).URL, drive.IsGreeting)
}

// Only the Ingress controller reaches the dashboard.
func testDashboardPolicy(t *testing.T) {
	withDashboard(t)
	pod := hello.Pods(t, "headlamp").Ready()[0]
	dashboard := hello.Address(t, "headlamp", pod.Name, "4466")
	visitor := visit(t, "default", "visitor", pod.Node)
	hello.Reaches(t, "traefik", hello.Pods(t, "traefik").Ready()[0].Name, dashboard, true)
	hello.Reaches(t, "default", visitor, dashboard, false)
}
