package webservice_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/webservice"
)

// prices is a service that only Pods of the cluster reach.
func prices(beside *webservice.WebService) *webservice.Args {
	return &webservice.Args{Beside: beside, Image: pulumi.String(image), Replicas: 1, Port: 8080}
}

func TestBeside(t *testing.T) {
	urls := make(chan string, 1)
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		shop, err := webservice.New(ctx, "shop", &webservice.Args{
			Namespace: pulumi.String("market"), State: pulumi.String("state-id"), Image: pulumi.String(image), Replicas: 1, Port: 8080,
			Path: pulumi.String("/shop"),
		})
		if err != nil {
			return err
		}
		second, err := webservice.New(ctx, "prices", prices(shop))
		if err == nil {
			second.URL.ApplyT(func(url string) string { urls <- url; return url })
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if namespaces, ingresses := objects.OfType(":Namespace"), objects.OfType(":Ingress"); len(namespaces) != 1 || len(ingresses) != 1 {
		t.Errorf("there are %d namespaces and %d Ingresses, want one of each", len(namespaces), len(ingresses))
	}
	second := objects.One(t, ":Deployment", "prices")
	if with := second.DeletedWith(); with != "shop" {
		t.Errorf("the prices go with %q, want the namespace of the shop", with)
	}
	second.Expect(t, map[string]any{
		"metadata.namespace": "market", "metadata.labels.app": "prices", "spec.selector.matchLabels.app": "prices",
		"spec.template.spec.containers.0.env.2.name": "BASE_PATH", "spec.template.spec.containers.0.env.2.value": "/",
	})
	objects.One(t, ":Service", "prices-service").Expect(t, map[string]any{"metadata.namespace": "market", "spec.selector.app": "prices"})
	policy := objects.One(t, ":NetworkPolicy", "prices")
	policy.Expect(t, map[string]any{"metadata.namespace": "market", "spec.podSelector.matchLabels.app": "prices"})
	from, err := json.Marshal(policy.At("spec.ingress.0.from"))
	if want := `[{"podSelector":{}}]`; err != nil || string(from) != want {
		t.Errorf("the prices let in %s, error %v, want %s", from, err, want)
	}
	if url, want := <-urls, "http://prices-service.market.svc:8080/"; url != want {
		t.Errorf("the URL of the prices is %s, want %s", url, want)
	}
}

func TestInvalidBeside(t *testing.T) {
	for problem, change := range map[string]func(*webservice.Args){
		"exclude each other": func(args *webservice.Args) { args.Namespace = pulumi.String("other") },
		"without Path":       func(args *webservice.Args) { args.ServiceType = "LoadBalancer" },
	} {
		_, err := declared.By(func(ctx *pulumi.Context) error {
			args := prices(&webservice.WebService{})
			change(args)
			_, err := webservice.New(ctx, "prices", args)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("got %v, want an error that says %q", err, problem)
		}
	}
}
