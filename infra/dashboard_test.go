package main

import (
	"strings"
	"testing"

	"example.com/hello-world/infra/headlamp"
)

func TestDashboard(t *testing.T) {
	objects := deployed(t, "dashboard=true")
	if got := objects.One(t, ":Namespace", "headlamp").At("metadata", "labels", "pod-security.kubernetes.io/enforce"); got != "restricted" {
		t.Errorf("the namespace enforces %v", got)
	}
	deployment := objects.One(t, ":Deployment", "headlamp")
	deployment.Expect(t, map[string]any{
		"spec.replicas": 1.0,
		"spec.template.spec.automountServiceAccountToken":                          false,
		"spec.template.spec.serviceAccountName":                                    nil,
		"spec.template.spec.securityContext.runAsNonRoot":                          true,
		"spec.template.spec.containers.0.image":                                    headlamp.Image,
		"spec.template.spec.containers.0.args.2":                                   "-base-url=/dashboard",
		"spec.template.spec.containers.0.startupProbe.httpGet.path":                "/dashboard/",
		"spec.template.spec.containers.0.ports.0.containerPort":                    4466.0,
		"spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem":   true,
		"spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation": false,
		"spec.template.spec.containers.0.securityContext.capabilities.drop.0":      "ALL",
	})
	service := objects.One(t, ":Service", "headlamp")
	ingress := objects.One(t, ":Ingress", "headlamp")
	ingress.Expect(t, map[string]any{
		"metadata.namespace": "headlamp", "spec.ingressClassName": "traefik", "spec.rules.0.host": nil, "spec.tls": nil,
		"spec.rules.0.http.paths.0.path": "/dashboard", "spec.rules.0.http.paths.0.backend.service.name": "headlamp",
	})
	if !service.DependsOn(deployment) || !ingress.DependsOn(service) || !ingress.DependsOn(objects.One(t, ":Service", "traefik")) {
		t.Error("the Ingress does not wait for what it leads to, or for its controller")
	}
	const label = "app.kubernetes.io/name"
	for _, selector := range []any{
		service.At("spec", "selector", label),
		deployment.At("spec", "selector", "matchLabels", label),
		deployment.At("spec", "template", "metadata", "labels", label),
		objects.One(t, ":NetworkPolicy", "headlamp").At("spec", "podSelector", "matchLabels", label),
	} {
		if selector != "headlamp" {
			t.Errorf("the Pods are called %v", selector)
		}
	}
	peer := []string{"spec", "ingress", "0", "from", "0", "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"}
	if got := objects.One(t, ":NetworkPolicy", "headlamp").At(peer...); got != "traefik" {
		t.Errorf("the policy lets in namespace %v", got)
	}
}

func TestDashboardBehindTLS(t *testing.T) {
	const where = "target=cloud context=prod registry=ghcr.io/me dashboard=true host=a.example.com"
	for entry, want := range map[string]map[string]any{
		"tls=secret/certificate": {"spec.tls.0.hosts.0": "a.example.com", "spec.tls.0.secretName": "certificate"},
		"tls=issuer/ca":          {"spec.tls.0.hosts.0": "a.example.com", "spec.tls.0.secretName": "headlamp-tls"},
	} {
		objects := deployed(t, append(strings.Fields(where), entry, `ingressAnnotations={"example.com/a":"x"}`)...)
		ingress := objects.One(t, ":Ingress", "headlamp")
		ingress.Expect(t, want)
		ingress.Expect(t, map[string]any{"spec.rules.0.host": "a.example.com", "spec.ingressClassName": nil})
		if ingress.At("metadata", "annotations", "example.com/a") != "x" || ingress.CreateTimeout() != "600s" {
			t.Errorf("%s: the annotation or the timeout of the configuration is lost", entry)
		}
		// The controller's Pods are not known.
		objects.One(t, ":NetworkPolicy", "headlamp").Expect(t, map[string]any{"spec.ingress.0.from": nil})
	}
}

func TestNoDashboard(t *testing.T) {
	for _, object := range deployed(t) {
		if object.At("metadata.namespace") == "headlamp" || strings.Contains(object.Name, "headlamp") {
			t.Errorf("%s %s is declared", object.Type, object.Name)
		}
	}
}

func TestAtPath(t *testing.T) {
	for address, want := range map[string]string{
		"http://127.0.0.1:8080/hello": "http://127.0.0.1:8080/dashboard/",
		"https://a.example.com/":      "https://a.example.com/dashboard/",
	} {
		if got, err := atPath(address, "/dashboard/"); got != want || err != nil {
			t.Errorf("beside %s it is at %s, want %s; error %v", address, got, want, err)
		}
	}
}
