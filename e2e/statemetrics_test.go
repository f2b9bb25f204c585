//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/resource"

	"example.com/hello-world/e2e/internal/drive"
)

// stateMetrics serves figures of a namespace's objects until the test ends, and returns the address for Pods. They have the
// names and labels of kube-state-metrics, whose module is not to be had, as far as the alerts and the dashboard ask for them.
func stateMetrics(t *testing.T, namespace string) (address string) {
	t.Helper()
	api, stop := hello.Proxy(t)
	t.Cleanup(stop)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for path, write := range map[string]func(io.Writer, stateObject){
			"/apis/apps/v1/namespaces/" + namespace + "/deployments":                     writeDeployment,
			"/api/v1/namespaces/" + namespace + "/pods":                                  writePod,
			"/apis/autoscaling/v2/namespaces/" + namespace + "/horizontalpodautoscalers": writeAutoscaler,
		} {
			var list struct{ Items []stateObject }
			if _, body, err := drive.Get(api + path); err != nil || json.Unmarshal([]byte(body), &list) != nil {
				http.Error(w, path+" is unknown", http.StatusBadGateway)
				return
			}
			for _, object := range list.Items {
				write(w, object)
			}
		}
	}))
	gateway := strings.Fields(drive.Docker(t, "network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}} {{end}}", "kind"))
	for _, host := range gateway { // where Pods find this machine
		if listener, err := net.Listen("tcp4", net.JoinHostPort(host, "0")); err == nil {
			server.Listener = listener
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// stateObject is what matters of a Deployment, a Pod or an autoscaler.
type stateObject struct {
	Metadata struct{ Name, Namespace string }
	Spec     struct {
		Replicas, MaxReplicas int
		NodeName              string
		Containers            []struct {
			Name      string
			Resources struct{ Limits map[string]resource.Quantity }
		}
	}
	Status struct {
		AvailableReplicas, CurrentReplicas int
		Conditions                         []struct{ Type, Status string }
		ContainerStatuses                  []struct {
			Name         string
			RestartCount int
		}
	}
}

func writeDeployment(w io.Writer, o stateObject) {
	of := fmt.Sprintf("namespace=%q,deployment=%q", o.Metadata.Namespace, o.Metadata.Name)
	fmt.Fprintf(w, "kube_deployment_spec_replicas{%s} %d\n", of, o.Spec.Replicas)
	fmt.Fprintf(w, "kube_deployment_status_replicas_available{%s} %d\n", of, o.Status.AvailableReplicas)
	for _, condition := range o.Status.Conditions {
		for _, status := range []string{"true", "false", "unknown"} {
			is := 0
			if strings.EqualFold(condition.Status, status) {
				is = 1
			}
			fmt.Fprintf(w, "kube_deployment_status_condition{%s,condition=%q,status=%q} %d\n", of, condition.Type, status, is)
		}
	}
}

func writePod(w io.Writer, o stateObject) {
	of := fmt.Sprintf("namespace=%q,pod=%q", o.Metadata.Namespace, o.Metadata.Name)
	for _, status := range o.Status.ContainerStatuses {
		fmt.Fprintf(w, "kube_pod_container_status_restarts_total{%s,container=%q} %d\n", of, status.Name, status.RestartCount)
	}
	for _, container := range o.Spec.Containers {
		for name, limit := range container.Resources.Limits {
			fmt.Fprintf(w, "kube_pod_container_resource_limits{%s,container=%q,node=%q,resource=%q} %v\n",
				of, container.Name, o.Spec.NodeName, name, limit.AsApproximateFloat64())
		}
	}
}

func writeAutoscaler(w io.Writer, o stateObject) {
	of := fmt.Sprintf("namespace=%q,horizontalpodautoscaler=%q", o.Metadata.Namespace, o.Metadata.Name)
	fmt.Fprintf(w, "kube_horizontalpodautoscaler_spec_max_replicas{%s} %d\n", of, o.Spec.MaxReplicas)
	fmt.Fprintf(w, "kube_horizontalpodautoscaler_status_current_replicas{%s} %d\n", of, o.Status.CurrentReplicas)
}
