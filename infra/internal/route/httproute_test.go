package route

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/gateway-api/pkg/features"
	"sigs.k8s.io/yaml"
)

// What the HTTPRoutes of a stack have is what the resource type of the cluster takes.
func TestHTTPRoutesAreAsTheirTypeWants(t *testing.T) {
	schema := schemaOfHTTPRoutes(t)
	for name, test := range map[string]struct {
		args       Args
		host, path string
		valid      bool
	}{
		"plain":      {Args{Gateway: &Gateway{Namespace: "infra"}}, "", "/", true},
		"everything": {Args{Gateway: &Gateway{Namespace: "infra", Listener: "https"}, StripPrefix: true}, "hello.example.com", "/a/b~c.d", true},
		"no host":    {Args{Gateway: &Gateway{Namespace: "infra"}}, "192.0.2.1/24", "/", false}, // the schema is asked at all
	} {
		t.Run(name, func(t *testing.T) {
			object, err := runtime.DefaultUnstructuredConverter.ToUnstructured(test.args.spec(test.path, test.host, "web", "hello-service", 8080))
			if err != nil {
				t.Fatal(err)
			}
			said := validate.NewSchemaValidator(schema, nil, "spec", strfmt.Default).Validate(object)
			if said.IsValid() != test.valid {
				t.Errorf("%v: %v", object, said.Errors)
			}
		})
	}
}

// Every controller that conforms leads to the service. Only stripPrefix takes more, and the program looks whether it is there.
func TestHTTPRoutesNeedNoExtension(t *testing.T) {
	plain := (&Args{Gateway: &Gateway{Name: pulumi.String("web")}}).spec("/hello", "a.test", "web", "hello-service", 8080)
	if rule := plain.Rules[0]; rule.Filters != nil || rule.Timeouts != nil || rule.Retry != nil || rule.SessionPersistence != nil || len(plain.Rules) != 1 {
		t.Errorf("the rule has more than a match and a Service: %+v", rule)
	}
	if features.HTTPRouteCoreFeatures.Has(features.HTTPRoutePathRewriteFeature) || !features.HTTPRouteExtendedFeatures.Has(features.HTTPRoutePathRewriteFeature) {
		t.Error("what stripPrefix needs is no extension any more: preflight need not look for it")
	}
}

// schemaOfHTTPRoutes returns the schema of their spec, as the resource type in the module that kind clusters get it from has it.
func schemaOfHTTPRoutes(t *testing.T) *spec.Schema {
	t.Helper()
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "sigs.k8s.io/gateway-api").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(folder)), "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var of struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct{ OpenAPIV3Schema spec.Schema }
			}
		}
	}
	if err := yaml.Unmarshal(text, &of); err != nil {
		t.Fatal(err)
	}
	for _, version := range of.Spec.Versions {
		if version.Name == "v1" {
			schema := version.Schema.OpenAPIV3Schema.Properties["spec"]
			return &schema
		}
	}
	t.Fatal("there is no v1")
	return nil
}
