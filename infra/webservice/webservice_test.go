package webservice_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"

	"example.com/hello-world/infra/internal/declared"
	"example.com/hello-world/infra/webservice"
)

const image = "localhost:5001/hello-world@" + declared.Digest

// declare runs New with ordinary arguments, changed by the test, and returns the objects and the outputs.
func declare(t *testing.T, change func(*webservice.Args)) (declared.Objects, map[string]any) {
	t.Helper()
	args := webservice.Args{
		Namespace:      pulumi.String("greetings"),
		State:          pulumi.String("state-id"),
		Image:          pulumi.String(image),
		Replicas:       3,
		Port:           8080,
		Path:           pulumi.String("/hello"),
		IngressClass:   pulumi.String("traefik"),
		IngressAddress: pulumi.String("127.0.0.1:8080"),
		IngressFrom:    networkingv1.NetworkPolicyPeerArray{networkingv1.NetworkPolicyPeerArgs{}},
	}
	if change != nil {
		change(&args)
	}
	outputs := map[string]any{}
	objects, err := declared.By(func(ctx *pulumi.Context) error {
		service, err := webservice.New(ctx, "hello", &args)
		if err != nil {
			return err
		}
		var mutex sync.Mutex
		pulumi.Map{
			"image": service.Image, "namespace": service.Namespace, "replicas": service.Replicas,
			"url": service.URL, "try": service.Try, "serviceAddress": service.ServiceAddress,
		}.ToMapOutput().ApplyT(func(resolved map[string]any) bool {
			mutex.Lock()
			defer mutex.Unlock()
			maps.Copy(outputs, resolved)
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return objects, outputs
}

// expect compares inputs of an object, by path, with what they must be.
func TestNamespaceEnforcesTheRestrictedStandard(t *testing.T) {
	objects, outputs := declare(t, nil)
	namespace := objects.One(t, ":Namespace", "greetings")
	for _, mode := range []string{"enforce", "warn", "audit"} {
		if got := namespace.At("metadata", "labels", "pod-security.kubernetes.io/"+mode); got != "restricted" {
			t.Errorf("%s is %v, want restricted", mode, got)
		}
	}
	if outputs["namespace"] != "greetings" {
		t.Errorf("the namespace output is %v", outputs["namespace"])
	}
	for _, object := range objects {
		if object.Type != namespace.Type && object.At("metadata.namespace") != "greetings" {
			t.Errorf("%s %s is in namespace %v", object.Type, object.Name, object.At("metadata.namespace"))
		}
	}
}

// What the objects say about each other must agree.
func TestObjectsFitTogether(t *testing.T) {
	objects, _ := declare(t, nil)
	deployment := objects.One(t, ":Deployment", "hello")
	service := objects.One(t, ":Service", "hello-service")
	ingress := objects.One(t, ":Ingress", "hello-ingress")
	policy := objects.One(t, ":NetworkPolicy", "hello")
	budget := objects.One(t, ":PodDisruptionBudget", "hello")

	label := deployment.At("spec.template.metadata.labels.app")
	if label != "hello" {
		t.Errorf("the Pods' label app is %v, want hello", label)
	}
	deployment.Expect(t, map[string]any{
		"spec.selector.matchLabels.app": label,
		"spec.template.spec.topologySpreadConstraints.0.labelSelector.matchLabels.app": label,
		"spec.template.spec.containers.0.ports.0.name":                                 "http",
	})
	service.Expect(t, map[string]any{
		"spec.selector.app":       label,
		"spec.ports.0.port":       8080.0,
		"spec.ports.0.targetPort": "http",
		"spec.ports.0.name":       "http",
		"spec.type":               "ClusterIP",
	})
	ingress.Expect(t, map[string]any{
		"spec.ingressClassName":                               "traefik",
		"spec.rules.0.host":                                   nil,
		"spec.rules.0.http.paths.0.path":                      "/hello",
		"spec.rules.0.http.paths.0.pathType":                  "Prefix",
		"spec.rules.0.http.paths.0.backend.service.name":      "hello-service",
		"spec.rules.0.http.paths.0.backend.service.port.name": "http",
		"spec.tls": nil,
	})
	policy.Expect(t, map[string]any{"spec.podSelector.matchLabels.app": label})
	budget.Expect(t, map[string]any{"spec.selector.matchLabels.app": label, "spec.maxUnavailable": 1.0})
	if !service.DependsOn(deployment) {
		t.Error("the Service does not wait for the Deployment")
	}
	if !ingress.DependsOn(service) {
		t.Error("the Ingress does not wait for the Service")
	}
}

func TestPodIsRestricted(t *testing.T) {
	objects, _ := declare(t, nil)
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{
		"spec.template.spec.automountServiceAccountToken":                          false,
		"spec.template.spec.enableServiceLinks":                                    false,
		"spec.template.spec.securityContext.runAsNonRoot":                          true,
		"spec.template.spec.securityContext.runAsUser":                             65532.0,
		"spec.template.spec.securityContext.seccompProfile.type":                   "RuntimeDefault",
		"spec.template.spec.securityContext.sysctls":                               nil,
		"spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem":   true,
		"spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation": false,
		"spec.template.spec.containers.0.securityContext.capabilities.drop.0":      "ALL",
		"spec.template.spec.containers.0.securityContext.capabilities.add":         nil,
		"spec.template.spec.containers.0.securityContext.privileged":               nil,
		"spec.template.spec.hostNetwork":                                           nil,
		"spec.template.spec.containers.1":                                          nil,
		"spec.template.spec.imagePullSecrets":                                      nil,
	})
	for _, kind := range []string{"requests", "limits"} {
		for _, resource := range []string{"cpu", "memory", "ephemeral-storage"} {
			deployment := objects.One(t, ":Deployment", "hello")
			if deployment.At("spec.template.spec.containers.0.resources."+kind+"."+resource) == nil {
				t.Errorf("the container has no %s for %s", kind, resource)
			}
		}
	}
}

func TestImageIsTheOneGiven(t *testing.T) {
	objects, outputs := declare(t, nil)
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{"spec.template.spec.containers.0.image": image})
	if outputs["image"] != image {
		t.Errorf("the image output is %v", outputs["image"])
	}
}

func TestRolloutIsSeamless(t *testing.T) {
	objects, _ := declare(t, nil)
	deployment := objects.One(t, ":Deployment", "hello")
	deployment.Expect(t, map[string]any{
		"spec.strategy.type":                         "RollingUpdate",
		"spec.strategy.rollingUpdate.maxUnavailable": 0.0,
		"spec.strategy.rollingUpdate.maxSurge":       "100%",
	})
	if got := deployment.At("metadata", "annotations", "pulumi.com/patchForce"); got != "true" {
		t.Errorf("after a kubectl scale, the replica count would not be ours: patchForce is %v", got)
	}
	for probe, path := range map[string]string{"livenessProbe": "/healthz", "readinessProbe": "/readyz"} {
		deployment.Expect(t, map[string]any{
			"spec.template.spec.containers.0." + probe + ".httpGet.path": path,
			"spec.template.spec.containers.0." + probe + ".httpGet.port": "admin",
		})
	}
	// A new Pod serves as soon as it can, and is not taken for dead before that.
	deployment.Expect(t, map[string]any{
		"spec.template.spec.containers.0.readinessProbe.periodSeconds":      1.0,
		"spec.template.spec.containers.0.startupProbe":                      nil,
		"spec.template.spec.containers.0.livenessProbe.initialDelaySeconds": 30.0,
	})

	// One that may take longer to start is watched as soon as it has.
	slow, _ := declare(t, func(args *webservice.Args) { args.RolloutTimeout = 10 * time.Minute })
	slow.One(t, ":Deployment", "hello").Expect(t, map[string]any{
		"spec.template.spec.containers.0.startupProbe.httpGet.path":         "/healthz",
		"spec.template.spec.containers.0.startupProbe.failureThreshold":     600.0,
		"spec.template.spec.containers.0.livenessProbe.initialDelaySeconds": nil,
	})

	// The kubelet must outwait the drain and the shutdown.
	environment := environmentOf(deployment)
	if environment["DRAIN_DELAY"] != "10s" || environment["SHUTDOWN_TIMEOUT"] != "10s" {
		t.Errorf("the drain is %v + %v", environment["DRAIN_DELAY"], environment["SHUTDOWN_TIMEOUT"])
	}
	if grace := deployment.At("spec.template.spec.terminationGracePeriodSeconds").(float64); grace <= 10+10 {
		t.Errorf("the Pod is killed after %v s, before it has shut down", grace)
	}
}

// environmentOf returns the server's variables; those of the downward API are field paths.
func environmentOf(deployment declared.Object) map[string]any {
	environment := map[string]any{}
	for _, entry := range deployment.At("spec.template.spec.containers.0.env").([]any) {
		variable := entry.(map[string]any)
		environment[variable["name"].(string)] = variable["value"]
		if from, ok := variable["valueFrom"].(map[string]any); ok {
			environment[variable["name"].(string)] = from["fieldRef"].(map[string]any)["fieldPath"]
		}
	}
	return environment
}

func TestServerIsTold(t *testing.T) {
	for _, test := range []struct {
		port             int
		server, adminEnv string
		admin            float64
	}{
		{8080, "8080", "9090", 9090},
		{9190, "9190", "9090", 9090},
		{9090, "9090", "9091", 9091},
	} {
		objects, _ := declare(t, func(args *webservice.Args) { args.Port = test.port })
		deployment := objects.One(t, ":Deployment", "hello")
		for name, want := range map[string]any{
			"PORT": test.server, "ADMIN_PORT": test.adminEnv, "BASE_PATH": "/hello",
			"POD_NAME": "metadata.name", "NODE_NAME": "spec.nodeName", "POD_IP": "status.podIP",
		} {
			if got := environmentOf(deployment)[name]; got != want {
				t.Errorf("port %d: %s is %v, want %v", test.port, name, got, want)
			}
		}
		deployment.Expect(t, map[string]any{
			"spec.template.spec.containers.0.ports.0.containerPort": float64(test.port),
			"spec.template.spec.containers.0.ports.1.name":          "admin",
			"spec.template.spec.containers.0.ports.1.containerPort": test.admin,
		})
		objects.One(t, ":Service", "hello-service").Expect(t, map[string]any{"spec.ports.0.port": float64(test.port)})
		objects.One(t, ":NetworkPolicy", "hello").Expect(t, map[string]any{"spec.ingress.0.ports.0.port": "http"})
	}
}

func TestLowPortNeedsNoCapability(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) { args.Port = 80 })
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{
		"spec.template.spec.securityContext.sysctls.0.name":  "net.ipv4.ip_unprivileged_port_start",
		"spec.template.spec.securityContext.sysctls.0.value": "0",
	})
}

// Traefik also gets the Service's address, by which it reaches the only Pod while that drains. Nothing else does.
func TestTraefikGetsTheServicesAddress(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) { args.BehindTraefik, args.Replicas = true, 1 })
	slice := objects.One(t, ":EndpointSlice", "hello-service-fallback")
	slice.Expect(t, map[string]any{
		"addressType": "IPv4", "ports.0.name": "http", "ports.0.port": float64(8080),
		"endpoints.0.addresses.0": "10.96.0.7", "endpoints.0.conditions.ready": false, "endpoints.0.conditions.serving": true,
	})
	if got := slice.At("metadata", "labels", "kubernetes.io/service-name"); got != "hello-service" {
		t.Errorf("it belongs to the Service %v", got)
	}
	for name, change := range map[string]func(*webservice.Args){
		"another controller": func(args *webservice.Args) { args.Replicas = 1 },
		"several Pods":       func(args *webservice.Args) { args.BehindTraefik, args.Replicas = true, 2 },
		"no Ingress": func(args *webservice.Args) {
			args.BehindTraefik, args.Replicas = true, 1
			args.ServiceType, args.IngressClass, args.IngressAddress = "LoadBalancer", nil, nil
		},
	} {
		objects, _ := declare(t, change)
		if found := objects.OfType(":EndpointSlice"); len(found) != 0 {
			t.Errorf("%s: %d slices are declared, want none", name, len(found))
		}
	}
}

func TestReplicas(t *testing.T) {
	for replicas, budgets := range map[int]int{0: 0, 1: 0, 2: 1, 3: 1} {
		objects, outputs := declare(t, func(args *webservice.Args) { args.Replicas = replicas })
		objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{"spec.replicas": float64(replicas)})
		if got := len(objects.OfType(":PodDisruptionBudget")); got != budgets {
			t.Errorf("%d replicas have %d disruption budgets, want %d", replicas, got, budgets)
		}
		if outputs["replicas"] != replicas {
			t.Errorf("the replicas output is %v, want %d", outputs["replicas"], replicas)
		}
	}
}

func TestNetworkPolicy(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*webservice.Args)
		peers  int // 0: everyone
	}{
		{"known controller", nil, 2},
		{"unknown controller", func(args *webservice.Args) { args.IngressFrom = nil }, 0},
		{"NodePort", func(args *webservice.Args) { args.ServiceType = "NodePort" }, 0},
		{"LoadBalancer", func(args *webservice.Args) { args.ServiceType = "LoadBalancer" }, 0},
	} {
		objects, _ := declare(t, test.change)
		policy := objects.One(t, ":NetworkPolicy", "hello")
		peers, _ := policy.At("spec.ingress.0.from").([]any)
		if len(peers) != test.peers {
			t.Errorf("%s: %d peers are let in, want %d", test.name, len(peers), test.peers)
		}
		policy.Expect(t, map[string]any{
			"spec.policyTypes.0": "Ingress", "spec.policyTypes.1": "Egress",
			"spec.ingress.1": nil, "spec.ingress.0.ports.1": nil,
		})
	}
}

func TestEgress(t *testing.T) {
	const dns = `{"ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}},` +
		`{"ipBlock":{"cidr":"169.254.20.10/32"}},{"ipBlock":{"cidr":"169.254.169.254/32"}}]}]`
	for _, test := range []struct {
		egress []webservice.Destination
		want   string
	}{
		{nil, `[{"to":[{"namespaceSelector":{}},{"ipBlock":{"cidr":"0.0.0.0/0","except":["169.254.169.254/32","168.63.129.16/32"]}},` +
			`{"ipBlock":{"cidr":"::/0","except":["fd00:ec2::254/128"]}}]},` + dns},
		{[]webservice.Destination{}, `null`},
		{[]webservice.Destination{{Namespace: "db", Port: 5432}, {CIDR: "10.0.0.0/8"}}, `[` +
			`{"ports":[{"port":5432,"protocol":"TCP"},{"port":5432,"protocol":"UDP"}],"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"db"}}}]},` +
			`{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}]},` + dns},
		{[]webservice.Destination{{CIDR: "169.254.0.0/16"}, {CIDR: "169.254.169.254/32"}}, `[` +
			`{"to":[{"ipBlock":{"cidr":"169.254.0.0/16","except":["169.254.169.254/32"]}}]},` +
			`{"to":[{"ipBlock":{"cidr":"169.254.169.254/32"}}]},` + dns},
	} {
		objects, _ := declare(t, func(args *webservice.Args) { args.Egress = test.egress })
		got, err := json.Marshal(objects.One(t, ":NetworkPolicy", "hello").At("spec.egress"))
		if string(got) != test.want || err != nil {
			t.Errorf("%+v: got %s, %v, want %s", test.egress, got, err, test.want)
		}
	}
}

// Kubernetes would make a$b of a$$b, and a Pod's name of $(POD_NAME).
func TestDollarsArriveAsWritten(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.Env, args.Arguments = pulumi.StringMap{"A": pulumi.String("a$$b $(POD_NAME)")}, pulumi.StringArray{pulumi.String("--t=$(PORT)")}
	})
	deployment := objects.One(t, ":Deployment", "hello")
	if got := environmentOf(deployment)["A"]; got != "a$$$$b $$(POD_NAME)" {
		t.Errorf("A is declared as %v", got)
	}
	deployment.Expect(t, map[string]any{"spec.template.spec.containers.0.args.0": "--t=$$(PORT)"})
}

func TestGoKnowsItsMemory(t *testing.T) {
	for env, want := range map[string]any{"": "109226KiB", "100MiB": "100MiB"} {
		objects, _ := declare(t, func(args *webservice.Args) {
			if env != "" {
				args.Env = pulumi.StringMap{"GOMEMLIMIT": pulumi.String(env)}
			}
		})
		if got := environmentOf(objects.One(t, ":Deployment", "hello"))["GOMEMLIMIT"]; got != want {
			t.Errorf("GOMEMLIMIT is %v, want %v", got, want)
		}
	}
}

// A health page that fails with a database makes the Pod not ready, and restarts it only after minutes.
func TestHealthPathAloneHardlyRestarts(t *testing.T) {
	for liveness, want := range map[string]map[string]any{
		"":       {"httpGet.path": "/health", "periodSeconds": 10.0, "failureThreshold": 18.0},
		"/alive": {"httpGet.path": "/alive", "periodSeconds": 5.0, "failureThreshold": 3.0},
	} {
		objects, _ := declare(t, func(args *webservice.Args) { args.HealthPath, args.LivenessPath = "/health", liveness })
		for field, value := range want {
			objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{"spec.template.spec.containers.0.livenessProbe." + field: value})
		}
	}
}

// Secrets of others are variables or files, and nothing but their names is declared.
func TestExistingSecrets(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.Scratch, args.ExistingSecrets = "1Mi", []webservice.ExistingSecret{
			{Name: pulumi.String("ca.example.com"), Folder: "/etc/own"}, {Name: pulumi.String("database")},
		}
	})
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{
		"spec.template.spec.containers.0.envFrom.0.secretRef.name": "database",
		"spec.template.spec.containers.0.envFrom.1":                nil,
		"spec.template.spec.volumes.1.secret.secretName":           "ca.example.com",
		"spec.template.spec.volumes.1.name":                        "secret-1",
		"spec.template.spec.containers.0.volumeMounts.0.mountPath": "/tmp",
		"spec.template.spec.containers.0.volumeMounts.1.name":      "secret-1",
		"spec.template.spec.containers.0.volumeMounts.1.mountPath": "/etc/own",
		"spec.template.spec.containers.0.volumeMounts.1.readOnly":  true,
		"spec.template.spec.volumes.2":                             nil,
	})
	if secrets := objects.OfType(":Secret"); len(secrets) > 0 {
		t.Errorf("%d Secrets are declared", len(secrets))
	}
}

// A cloud knows the Pods by their account.
func TestServiceAccount(t *testing.T) {
	const asks = "azure.workload.identity/use"
	for _, test := range []struct {
		given    webservice.ServiceAccount
		name     any
		declared int
	}{
		{webservice.ServiceAccount{}, nil, 0},
		{webservice.ServiceAccount{Name: pulumi.String("robot")}, "robot", 0},
		{webservice.ServiceAccount{Annotations: pulumi.StringMap{"eks.amazonaws.com/role-arn": pulumi.String("arn")}}, "hello", 1},
	} {
		objects, _ := declare(t, func(args *webservice.Args) { args.ServiceAccount = test.given })
		deployment := objects.One(t, ":Deployment", "hello")
		deployment.Expect(t, map[string]any{
			"spec.template.spec.serviceAccountName": test.name, "spec.template.spec.automountServiceAccountToken": false,
		})
		if asked := deployment.At("spec", "template", "metadata", "labels", asks); (asked != nil) != (test.name != nil) {
			t.Errorf("with %v, the Pods' label %s is %v", test.given, asks, asked)
		}
		accounts := objects.OfType(":ServiceAccount")
		if len(accounts) != test.declared {
			t.Fatalf("with %v, %d accounts are declared", test.given, len(accounts))
		}
		for _, account := range accounts {
			if arn := account.At("metadata", "annotations", "eks.amazonaws.com/role-arn"); arn != "arn" {
				t.Errorf("the account's role is %v", arn)
			}
		}
	}
}

// In a namespace of others, the Deployment says whose it is.
func TestGivenNamespace(t *testing.T) {
	objects, outputs := declare(t, func(args *webservice.Args) { args.Given = true })
	if namespaces := objects.OfType(":Namespace"); len(namespaces) > 0 || outputs["namespace"] != "greetings" {
		t.Errorf("%d namespaces are declared, for %v", len(namespaces), outputs["namespace"])
	}
	deployment := objects.One(t, ":Deployment", "hello")
	if state := deployment.At("metadata", "annotations", "hello-world/state"); state != "state-id" {
		t.Errorf("the Deployment is that of state %v", state)
	}
	deployment.Expect(t, map[string]any{"metadata.namespace": "greetings"})
}

// A Pod on trial may connect to as little.
func TestEgressOfATrial(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.Egress = []webservice.Destination{{CIDR: "10.0.0.0/8", Port: 5432}}
	})
	service, trial := objects.One(t, ":NetworkPolicy", "hello"), objects.One(t, ":NetworkPolicy", "hello-one-off")
	if !reflect.DeepEqual(service.At("spec.egress"), trial.At("spec.egress")) {
		t.Errorf("a Pod on trial may connect to %v, and the service to %v", trial.At("spec.egress"), service.At("spec.egress"))
	}
}

// An image runs on nodes of its platform only.
func TestPlatform(t *testing.T) {
	for platform, want := range map[string]string{
		"linux/arm64": "map[kubernetes.io/arch:arm64 kubernetes.io/os:linux]", "linux/arm/v7": "map[kubernetes.io/arch:arm kubernetes.io/os:linux]", "": "<nil>",
	} {
		objects, _ := declare(t, func(args *webservice.Args) { args.Platform = platform })
		if got := fmt.Sprint(objects.One(t, ":Deployment", "hello").At("spec.template.spec.nodeSelector")); got != want {
			t.Errorf("an image for %q runs on nodes with %s, want %s", platform, got, want)
		}
	}
}

func TestMetrics(t *testing.T) {
	const annotations = "spec.template.metadata.annotations"
	for name, test := range map[string]struct {
		args        func(*webservice.Args)
		port        string // its name, in the policy
		number      any    // of the second port of the container
		annotations string
	}{
		"admin":       {func(args *webservice.Args) { args.Port = 9090 }, "admin", 9091.0, "map[prometheus.io/path:/metrics prometheus.io/port:9091 prometheus.io/scrape:true]"},
		"only port":   {func(args *webservice.Args) { args.HealthPath = "/health" }, "http", nil, "map[prometheus.io/path:/metrics prometheus.io/port:8080 prometheus.io/scrape:true]"},
		"on its port": {func(args *webservice.Args) { args.Metrics.Port = 8080 }, "http", 9090.0, "map[prometheus.io/path:/metrics prometheus.io/port:8080 prometheus.io/scrape:true]"},
		"one of its own": {func(args *webservice.Args) {
			args.HealthPath, args.Metrics.Port, args.Metrics.Path = "/health", 9100, "/stats"
		}, "metrics", 9100.0, "map[prometheus.io/path:/stats prometheus.io/port:9100 prometheus.io/scrape:true]"},
		"no annotations": {func(args *webservice.Args) { args.Metrics.Annotated = false }, "admin", 9090.0, "<nil>"},
	} {
		objects, _ := declare(t, func(args *webservice.Args) {
			args.Metrics = webservice.Metrics{From: pulumi.String("monitoring"), Annotated: true}
			test.args(args)
		})
		objects.One(t, ":NetworkPolicy", "hello").Expect(t, map[string]any{
			"spec.ingress.1.ports.0.port": test.port,
			"spec.ingress.1.from.1":       nil,
		})
		deployment := objects.One(t, ":Deployment", "hello")
		deployment.Expect(t, map[string]any{"spec.template.spec.containers.0.ports.1.containerPort": test.number})
		if got := fmt.Sprint(deployment.At(annotations)); got != test.annotations {
			t.Errorf("%s: the Pods have the annotations %s, want %s", name, got, test.annotations)
		}
	}
	objects, _ := declare(t, nil)
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{annotations: nil})
}

func TestDrainTime(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) { args.DrainTime = 40 * time.Second })
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{"spec.template.spec.terminationGracePeriodSeconds": float64(55)})
}

// Probes ask a server without a contract on the port that it serves on, and the kubelet tells it to stop only when no
// requests come any more.
func TestServerWithoutAContract(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.HealthPath, args.LivenessPath = "/health", "/alive"
		args.DrainTime, args.RolloutTimeout = 20*time.Second, 90*time.Second
		args.Arguments = pulumi.ToStringArray([]string{"serve", "--verbose"})
		args.Scratch, args.User = "16Mi", 101
		args.CPU, args.Memory = webservice.Amount{Request: "1", Limit: "2"}, webservice.Amount{Request: "512Mi", Limit: "1Gi"}
		args.Env = pulumi.StringMap{"B": pulumi.String("2"), "A": pulumi.String("1")}
	})
	deployment := objects.One(t, ":Deployment", "hello")
	const pod, container = "spec.template.spec.", "spec.template.spec.containers.0."
	deployment.Expect(t, map[string]any{
		container + "startupProbe.httpGet.path": "/health", container + "startupProbe.failureThreshold": 90.0,
		container + "readinessProbe.httpGet.path": "/health", container + "readinessProbe.httpGet.port": "http",
		container + "livenessProbe.httpGet.path":      "/alive",
		container + "lifecycle.preStop.sleep.seconds": 20.0, pod + "terminationGracePeriodSeconds": 35.0,
		container + "ports.1": nil,
		container + "args.0":  "serve", container + "args.1": "--verbose",
		container + "volumeMounts.0.mountPath": "/tmp", pod + "volumes.0.emptyDir.sizeLimit": "16Mi",
		container + "resources.limits.ephemeral-storage": "1040Mi",
		container + "resources.requests.memory":          "512Mi", container + "resources.limits.cpu": "2",
		pod + "securityContext.runAsUser":      101.0,
		"spec.strategy.rollingUpdate.maxSurge": "25%",
	})
	names := ""
	for i := range 8 {
		names += fmt.Sprint(deployment.At(fmt.Sprintf("%senv.%d.name", container, i)), " ")
	}
	if want := "PORT BASE_PATH POD_NAME NODE_NAME POD_IP A B GOMEMLIMIT "; names != want {
		t.Errorf("the server has the variables %s, want %s", names, want)
	}
}

// A secret is in a Secret of the version, and nowhere else. No update changes that Secret: another value makes another one,
// with a name of its own, so that Pods of the old version can restart.
func TestSecretEnv(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.SecretEnv = pulumi.StringMap{"DATABASE_URL": pulumi.String("geheim")}
	})
	secrets := objects.OfType(":Secret")
	if len(secrets) != 1 || !secrets[0].Secret("stringData") {
		t.Fatalf("there are the Secrets %v, want one that is not plain in the state", secrets)
	}
	secrets[0].Expect(t, map[string]any{
		"immutable": true, "metadata.name": nil, "metadata.labels.app": "hello",
	})
	if force := secrets[0].At("metadata", "annotations", "pulumi.com/patchForce"); force != "true" || secrets[0].DeletedWith() != "hello" {
		t.Error("the Secret lacks what all objects of the namespace have")
	}
	deployment := objects.One(t, ":Deployment", "hello")
	deployment.Expect(t, map[string]any{
		"spec.template.spec.containers.0.env.8.name":                        "DATABASE_URL",
		"spec.template.spec.containers.0.env.8.valueFrom.secretKeyRef.name": declared.Named("hello-env"),
		"spec.template.metadata.annotations":                                nil,
		"spec.template.spec.containers.0.env.8.valueFrom.secretKeyRef.key":  "DATABASE_URL",
	})
	if text, err := json.Marshal(deployment.At("spec")); err != nil || strings.Contains(string(text), "geheim") {
		t.Errorf("the Deployment has the secret, error %v: %s", err, text)
	}
	if deployment.Secret("spec") {
		t.Error("the whole Deployment is secret")
	}
}

func TestNamespaceLabels(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) { args.NamespaceLabels = pulumi.StringMap{"team": pulumi.String("shop")} })
	namespace := objects.One(t, ":Namespace", "greetings")
	namespace.Expect(t, map[string]any{"metadata.labels.team": "shop"})
	if namespace.At("metadata", "labels", "pod-security.kubernetes.io/enforce") != "restricted" {
		t.Errorf("the namespace has the labels %v", namespace.At("metadata.labels"))
	}
}

func TestServiceTypes(t *testing.T) {
	for _, test := range []struct {
		given, want string
		awaited     bool
		address     string
	}{
		{"", "ClusterIP", false, "hello-service.greetings.svc:8080"},
		{"ClusterIP", "ClusterIP", false, "hello-service.greetings.svc:8080"},
		{"NodePort", "NodePort", false, "<any node>:31234"},
		{"LoadBalancer", "LoadBalancer", true, "192.0.2.7:8080"},
	} {
		objects, outputs := declare(t, func(args *webservice.Args) { args.ServiceType = test.given })
		service := objects.One(t, ":Service", "hello-service")
		service.Expect(t, map[string]any{"spec.type": test.want})
		if awaited := service.At("metadata", "annotations", "pulumi.com/waitFor") != nil; awaited != test.awaited {
			t.Errorf("%s: the address is awaited: %v, want %v", test.want, awaited, test.awaited)
		}
		if skipped := service.At("metadata", "annotations", "pulumi.com/skipAwait") != nil; skipped == test.awaited {
			t.Errorf("%s: the await is skipped: %v", test.want, skipped)
		}
		if outputs["serviceAddress"] != test.address {
			t.Errorf("%s: the address is %v, want %s", test.want, outputs["serviceAddress"], test.address)
		}
	}
}

func TestIngress(t *testing.T) {
	for _, test := range []struct {
		name     string
		change   func(*webservice.Args)
		ingress  map[string]any
		url, try string
	}{
		{
			name: "plain",
			url:  "http://127.0.0.1:8080/hello", try: "curl http://127.0.0.1:8080/hello",
		},
		{
			name:    "no class",
			change:  func(args *webservice.Args) { args.IngressClass = nil },
			ingress: map[string]any{"spec.ingressClassName": nil},
			url:     "http://127.0.0.1:8080/hello", try: "curl http://127.0.0.1:8080/hello",
		},
		{
			name: "usual port, IPv6",
			change: func(args *webservice.Args) {
				args.IngressAddress, args.Path = pulumi.String("[::1]:80"), pulumi.String("/")
			},
			ingress: map[string]any{"spec.rules.0.http.paths.0.path": "/"},
			url:     "http://[::1]/", try: "curl http://[::1]/",
		},
		{
			name:    "host",
			change:  func(args *webservice.Args) { args.Host = pulumi.String("hello.example.com") },
			ingress: map[string]any{"spec.rules.0.host": "hello.example.com", "spec.tls": nil},
			url:     "http://hello.example.com:8080/hello",
			try:     "curl --connect-to ::127.0.0.1:8080 http://hello.example.com:8080/hello",
		},
		{
			name: "existing certificate",
			change: func(args *webservice.Args) {
				args.Host, args.TLSSecret = pulumi.String("hello.example.com"), pulumi.String("certificate")
				args.IngressAddress = pulumi.String("10.0.0.1:443")
			},
			ingress: map[string]any{"spec.tls.0.hosts.0": "hello.example.com", "spec.tls.0.secretName": "certificate"},
			url:     "https://hello.example.com/hello",
			try:     "curl --connect-to ::10.0.0.1:443 https://hello.example.com/hello",
		},
		{
			name: "issued certificate",
			change: func(args *webservice.Args) {
				args.Host, args.ClusterIssuer = pulumi.String("hello.example.com"), pulumi.String("ca")
				args.IngressAddress = pulumi.String("10.0.0.1:8443")
			},
			ingress: map[string]any{"spec.tls.0.secretName": "hello-tls"},
			url:     "https://hello.example.com:8443/hello",
			try:     "curl --connect-to ::10.0.0.1:8443 https://hello.example.com:8443/hello",
		},
		{
			name:   "address of the controller",
			change: func(args *webservice.Args) { args.IngressAddress = nil },
			url:    "http://ingress.example.net/hello", try: "curl http://ingress.example.net/hello",
		},
		{
			name: "address of the controller, host, certificate",
			change: func(args *webservice.Args) {
				args.IngressAddress, args.Host = nil, pulumi.String("hello.example.com")
				args.TLSSecret = pulumi.String("certificate")
			},
			ingress: map[string]any{"spec.tls.0.secretName": "certificate"},
			url:     "https://hello.example.com/hello",
			try:     "curl --connect-to ::ingress.example.net:443 https://hello.example.com/hello",
		},
		{
			name: "load balancer and Ingress",
			change: func(args *webservice.Args) {
				args.IngressAddress, args.ServiceType = nil, "LoadBalancer"
			},
			url: "http://ingress.example.net/hello", try: "curl http://ingress.example.net/hello",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			objects, outputs := declare(t, test.change)
			objects.One(t, ":Ingress", "hello-ingress").Expect(t, test.ingress)
			if outputs["url"] != test.url {
				t.Errorf("the URL is %v, want %s", outputs["url"], test.url)
			}
			if outputs["try"] != test.try {
				t.Errorf("the command is %v, want %s", outputs["try"], test.try)
			}
		})
	}
}

// A load balancer replaces the Ingress unless the arguments ask for one.
func TestLoadBalancerInsteadOfIngress(t *testing.T) {
	objects, outputs := declare(t, func(args *webservice.Args) {
		args.ServiceType, args.IngressClass, args.IngressAddress = "LoadBalancer", nil, nil
	})
	if found := len(objects.OfType(":Ingress")); found != 0 {
		t.Errorf("%d Ingresses are declared", found)
	}
	if want := "http://192.0.2.7:8080/hello"; outputs["url"] != want || outputs["try"] != "curl "+want {
		t.Errorf("the URL is %v and the command %v, want %s", outputs["url"], outputs["try"], want)
	}
}

func TestAutoscaler(t *testing.T) {
	objects, outputs := declare(t, func(args *webservice.Args) { args.Replicas, args.MaxReplicas = 1, 20 })
	deployment := objects.One(t, ":Deployment", "hello")
	autoscaler := objects.One(t, ":HorizontalPodAutoscaler", "hello")
	autoscaler.Expect(t, map[string]any{
		"spec.scaleTargetRef.apiVersion": "apps/v1", "spec.scaleTargetRef.kind": "Deployment",
		"spec.scaleTargetRef.name": deployment.At("metadata.name"),
		"spec.minReplicas":         1.0, "spec.maxReplicas": 20.0,
		"spec.metrics.0.resource.name": "cpu", "spec.metrics.0.resource.target.averageUtilization": 70.0,
		"spec.behavior.scaleDown.stabilizationWindowSeconds": 120.0,
	})
	if !slices.Equal(deployment.Ignores(), []string{"spec.replicas"}) {
		t.Errorf("the Deployment ignores %q: `pulumi up` would fight the autoscaler", deployment.Ignores())
	}
	if got := deployment.CreateTimeout(); got != "80s" {
		t.Errorf("20 Pods have %q to start", got)
	}
	if outputs["replicas"] != 1 {
		t.Errorf("the replicas output is %v, want 1", outputs["replicas"])
	}
	if len(objects.OfType(":PodDisruptionBudget")) != 1 {
		t.Error("20 Pods have no disruption budget")
	}

	// Changing back is a difference even if the number is the same.
	fixed, _ := declare(t, nil)
	other := fixed.One(t, ":Deployment", "hello")
	if len(fixed.OfType(":HorizontalPodAutoscaler")) != 0 || len(other.Ignores()) != 0 {
		t.Error("a fixed number of Pods is left to an autoscaler")
	}
	const mark = "hello-world/replicas"
	if deployment.At("metadata", "annotations", mark) == other.At("metadata", "annotations", mark) {
		t.Error("the Deployments of a fixed and of an autoscaled number of Pods do not differ")
	}
}

func TestIngressAnnotations(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.Host, args.ClusterIssuer = pulumi.String("a.b"), pulumi.String("ca")
		args.IngressAnnotations = pulumi.StringMap{
			"example.com/a":      pulumi.String("x"),
			"pulumi.com/waitFor": pulumi.String("theirs"),
		}
	})
	ingress := objects.One(t, ":Ingress", "hello-ingress")
	for name, want := range map[string]string{
		"example.com/a": "x", "pulumi.com/waitFor": "theirs", "cert-manager.io/cluster-issuer": "ca",
	} {
		if got := ingress.At("metadata", "annotations", name); got != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}

	objects, _ = declare(t, nil)
	ingress = objects.One(t, ":Ingress", "hello-ingress")
	if got := ingress.At("metadata", "annotations", "pulumi.com/waitFor"); got != "jsonpath={.status.loadBalancer.ingress[0]}" {
		t.Errorf("the Ingress waits for %v", got)
	}
}

func TestPullCredentials(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.PullCredentials = &webservice.Credentials{
			Registry: pulumi.String("ghcr.io"), Username: pulumi.String("me"), Password: pulumi.String("geheim"),
		}
	})
	secret := objects.One(t, ":Secret", "hello-registry")
	if want := `{"auths":{"ghcr.io":{"username":"me","password":"geheim","auth":"bWU6Z2VoZWlt"}}}`; secret.At("stringData", ".dockerconfigjson") != want {
		t.Errorf("the Secret holds %v, want %s", secret.At("stringData", ".dockerconfigjson"), want)
	}
	if !secret.Secret("stringData") {
		t.Error("the password is not a secret to Pulumi")
	}
	secret.Expect(t, map[string]any{"type": "kubernetes.io/dockerconfigjson"})
	objects.One(t, ":Deployment", "hello").Expect(t, map[string]any{
		"spec.template.spec.imagePullSecrets.0.name": "hello-registry",
	})
}

// A broken version must be reported in about a minute, but a thousand Pods take longer than that to start.
func TestPatience(t *testing.T) {
	for replicas, want := range map[int]string{1: "61s", 1000: "1060s"} {
		objects, _ := declare(t, func(args *webservice.Args) { args.Replicas = replicas })
		if got := objects.One(t, ":Deployment", "hello").CreateTimeout(); got != want {
			t.Errorf("%d Pods have %q to start, want %q", replicas, got, want)
		}
	}
}

func TestInvalidArgs(t *testing.T) {
	_, err := declared.By(func(ctx *pulumi.Context) error {
		_, err := webservice.New(ctx, "hello", &webservice.Args{
			Replicas: -1, MaxReplicas: 5, TLSSecret: pulumi.String("a"), ClusterIssuer: pulumi.String("b"),
		})
		return err
	})
	if err == nil {
		t.Fatal("invalid arguments are accepted")
	}
	for _, problem := range []string{
		"Namespace", "Image", "Replicas", "Port", "TLS needs Host", "exclude each other",
	} {
		if !strings.Contains(err.Error(), problem) {
			t.Errorf("the error does not mention %s: %v", problem, err)
		}
	}
}

// A worker and a job have what the server has, but nobody sends them requests.
func TestProcesses(t *testing.T) {
	objects, _ := declare(t, func(args *webservice.Args) {
		args.Egress = []webservice.Destination{{Namespace: "db"}}
		args.Metrics = webservice.Metrics{From: pulumi.String("monitoring"), Annotated: true}
		args.Env = pulumi.StringMap{"GREETING": pulumi.String("Hi")}
		args.SecretEnv = pulumi.StringMap{"TOKEN": pulumi.String("geheim")}
		args.ServiceAccount = webservice.ServiceAccount{Name: pulumi.String("robot")}
		args.Workers = map[string]webservice.Worker{"mails": {
			Arguments: pulumi.ToStringArray([]string{"work"}), Replicas: 2, Memory: webservice.Amount{Request: "64Mi", Limit: "64Mi"},
			Alive: pulumi.ToStringArray([]string{"/server", "alive"}),
		}}
		args.Jobs = map[string]webservice.Job{"nightly": {
			Arguments: pulumi.ToStringArray([]string{"report"}), Schedule: "0 3 * * *", TimeZone: "Europe/Zurich", Timeout: time.Hour,
		}}
	})
	server, worker := objects.One(t, ":Deployment", "hello"), objects.One(t, ":Deployment", "hello-mails")
	worker.Expect(t, map[string]any{
		"spec.replicas": 2.0, "spec.minReadySeconds": 3.0, "spec.selector.matchLabels.app": "hello-mails", "spec.template.metadata.labels.app": "hello-mails",
		"spec.template.metadata.annotations":        nil,
		"spec.template.spec.containers.0.ports":     nil,
		"spec.template.spec.containers.0.args.0":    "work",
		"spec.template.spec.containers.0.image":     image,
		"spec.template.spec.serviceAccountName":     "robot",
		"spec.template.spec.containers.0.lifecycle": nil, "spec.template.spec.containers.0.readinessProbe": nil,
		"spec.template.spec.containers.0.livenessProbe.exec.command.1": "alive",
		"spec.template.spec.containers.0.resources.limits.memory":      "64Mi",
		"spec.template.spec.containers.0.resources.limits.cpu":         "1",
	})
	if !worker.DependsOn(server) {
		t.Error("the worker does not wait for the server")
	}
	job := objects.One(t, ":CronJob", "hello-nightly")
	job.Expect(t, map[string]any{
		"spec.schedule": "0 3 * * *", "spec.timeZone": "Europe/Zurich", "spec.concurrencyPolicy": "Forbid",
		"spec.jobTemplate.spec.backoffLimit": 0.0, "spec.jobTemplate.spec.activeDeadlineSeconds": 3600.0,
		"spec.jobTemplate.spec.template.spec.restartPolicy":       "Never",
		"spec.jobTemplate.spec.template.metadata.labels.app":      nil,
		"spec.jobTemplate.spec.template.spec.containers.0.args.0": "report",
	})
	if !job.DependsOn(worker) {
		t.Error("the job does not wait for the worker")
	}
	environment := func(of declared.Object, spec string) any { return of.At(spec + ".containers.0.env") }
	fromJob := environment(job, "spec.jobTemplate.spec.template.spec")
	if of := environment(server, "spec.template.spec"); !reflect.DeepEqual(of, fromJob) {
		t.Errorf("the job's environment is %v, the server's %v", fromJob, of)
	}
	objects.One(t, ":PodDisruptionBudget", "hello-mails")
	policy := objects.One(t, ":NetworkPolicy", "hello-mails")
	if in, _ := policy.At("spec.ingress").([]any); len(in) > 0 {
		t.Errorf("the worker admits %v", in)
	}
	if out := policy.At("spec.egress"); !reflect.DeepEqual(out, objects.One(t, ":NetworkPolicy", "hello").At("spec.egress")) {
		t.Errorf("the worker may connect to %v", out)
	}
	if selected := objects.One(t, ":NetworkPolicy", "hello-one-off").At("spec", "podSelector", "matchLabels", "hello-world/one-off-of"); selected != "hello" {
		t.Errorf("the policy of Pods that run once is that of %v", selected)
	}
	if labels := job.At("spec", "jobTemplate", "spec", "template", "metadata", "labels", "hello-world/one-off-of"); labels != "hello" {
		t.Errorf("the job's Pods are those of %v", labels)
	}
}
