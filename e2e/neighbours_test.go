//go:build e2e

package e2e

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/hello-world/e2e/internal/drive"
)

// testDatabase runs another server, which asks a real PostgreSQL by the name of its Service, and a server on the Internet over
// HTTPS: it reaches each only if egress names it.
func testDatabase(t *testing.T) {
	hello.Ready(t)
	site.Neighbour(t, "database", "postgres", site.Pushed(t, "postgres"))
	buildServer(t, "asks")
	hello.Forget() // other scenarios cannot use this stack
	for _, test := range []struct {
		egress          string
		database, https bool
	}{
		{"none", false, false},
		{"database:5432", true, false},
		{"database:5432,10.20.0.0/16,0.0.0.0/0:443", true, true},
		{"any", true, true},
	} {
		hello.Configure(t, "egress="+test.egress)
		hello.Pulumi(t, "up")
		said := drive.Eventually(t, hello.Outputs(t).URL, func(status int, body string) bool {
			database, https, _ := strings.Cut(body, "\n")
			return strings.Contains(database, "PostgreSQL") == test.database && strings.Contains(https, "<nil>") == test.https
		})
		t.Logf("egress %s: %s", test.egress, said)
	}
}

// testPrometheus runs a real Prometheus, which finds the Pods by their annotations, and follows them through a rollout.
func testPrometheus(t *testing.T) {
	outputs := hello.Running(t, "replicas=3", "monitoring=monitoring")
	site.Neighbour(t, "monitoring", "prometheus", prometheusImage(t))
	scraped(t, outputs.Namespace)
	hello.Edit(t, "app/hello.go", "// hello greets", "//\n// hello greets") // other line numbers make another binary
	hello.Pulumi(t, "up")
	hello.AwaitReplicas(t, outputs.Namespace, 3)
	scraped(t, outputs.Namespace)
}

// prometheusImage builds Prometheus, whose packages the tests in e2e/internal/alerts have compiled, and returns its image by its
// digest in the site's registry. Debian's package finds no Pods.
func prometheusImage(t *testing.T) string {
	t.Helper()
	image := "localhost:" + site.Settings["REGISTRY_PORT"] + "/prometheus"
	// Nobody types this: the script takes the version of the tests, and the flag uses what they have compiled.
	const build = `GOFLAGS=-trimpath CGO_ENABLED=0 GOOS=linux scripts/module.sh e2e \
			go build -ldflags "-s -w" -tags remove_all_sd,enable_kubernetes_sd -o "$1/prometheus" github.com/prometheus/prometheus/cmd/prometheus
		docker build --quiet --tag "$0" --file - "$1" <<<$'FROM scratch\nLABEL hello-world.project=hello-world\nCOPY prometheus /\n'`
	if err := hello.Show("bash", "-euc", build, image, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	return image + "@" + drive.Push(t, image)
}

// scraped waits until Prometheus has the metrics of all Pods in the namespace and of the Ingress controller, and of no others.
func scraped(t *testing.T, namespace string) {
	t.Helper()
	api, stop := hello.Proxy(t)
	defer stop()
	var want []string
	for _, pod := range slices.Concat(hello.Pods(t, namespace), hello.Pods(t, "traefik")) {
		want = append(want, pod.Name)
	}
	slices.Sort(want)
	query := api + "/api/v1/namespaces/monitoring/pods/prometheus:9090/proxy/api/v1/query?query=" +
		url.QueryEscape(`count by (pod) (up == 1 and on (pod) go_goroutines)`)
	var got []string
	for deadline := time.Now().Add(drive.Patience); time.Now().Before(deadline); time.Sleep(time.Second) {
		_, body, err := drive.Get(query)
		var answer struct {
			Data struct {
				Result []struct{ Metric struct{ Pod string } }
			}
		}
		if err != nil || json.Unmarshal([]byte(body), &answer) != nil {
			continue
		}
		got = nil
		for _, result := range answer.Data.Result {
			got = append(got, result.Metric.Pod)
		}
		slices.Sort(got)
		if slices.Equal(got, want) {
			return
		}
	}
	t.Errorf("Prometheus has the metrics of %q, want those of %q", got, want)
}
