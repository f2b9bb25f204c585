package main

import (
	"fmt"
	"strings"
	"testing"

	"example.com/hello-world/infra/postgres"
)

func TestDatabase(t *testing.T) {
	objects := deployed(t, "database=postgres", "egress=none")
	where := postgres.Namespace(app)
	if got := objects.One(t, ":Namespace", where).At("metadata", "annotations", "hello-world/state"); got != "state-id" {
		t.Errorf("the namespace is that of state %v", got)
	}
	objects.One(t, ":Deployment", "postgres").Expect(t, map[string]any{
		"metadata.namespace": where, "spec.strategy.type": "Recreate",
		"spec.template.spec.securityContext.runAsUser":                           999.0,
		"spec.template.spec.securityContext.fsGroup":                             999.0,
		"spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem": true,
		"spec.template.spec.containers.0.env.1.valueFrom.secretKeyRef.name":      "postgres",
		"spec.template.spec.volumes.0.persistentVolumeClaim.claimName":           "postgres",
	})
	policy := objects.One(t, ":NetworkPolicy", "postgres")
	if from := policy.At("spec", "ingress", "0", "from", "0", "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"); from != app {
		t.Errorf("it admits %v", from)
	}
	if out := policy.At("spec.egress"); out != nil {
		t.Errorf("it may connect to %v", out)
	}
	var url string
	for _, secret := range objects.OfType(":Secret") {
		if !secret.Secret("stringData") {
			t.Errorf("%s is no secret", secret.Name)
		}
		if secret.Name == app+"-env" {
			url = fmt.Sprint(secret.At("stringData.DATABASE_URL"))
		}
	}
	if !strings.HasPrefix(url, "postgres://postgres:") || !strings.HasSuffix(url, "@postgres."+where+".svc:5432/postgres?sslmode=disable") {
		t.Errorf("the server asks %s", url)
	}
	egress := []string{"spec", "egress", "0", "to", "0", "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"}
	if to := objects.One(t, ":NetworkPolicy", app).At(egress...); to != where {
		t.Errorf("the server may connect to %v", to)
	}
}
