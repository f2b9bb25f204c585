package traefik_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/traefik"
)

// made returns what the component declares, in a cluster that knows Gateways or does not.
func made(t *testing.T, gateways bool) declared.Objects {
	t.Helper()
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		_, err := traefik.New(ctx, &traefik.Args{Image: traefik.Image, Class: "traefik", State: pulumi.String(declared.StateID), Gateways: gateways})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func TestTraefik(t *testing.T) {
	objects := made(t, false)
	deployment := objects.One(t, ":Deployment", "traefik")
	deployment.Expect(t, map[string]any{
		"metadata.namespace":                                                       "traefik",
		"spec.template.spec.serviceAccountName":                                    "traefik",
		"spec.template.spec.nodeSelector.ingress-ready":                            "true",
		"spec.template.spec.tolerations.0.key":                                     "node-role.kubernetes.io/control-plane",
		"spec.template.spec.securityContext.runAsNonRoot":                          true,
		"spec.template.spec.containers.0.image":                                    traefik.Image,
		"spec.replicas":                                                            2.0,
		"spec.strategy.rollingUpdate.maxUnavailable":                               0.0,
		"spec.template.spec.containers.0.ports.0.containerPort":                    8000.0,
		"spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem":   true,
		"spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation": false,
		"spec.template.spec.containers.0.securityContext.capabilities.drop.0":      "ALL",
		"spec.template.spec.containers.0.readinessProbe.failureThreshold":          3.0, // see container
		"spec.template.spec.containers.0.readinessProbe.httpGet.path":              "/ping",
		"spec.template.spec.containers.0.readinessProbe.httpGet.port":              "web",
	})
	// With one name for all contents, Pulumi would first delete the old ConfigMap, and Traefik with it.
	for _, configMap := range objects.OfType(":ConfigMap") {
		content, its := configMap.At("data", "dynamic.yml").(string)
		if !its {
			continue
		}
		configMap.Expect(t, map[string]any{"metadata.name": fmt.Sprintf("traefik-%.4x", sha256.Sum256([]byte(content)))})
	}
	service := objects.One(t, ":Service", "traefik")
	service.Expect(t, map[string]any{
		"spec.type": "NodePort", "spec.externalTrafficPolicy": "Local",
		"spec.ports.0.nodePort": float64(traefik.WebNodePort), "spec.ports.0.targetPort": "web",
	})

	// The readiness probe asks a Pod through a route that Traefik reads from the cluster.
	route := objects.One(t, ":Ingress", "traefik-ready")
	route.Expect(t, map[string]any{
		"spec.ingressClassName":                               "traefik",
		"spec.rules.0.host":                                   deployment.At("spec", "template", "spec", "containers", "0", "readinessProbe", "httpGet", "httpHeaders", "0", "value"),
		"spec.rules.0.http.paths.0.backend.service.name":      "traefik-ready",
		"spec.rules.0.http.paths.0.backend.service.port.name": "ping",
	})
	toPing := objects.One(t, ":Service", "traefik-ready")
	toPing.Expect(t, map[string]any{"spec.publishNotReadyAddresses": true, "spec.ports.0.targetPort": "ping"})
	if toPing.At("metadata", "annotations", "traefik.ingress.kubernetes.io/service.serverstransport") != "fresh@file" {
		t.Error("Traefik keeps the connection to the ping, wherever it led at first")
	}
	if !deployment.DependsOn(route) {
		t.Error("Traefik's Pods come before the route without which they do not get ready")
	}

	class := objects.One(t, ":IngressClass", "traefik")
	class.Expect(t, map[string]any{"spec.controller": "traefik.io/ingress-controller"})
	if !deployment.DependsOn(objects.OfType(":ClusterRoleBinding")[0]) {
		t.Error("Traefik starts before it has its rights")
	}
}

// The rights are exactly those that Traefik 3.7 uses.
func TestTraefikRights(t *testing.T) {
	role := made(t, false).One(t, ":ClusterRole", "traefik")
	got := map[string]string{}
	for _, entry := range role.At("rules").([]any) {
		rule := entry.(map[string]any)
		for _, resource := range rule["resources"].([]any) {
			got[fmt.Sprint(rule["apiGroups"], " ", resource)] = fmt.Sprint(rule["verbs"])
		}
	}
	want := map[string]string{
		"[] services": "[list watch]", "[] nodes": "[list watch]", "[] secrets": "[list watch]",
		"[discovery.k8s.io] endpointslices":    "[list watch]",
		"[networking.k8s.io] ingresses":        "[list watch]",
		"[networking.k8s.io] ingressclasses":   "[list watch]",
		"[networking.k8s.io] ingresses/status": "[update]",
	}
	if !maps.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestTraefikWithGateways(t *testing.T) {
	objects := made(t, true)
	gateway := objects.One(t, ":Gateway", "traefik")
	gateway.Expect(t, map[string]any{
		"metadata.namespace": "traefik", "spec.gatewayClassName": "traefik", "spec.listeners.0.protocol": "HTTP",
		"spec.listeners.0.port": float64(traefik.WebPort), "spec.listeners.0.allowedRoutes.namespaces.from": "All",
	})
	objects.One(t, ":GatewayClass", "traefik").Expect(t, map[string]any{"spec.controllerName": "traefik.io/gateway-controller"})

	// A Pod that has not read the routes of both kinds gets no requests.
	deployment, route := objects.One(t, ":Deployment", "traefik"), objects.One(t, ":HTTPRoute", "traefik-ready")
	if !deployment.DependsOn(route) {
		t.Error("Traefik's Pods come before the route without which they do not start")
	}
	probe := []string{"spec", "template", "spec", "containers", "0", "startupProbe", "httpGet"}
	asks := deployment.At(append(probe, "httpHeaders", "0", "value")...)
	route.Expect(t, map[string]any{"spec.hostnames.0": asks, "spec.rules.0.backendRefs.0.name": "traefik-ready", "spec.rules.0.backendRefs.0.port": 9000.0})
	if port := deployment.At(append(probe, "port")...); port != "web" {
		t.Errorf("the start-up probe asks %v", port)
	}
}

// Its metrics are on a port of their own, for one namespace; the ports for clients stay open to everyone.
func TestMetrics(t *testing.T) {
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		_, err := traefik.New(ctx, &traefik.Args{
			Image: traefik.Image, Class: "traefik", State: pulumi.String(declared.StateID), MetricsFrom: &traefik.MetricsFrom{Namespace: "monitoring"},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	objects.One(t, ":NetworkPolicy", "traefik-metrics").Expect(t, map[string]any{
		"spec.policyTypes.0": "Ingress", "spec.policyTypes.1": nil,
		"spec.ingress.0.from": nil, "spec.ingress.0.ports.0.port": "web", "spec.ingress.0.ports.1.port": "websecure", "spec.ingress.0.ports.2.port": "ping",
		"spec.ingress.0.ports.3":      nil,
		"spec.ingress.1.ports.0.port": "metrics", "spec.ingress.1.ports.1": nil, "spec.ingress.1.from.1": nil,
	})
	deployment := objects.One(t, ":Deployment", "traefik")
	deployment.Expect(t, map[string]any{"spec.template.spec.containers.0.ports.3.name": "metrics"})
	if got := deployment.At("spec", "template", "metadata", "annotations", "prometheus.io/port"); got != "9100" {
		t.Errorf("Prometheus is told the port %v", got)
	}
	objects.One(t, ":Service", "traefik").Expect(t, map[string]any{"spec.ports.2": nil})
	plain := made(t, false)
	if policies := plain.OfType(":NetworkPolicy"); len(policies) != 1 {
		t.Errorf("without a reader, there are %d network policies", len(policies))
	}
}
