package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/internal/standin"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/preflight"
	"example.com/hello-world/infra/traefik"
)

// declaredHere are the components of the project, and what it declares outside of them. Whoever makes the project their own
// declares more, to which these tests do not apply.
var declaredHere = []string{app, traefik.Namespace, headlamp.Namespace, "postgres", "cluster", "guard", "hello-world"}

const prebuilt = "ghcr.io/me/hello@" + declared.Digest

// deployed runs the program with a configuration of entries "key=value", for a secret "!key=value", and returns what is
// declared here.
func deployed(t *testing.T, entries ...string) declared.Objects {
	t.Helper()
	objects, err := tried(entries...)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// tried is deployed for a program that may fail.
func tried(entries ...string) (declared.Objects, error) {
	var source config.Source
	given := func(info *pulumi.RunInfo) {
		info.Project, info.Config = "hello-world", map[string]string{}
		for _, entry := range entries {
			key, value, _ := strings.Cut(entry, "=")
			key, encrypted := strings.CutPrefix(key, "!")
			info.Config["hello-world:"+key] = value
			if encrypted {
				info.ConfigSecretKeys = append(info.ConfigSecretKeys, "hello-world:"+key)
			}
		}
	}
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		cfg, err := config.Parse(source)
		if err != nil {
			return err
		}
		state, _, err := namespace.State(ctx)
		if err != nil {
			return err
		}
		cluster, err := quiet()
		if err != nil {
			return err
		}
		cleared := &preflight.Cleared{
			Config: cfg, Cluster: cluster, State: state, Images: preflight.Images{traefik.Image: traefik.Image + "@" + declared.Digest},
		}
		if cfg.Gateway.Name != "" {
			cleared.HasGateways, cleared.Gateway = true, &preflight.Gateway{Port: 443, TLS: true, Address: "192.0.2.1"}
		}
		return deploy(ctx, cleared)
	}, given, capture(&source))
	return slices.DeleteFunc(objects, func(o declared.Object) bool {
		return !slices.Contains(declaredHere, cmp.Or(o.Component(), o.Name))
	}), err
}

// quiet is a cluster that waits for nothing: what it has is as declared.
var quiet = sync.OnceValues(func() (*kubeconfig.Connection, error) {
	return standin.Connect(httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/httproutes/") {
			fmt.Fprint(w, `{"status":{"parents":[{"parentRef":{"namespace":"infra","name":"web"},"conditions":[{"type":"Accepted","status":"True"},{"type":"ResolvedRefs","status":"True"}]}]}}`)
			return
		}
		fmt.Fprint(w, "{}")
	})))
})

// provider returns the provider of the cluster.
func provider(t *testing.T, objects declared.Objects) declared.Object {
	t.Helper()
	providers := objects.OfType("pulumi:providers:kubernetes")
	if len(providers) != 1 {
		t.Fatalf("%d Kubernetes providers are declared, want 1", len(providers))
	}
	return providers[0]
}

func TestEverythingGoesThroughTheProviderOfTheContext(t *testing.T) {
	objects := deployed(t, "context=kind-other", "replicas=3", "registryUsername=me", "!registryPassword=geheim")
	provider(t, objects).Expect(t, map[string]any{
		"context": "kind-other", "kubeconfig": "", "enableSecretMutable": true,
		// Unset, it is off, and $PULUMI_K8S_DELETE_UNREACHABLE works, on which `make down` and the provider's own advice rely.
		"deleteUnreachable": nil,
	})
	seen := 0
	for _, object := range objects {
		if !strings.HasPrefix(object.Type, "kubernetes:") {
			continue
		}
		seen++
		if !strings.Contains(object.Provider, "pulumi:providers:kubernetes::cluster::") {
			t.Errorf("%s %s goes through %q", object.Type, object.Name, object.Provider)
		}
	}
	if seen < 19 {
		t.Errorf("only %d Kubernetes objects are declared", seen)
	}
}

// With a Gateway, there is an HTTPRoute and no Ingress, for the dashboard too.
func TestGateway(t *testing.T) {
	objects := deployed(t, "gateway=infra/web/https", "host=a.test", "dashboard=true", "stripPrefix=true")
	for name, path := range map[string]string{"hello-route": "/hello", "headlamp": "/dashboard"} {
		objects.One(t, ":HTTPRoute", name).Expect(t, map[string]any{
			"spec.parentRefs.0.namespace": "infra", "spec.parentRefs.0.name": "web", "spec.parentRefs.0.sectionName": "https",
			"spec.hostnames.0": "a.test", "spec.rules.0.matches.0.path.value": path,
		})
	}
	for _, ingress := range objects.OfType(":Ingress") {
		if ingress.Name != "traefik-ready" {
			t.Errorf("there is the Ingress %s", ingress.Name)
		}
	}
	objects.One(t, ":HTTPRoute", "hello-route").Expect(t, map[string]any{"spec.rules.0.filters.0.urlRewrite.path.replacePrefixMatch": "/"})
}

// `pulumi destroy` deletes them with all that is in them, so they say whose they are.
func TestNamespacesSayWhoseTheyAre(t *testing.T) {
	t.Setenv("PULUMI_ORGANIZATION", "organization")
	namespaces := deployed(t, "dashboard=true").OfType(":Namespace")
	if len(namespaces) != 3 {
		t.Errorf("%d namespaces are declared, want 3", len(namespaces))
	}
	for _, made := range namespaces {
		for annotation, want := range map[string]string{
			"hello-world/stack": "organization/hello-world/test", "hello-world/state": "state-id", "hello-world/service": made.Name,
		} {
			if got := made.At("metadata", "annotations", annotation); got != want {
				t.Errorf("%s: %s is %v, want %s", made.Name, annotation, got, want)
			}
		}
	}
}

// The guard, which a cluster refuses to delete for a superseded state, is deleted before the namespaces.
func TestGuardIsDeletedFirst(t *testing.T) {
	guard := deployed(t, "dashboard=true").One(t, ":ConfigMap", "state-state-id")
	guard.Expect(t, map[string]any{
		"metadata.namespace": "hello",
	})
	if got := guard.At("metadata", "labels", "hello-world/guard"); got != "true" {
		t.Errorf("the label is %v", got)
	}
	if guard.DeletedWith() != "" {
		t.Errorf("it is deleted with %s", guard.DeletedWith())
	}
	for _, namespace := range deployed(t, "dashboard=true").OfType(":Namespace") {
		if !guard.DependsOn(namespace) {
			t.Errorf("it does not depend on %s", namespace.Name)
		}
	}
}

// An interrupted `pulumi destroy` may have deleted objects that the state still has. The next update checks namespaces;
// nothing else is deleted on its own.
func TestEverythingGoesWithItsNamespace(t *testing.T) {
	seen := 0
	for _, object := range deployed(t, "dashboard=true", "replicas=3", "registryUsername=me", "!registryPassword=geheim", "namespace="+app) {
		if !strings.HasPrefix(object.Type, "kubernetes:") || strings.HasSuffix(object.Type, ":Namespace") || object.Name == "guard" {
			continue
		}
		seen++
		namespace, what := object.DeletedWith(), object.Type+" "+object.Name
		if namespace == "" {
			t.Errorf("%s is deleted on its own", what)
		}
		// The cluster must delete what the state says.
		if object.At("metadata.namespace") == nil {
			object.Expect(t, map[string]any{
				"metadata.ownerReferences.0.apiVersion": "v1",
				"metadata.ownerReferences.0.kind":       "Namespace",
				"metadata.ownerReferences.0.name":       namespace,
				"metadata.ownerReferences.0.uid":        declared.UID(namespace),
			})
		} else {
			object.Expect(t, map[string]any{"metadata.namespace": namespace})
		}
	}
	if seen < 19 {
		t.Errorf("only %d objects were seen", seen)
	}
}

// The program declares again what an interrupted `pulumi destroy` removed from the state but left in the cluster.
func TestWhatIsDeclaredWins(t *testing.T) {
	for _, object := range deployed(t, "dashboard=true", "replicas=1-3", "registryUsername=me", "!registryPassword=geheim") {
		if !strings.HasPrefix(object.Type, "kubernetes:") {
			continue
		}
		for annotation, want := range map[string]string{"pulumi.com/patchForce": "true", "pulumi.com/patchFieldManager": "hello-world"} {
			if got := object.At("metadata", "annotations", annotation); got != want {
				t.Errorf("%s %s would be a conflict: %s is %v", object.Type, object.Name, annotation, got)
			}
		}
		if object.At("metadata.name") == nil {
			t.Errorf("%s %s would be there twice: it has no name of ours", object.Type, object.Name)
		}
	}
}

func TestKubeconfigIsSecret(t *testing.T) {
	cluster := provider(t, deployed(t, "!kubeconfig=current-context: ci\ncontexts: [{name: ci}]"))
	cluster.Expect(t, map[string]any{"context": "ci", "kubeconfig": "current-context: ci\ncontexts: [{name: ci}]"})
	if !cluster.Secret("kubeconfig") {
		t.Error("the kubeconfig is not a secret to Pulumi")
	}
}

// Whatever its name, it is the same cluster: see newProvider.
func TestClusterKeepsItsIdentity(t *testing.T) {
	identity := provider(t, deployed(t)).At("clusterIdentifier")
	if other := provider(t, deployed(t, "context=other")).At("clusterIdentifier"); other != identity || other == nil {
		t.Errorf("the cluster is %v, and under another name %v", identity, other)
	}
}
func TestCloudTarget(t *testing.T) {
	objects := deployed(t, "target=cloud", "context=prod", "registry=ghcr.io/me")
	objects.OfType(":Image")[0].Expect(t, map[string]any{"imageName": "ghcr.io/me/hello-world:state-id", "build.platform": "linux/amd64"})
	objects.One(t, ":Deployment", app).Expect(t, map[string]any{"spec.replicas": 2.0})
	ingress := objects.One(t, ":Ingress", app+"-ingress")
	ingress.Expect(t, map[string]any{"spec.ingressClassName": nil})
	if got := ingress.CreateTimeout(); got != "600s" {
		t.Errorf("the Ingress has %q to get its address", got)
	}
	for _, object := range objects {
		if strings.Contains(object.Name, "traefik") {
			t.Errorf("%s %s is declared", object.Type, object.Name)
		}
	}
}

func TestAddressTimeout(t *testing.T) {
	objects := deployed(t, "service=LoadBalancer", "addressTimeout=90")
	for _, object := range []declared.Object{objects.One(t, ":Service", app+"-service"), objects.One(t, ":Ingress", app+"-ingress")} {
		if got := object.CreateTimeout(); got != "90s" {
			t.Errorf("%s has %q to get its address, want 90s", object.Name, got)
		}
	}
}

func TestAutoscaling(t *testing.T) {
	objects := deployed(t, "replicas=2-7")
	objects.One(t, ":HorizontalPodAutoscaler", app).Expect(t, map[string]any{
		"spec.minReplicas": 2.0, "spec.maxReplicas": 7.0, "spec.metrics.0.resource.target.averageUtilization": 70.0,
	})
}
func TestConfigurationReachesTheService(t *testing.T) {
	objects := deployed(t, "namespace=greetings", "replicas=4", "port=9190", "service=NodePort", "path=/hi",
		"host=hello.example.com", "ingressAddress=127.0.0.1:8443", "tls=secret/certificate",
		`ingressAnnotations={"example.com/a":"x"}`)
	objects.One(t, ":Namespace", "greetings")
	objects.One(t, ":Deployment", app).Expect(t, map[string]any{"spec.replicas": 4.0})
	objects.One(t, ":Service", app+"-service").Expect(t, map[string]any{
		"spec.type": "NodePort", "spec.ports.0.port": 9190.0, "metadata.namespace": "greetings",
	})
	ingress := objects.One(t, ":Ingress", app+"-ingress")
	ingress.Expect(t, map[string]any{
		"spec.ingressClassName": "traefik", "spec.rules.0.host": "hello.example.com",
		"spec.rules.0.http.paths.0.path": "/hi", "spec.tls.0.secretName": "certificate",
	})
	if ingress.At("metadata", "annotations", "example.com/a") != "x" {
		t.Error("the annotation of the configuration is lost")
	}
}

func TestDefaultPathAndClass(t *testing.T) {
	deployed(t).One(t, ":Ingress", app+"-ingress").Expect(t, map[string]any{
		"spec.ingressClassName": "traefik", "spec.rules.0.host": nil, "spec.rules.0.http.paths.0.path": "/hello",
	})
}
func TestOtherIngressClass(t *testing.T) {
	objects := deployed(t, "ingressClass=nginx")
	for _, object := range objects {
		if strings.Contains(object.Name, "traefik") {
			t.Errorf("%s %s is declared", object.Type, object.Name)
		}
	}
	objects.One(t, ":Ingress", app+"-ingress").Expect(t, map[string]any{"spec.ingressClassName": "nginx"})
	objects.One(t, ":NetworkPolicy", app).Expect(t, map[string]any{"spec.ingress.0.from": nil})
}

func TestRolloutTimeout(t *testing.T) {
	deployment := deployed(t, "replicas=2", "rolloutTimeout=120").One(t, ":Deployment", app)
	deployment.Expect(t, map[string]any{"spec.progressDeadlineSeconds": 100.0})
	if got := deployment.CreateTimeout(); got != "122s" {
		t.Errorf("`pulumi up` gives two Pods %s, want 122s", got)
	}
}

// The service is behind the controller, and its policy admits only that, and the same namespace.
func TestBehindTraefik(t *testing.T) {
	objects := deployed(t)
	deployment := objects.One(t, ":Deployment", "traefik")
	deployment.Expect(t, map[string]any{"spec.template.spec.containers.0.image": traefik.Image + "@" + declared.Digest})
	if !objects.One(t, ":Ingress", app+"-ingress").DependsOn(objects.One(t, ":Service", "traefik")) {
		t.Error("the Ingress does not wait for its controller")
	}

	policy := objects.One(t, ":NetworkPolicy", app)
	peer := []string{"spec", "ingress", "0", "from", "1"}
	if got := policy.At(append(peer, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name")...); got != "traefik" {
		t.Errorf("the policy lets in namespace %v", got)
	}
	label := deployment.At("spec", "template", "metadata", "labels", "app.kubernetes.io/name")
	if got := policy.At(append(peer, "podSelector", "matchLabels", "app.kubernetes.io/name")...); got != label || got == nil {
		t.Errorf("the policy lets in Pods called %v, Traefik's are called %v", got, label)
	}
}
