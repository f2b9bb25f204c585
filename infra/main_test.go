package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"example.com/hello-world/infra/config"
	"example.com/hello-world/infra/headlamp"
	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/internal/namespace"
	"example.com/hello-world/infra/kubeconfig"
	"example.com/hello-world/infra/preflight"
	"example.com/hello-world/infra/traefik"
)

// declaredHere are the components of the project, and what it declares outside of them. Whoever makes the project their own
// declares more, to which these tests do not apply.
var declaredHere = []string{app, traefik.Namespace, headlamp.Namespace, "cluster", "guard", "hello-world"}

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
		return deploy(ctx, &preflight.Cleared{
			Config: cfg, Cluster: cluster, State: state, Images: preflight.Images{traefik.Image: traefik.Image + "@" + declared.Digest},
		})
	}, given, capture(&source))
	return slices.DeleteFunc(objects, func(o declared.Object) bool {
		return !slices.Contains(declaredHere, cmp.Or(o.Component(), o.Name))
	}), err
}

// quiet is a cluster that waits for nothing: what it has is as declared.
var quiet = sync.OnceValues(func() (*kubeconfig.Connection, error) {
	return connected(httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("{}")) })))
})

func expect(t *testing.T, object declared.Object, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if got := object.At(path); got != value {
			t.Errorf("%s %s: %s is %v, want %v", object.Type, object.Name, path, got, value)
		}
	}
}

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
	expect(t, provider(t, objects), map[string]any{
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
	expect(t, guard, map[string]any{
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
			expect(t, object, map[string]any{
				"metadata.ownerReferences.0.apiVersion": "v1",
				"metadata.ownerReferences.0.kind":       "Namespace",
				"metadata.ownerReferences.0.name":       namespace,
				"metadata.ownerReferences.0.uid":        declared.UID(namespace),
			})
		} else {
			expect(t, object, map[string]any{"metadata.namespace": namespace})
		}
	}
	if seen < 19 {
		t.Errorf("only %d objects were seen", seen)
	}
}

// The program declares again what an interrupted `pulumi destroy` removed from the state but left in the cluster.
func TestWhatIsDeclaredWins(t *testing.T) {
	for _, object := range deployed(t, "dashboard=true", "replicas=1", "maxReplicas=3", "registryUsername=me", "!registryPassword=geheim") {
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
	expect(t, cluster, map[string]any{"context": "ci", "kubeconfig": "current-context: ci\ncontexts: [{name: ci}]"})
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

// An image that cannot be pushed leaves nothing behind in the cluster.
func TestNothingIsDeployedBeforeTheImage(t *testing.T) {
	objects := deployed(t, "registryUsername=me", "!registryPassword=geheim")
	image := slices.IndexFunc(objects, func(o declared.Object) bool { return strings.HasSuffix(o.Type, ":Image") })
	for i, object := range objects {
		if object.At("metadata.namespace") == "hello" || object.At("metadata.name") == app {
			if i < image {
				t.Errorf("%s %s is declared before the image is there", object.Type, object.Name)
			}
		}
	}
}

func TestCloudTarget(t *testing.T) {
	objects := deployed(t, "target=cloud", "context=prod", "registry=ghcr.io/me")
	expect(t, objects.OfType(":Image")[0], map[string]any{"imageName": "ghcr.io/me/hello-world:state-id", "build.platform": "linux/amd64"})
	expect(t, objects.One(t, ":Deployment", app), map[string]any{"spec.replicas": 2.0})
	ingress := objects.One(t, ":Ingress", app+"-ingress")
	expect(t, ingress, map[string]any{"spec.ingressClassName": nil})
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
	objects := deployed(t, "replicas=2", "maxReplicas=7")
	expect(t, objects.One(t, ":HorizontalPodAutoscaler", app), map[string]any{
		"spec.minReplicas": 2.0, "spec.maxReplicas": 7.0, "spec.metrics.0.resource.target.averageUtilization": 70.0,
	})
}

func TestImageIsBuiltAndRunByDigest(t *testing.T) {
	objects := deployed(t, "registry=localhost:5001")
	images := objects.OfType(":Image")
	if len(images) != 1 {
		t.Fatalf("%d images are built, want 1", len(images))
	}
	expect(t, images[0], map[string]any{
		"imageName": "localhost:5001/hello-world:state-id", "build.context": "..", "build.dockerfile": "../Dockerfile",
		"build.platform": "linux/" + runtime.GOARCH, "registry": nil,
	})
	expect(t, objects.One(t, ":Deployment", app), map[string]any{
		"spec.template.spec.containers.0.image": "localhost:5001/hello-world@" + declared.Digest,
	})
}

// A held version runs whatever else the stack says, and nothing is built.
func TestHold(t *testing.T) {
	const held = "localhost:5001/hello-world@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	objects := deployed(t, "registry=localhost:5001", "hold="+held)
	if images := objects.OfType(":Image"); len(images) > 0 {
		t.Errorf("%d images are built, want none", len(images))
	}
	expect(t, objects.One(t, ":Deployment", app), map[string]any{"spec.template.spec.containers.0.image": held})
}

func TestBuildOptions(t *testing.T) {
	objects := deployed(t, "registry=ghcr.io/me", "platform=linux/arm64", `buildArgs={"GO_IMAGE":"golang:1.26"}`,
		"registryUsername=me", "!registryPassword=geheim")
	image := objects.OfType(":Image")[0]
	expect(t, image, map[string]any{
		"imageName": "ghcr.io/me/hello-world:state-id", "build.platform": "linux/arm64", "build.args.GO_IMAGE": "golang:1.26",
		"registry.server": "ghcr.io", "registry.username": "me", "registry.password": "geheim",
	})
	if !image.Secret("registry") {
		t.Error("the push password is not a secret to Pulumi")
	}
	objects.One(t, ":Secret", app+"-registry")
}

// Nodes need not have the rights of builds.
func TestPullCredentials(t *testing.T) {
	objects := deployed(t, "registry=ghcr.io/me", "registryUsername=pusher", "!registryPassword=geheim",
		"pullUsername=puller", "!pullPassword=versteckt")
	expect(t, objects.OfType(":Image")[0], map[string]any{"registry.username": "pusher", "registry.password": "geheim"})
	contents, _ := objects.One(t, ":Secret", app+"-registry").At("stringData", ".dockerconfigjson").(string)
	if !strings.Contains(contents, `"username":"puller","password":"versteckt"`) || strings.Contains(contents, "geheim") {
		t.Errorf("the pull secret is %s", contents)
	}
}

// A map that is configured as a secret stays one.
func TestSecretMaps(t *testing.T) {
	for _, mark := range []string{"", "!"} {
		objects := deployed(t, mark+`buildArgs={"TOKEN":"geheim"}`, mark+`ingressAnnotations={"example.com/token":"geheim"}`)
		for input, object := range map[string]declared.Object{
			"build": objects.OfType(":Image")[0], "metadata": objects.One(t, ":Ingress", app+"-ingress"),
		} {
			if object.Secret(input) != (mark == "!") {
				t.Errorf("with %q, the %s of %s is a secret: %v", mark, input, object.Type, object.Secret(input))
			}
		}
	}
}

func TestPrebuiltImageIsNotBuilt(t *testing.T) {
	objects := deployed(t, "image="+prebuilt, "registryUsername=me", "!registryPassword=geheim")
	if images := objects.OfType(":Image"); len(images) != 0 {
		t.Errorf("%d images are built, want none", len(images))
	}
	expect(t, objects.One(t, ":Deployment", app), map[string]any{"spec.template.spec.containers.0.image": prebuilt})
	secret := objects.One(t, ":Secret", app+"-registry")
	if contents, _ := secret.At("stringData", ".dockerconfigjson").(string); !strings.Contains(contents, `"ghcr.io"`) {
		t.Errorf("the pull secret is not for the image's registry: %s", contents)
	}
}

func TestConfigurationReachesTheService(t *testing.T) {
	objects := deployed(t, "namespace=greetings", "replicas=4", "port=9190", "service=NodePort", "path=/hi",
		"host=hello.example.com", "ingressAddress=127.0.0.1:8443", "tlsSecret=certificate",
		`ingressAnnotations={"example.com/a":"x"}`)
	objects.One(t, ":Namespace", "greetings")
	expect(t, objects.One(t, ":Deployment", app), map[string]any{"spec.replicas": 4.0})
	expect(t, objects.One(t, ":Service", app+"-service"), map[string]any{
		"spec.type": "NodePort", "spec.ports.0.port": 9190.0, "metadata.namespace": "greetings",
	})
	ingress := objects.One(t, ":Ingress", app+"-ingress")
	expect(t, ingress, map[string]any{
		"spec.ingressClassName": "traefik", "spec.rules.0.host": "hello.example.com",
		"spec.rules.0.http.paths.0.path": "/hi", "spec.tls.0.secretName": "certificate",
	})
	if ingress.At("metadata", "annotations", "example.com/a") != "x" {
		t.Error("the annotation of the configuration is lost")
	}
}

func TestDefaultPathAndClass(t *testing.T) {
	expect(t, deployed(t).One(t, ":Ingress", app+"-ingress"), map[string]any{
		"spec.ingressClassName": "traefik", "spec.rules.0.host": nil, "spec.rules.0.http.paths.0.path": "/hello",
	})
}

func TestTraefik(t *testing.T) {
	objects := deployed(t)
	deployment := objects.One(t, ":Deployment", "traefik")
	expect(t, deployment, map[string]any{
		"metadata.namespace":                                                       "traefik",
		"spec.template.spec.serviceAccountName":                                    "traefik",
		"spec.template.spec.nodeSelector.ingress-ready":                            "true",
		"spec.template.spec.tolerations.0.key":                                     "node-role.kubernetes.io/control-plane",
		"spec.template.spec.securityContext.runAsNonRoot":                          true,
		"spec.template.spec.containers.0.image":                                    traefik.Image + "@" + declared.Digest,
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
		expect(t, configMap, map[string]any{"metadata.name": fmt.Sprintf("traefik-%.4x", sha256.Sum256([]byte(content)))})
	}
	service := objects.One(t, ":Service", "traefik")
	expect(t, service, map[string]any{
		"spec.type": "NodePort", "spec.externalTrafficPolicy": "Local",
		"spec.ports.0.nodePort": float64(traefik.WebNodePort), "spec.ports.0.targetPort": "web",
	})

	// The readiness probe asks a Pod through a route that Traefik reads from the cluster.
	route := objects.One(t, ":Ingress", "traefik-ready")
	expect(t, route, map[string]any{
		"spec.ingressClassName":                               "traefik",
		"spec.rules.0.host":                                   deployment.At("spec", "template", "spec", "containers", "0", "readinessProbe", "httpGet", "httpHeaders", "0", "value"),
		"spec.rules.0.http.paths.0.backend.service.name":      "traefik-ready",
		"spec.rules.0.http.paths.0.backend.service.port.name": "ping",
	})
	toPing := objects.One(t, ":Service", "traefik-ready")
	expect(t, toPing, map[string]any{"spec.publishNotReadyAddresses": true, "spec.ports.0.targetPort": "ping"})
	if toPing.At("metadata", "annotations", "traefik.ingress.kubernetes.io/service.serverstransport") != "fresh@file" {
		t.Error("Traefik keeps the connection to the ping, wherever it led at first")
	}
	if !deployment.DependsOn(route) {
		t.Error("Traefik's Pods come before the route without which they do not get ready")
	}

	class := objects.One(t, ":IngressClass", "traefik")
	expect(t, class, map[string]any{"spec.controller": "traefik.io/ingress-controller"})
	if !deployment.DependsOn(objects.OfType(":ClusterRoleBinding")[0]) {
		t.Error("Traefik starts before it has its rights")
	}
	if !objects.One(t, ":Ingress", app+"-ingress").DependsOn(service) {
		t.Error("the Ingress does not wait for its controller")
	}

	// The policy admits only these Pods, and the same namespace.
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

// The rights are exactly those that Traefik 3.7 uses.
func TestTraefikRights(t *testing.T) {
	role := deployed(t).One(t, ":ClusterRole", "traefik")
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

func TestDashboard(t *testing.T) {
	objects := deployed(t, "dashboard=true")
	if got := objects.One(t, ":Namespace", "headlamp").At("metadata", "labels", "pod-security.kubernetes.io/enforce"); got != "restricted" {
		t.Errorf("the namespace enforces %v", got)
	}
	deployment := objects.One(t, ":Deployment", "headlamp")
	expect(t, deployment, map[string]any{
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
	expect(t, ingress, map[string]any{
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
		"tlsSecret=certificate": {"spec.tls.0.hosts.0": "a.example.com", "spec.tls.0.secretName": "certificate"},
		"clusterIssuer=ca":      {"spec.tls.0.hosts.0": "a.example.com", "spec.tls.0.secretName": "headlamp-tls"},
	} {
		objects := deployed(t, append(strings.Fields(where), entry, `ingressAnnotations={"example.com/a":"x"}`)...)
		ingress := objects.One(t, ":Ingress", "headlamp")
		expect(t, ingress, want)
		expect(t, ingress, map[string]any{"spec.rules.0.host": "a.example.com", "spec.ingressClassName": nil})
		if ingress.At("metadata", "annotations", "example.com/a") != "x" || ingress.CreateTimeout() != "600s" {
			t.Errorf("%s: the annotation or the timeout of the configuration is lost", entry)
		}
		// The controller's Pods are not known.
		expect(t, objects.One(t, ":NetworkPolicy", "headlamp"), map[string]any{"spec.ingress.0.from": nil})
	}
}

// Users of the dashboard can change nothing and see no Secret, and the dashboard itself has no rights at all.
func TestDashboardRights(t *testing.T) {
	objects := deployed(t, "dashboard=true")
	rules := objects.One(t, ":ClusterRole", "headlamp-viewer").At("rules").([]any)
	for _, entry := range rules {
		rule := entry.(map[string]any)
		if got := fmt.Sprint(rule["verbs"]); got != "[get list watch]" {
			t.Errorf("%v: the verbs are %s", rule, got)
		}
		for _, resource := range rule["resources"].([]any) {
			if name := resource.(string); name == "secrets" || strings.ContainsAny(name, "*") || name != "pods/log" && strings.Contains(name, "/") {
				t.Errorf("%s may be read", name)
			}
		}
	}
	for _, binding := range objects.OfType(":ClusterRoleBinding") {
		if binding.At("metadata.name") == "headlamp-viewer" {
			expect(t, binding, map[string]any{
				"roleRef.name": "headlamp-viewer", "subjects.1": nil,
				"subjects.0.kind": "ServiceAccount", "subjects.0.name": "viewer", "subjects.0.namespace": "headlamp",
			})
		} else if binding.At("subjects.0.namespace") == "headlamp" {
			t.Errorf("%s binds an account of the dashboard's too", binding.Name)
		}
	}
	expect(t, objects.One(t, ":ServiceAccount", "viewer"), map[string]any{"automountServiceAccountToken": false})
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

func TestOtherIngressClass(t *testing.T) {
	objects := deployed(t, "ingressClass=nginx")
	for _, object := range objects {
		if strings.Contains(object.Name, "traefik") {
			t.Errorf("%s %s is declared", object.Type, object.Name)
		}
	}
	expect(t, objects.One(t, ":Ingress", app+"-ingress"), map[string]any{"spec.ingressClassName": "nginx"})
	expect(t, objects.One(t, ":NetworkPolicy", app), map[string]any{"spec.ingress.0.from": nil})
}

func TestRolloutTimeout(t *testing.T) {
	deployment := deployed(t, "replicas=2", "rolloutTimeout=120").One(t, ":Deployment", app)
	expect(t, deployment, map[string]any{"spec.progressDeadlineSeconds": 100.0})
	if got := deployment.CreateTimeout(); got != "122s" {
		t.Errorf("`pulumi up` gives two Pods %s, want 122s", got)
	}
}
