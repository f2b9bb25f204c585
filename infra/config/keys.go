package config

import "runtime"

// Key describes one configuration key.
type Key struct {
	Name    string
	Meaning string
	Default map[Target]string // as one would write it in the configuration; a target without one leaves the key unset
	Shown   map[Target]string // how documentation writes a default that is not everywhere the same
	Secrecy Secrecy
	value   value
}

// Secrecy says whether the value may be stored as a secret. One that is stays one in the stack's state.
type Secrecy int

const (
	Never  Secrecy = iota // it shows in the cluster, in addresses or in messages
	Maybe                 // as the user wants it
	Always                // it has to be, and is never shown
)

// Accepts says which values are accepted, as a phrase that follows "it must be".
func (k Key) Accepts() string { return k.value.accepts }

// Keys is all that can be configured, in the order in which people meet it. Each key is set with
// `pulumi config set NAME VALUE`, a secret one with `--secret`, an entry of a map with `--path 'NAME["entry"]'`.
var Keys = []Key{
	{
		Name: "target", Default: map[Target]string{Kind: "kind"},
		Meaning: "the sort of cluster, which decides the defaults of all other keys",
		value:   oneOf(func(c *Config) *Target { return &c.Target }, Kind, Cloud),
	},
	{
		Name: "replicas", Default: map[Target]string{Kind: "1", Cloud: "2"},
		Meaning: "how many Pods serve",
		value:   wholeNumber(func(c *Config) *int { return &c.Replicas }, 0, 1000),
	},
	{
		Name: "rolloutTimeout", Default: both("60"),
		Meaning: "how many seconds new Pods may take to get ready, and one more for each, before `pulumi up` fails and the old ones go on",
		value:   wholeNumber(func(c *Config) *int { return &c.RolloutTimeout }, 10, 3600),
	},
	{
		Name:    "image",
		Meaning: "deploy this image instead of building one",
		value:   matching(func(c *Config) *string { return &c.Image }, pinnedImage),
	},
	{
		Name:    "hold",
		Meaning: "deploy this version instead of what registry or image say, for as long as the key is there: `make rollback` sets it, and `make forward` removes it",
		value:   matching(func(c *Config) *string { return &c.Hold }, pinnedImage),
	},
	{
		Name: "registry", Default: map[Target]string{Kind: "localhost:5001"},
		Meaning: "where the built image is pushed; needed unless image is given",
		value:   matching(func(c *Config) *string { return &c.Registry }, registry),
	},
	{
		Name:    "registryUsername",
		Meaning: "who pushes to the registry, and pulls from it unless pullUsername is given",
		value:   matching(func(c *Config) *string { return &c.RegistryUsername }, anyText),
	},
	{
		Name: "registryPassword", Secrecy: Always,
		Meaning: "the password or token of registryUsername",
		value:   matching(func(c *Config) *Secret { return &c.RegistryPassword }, anyText),
	},
	{
		Name:    "pullUsername",
		Meaning: "who pulls from the registry: somebody who may do no more",
		value:   matching(func(c *Config) *string { return &c.PullUsername }, anyText),
	},
	{
		Name: "pullPassword", Secrecy: Always,
		Meaning: "the password or token of pullUsername",
		value:   matching(func(c *Config) *Secret { return &c.PullPassword }, anyText),
	},
	{
		Name: "platform", Default: map[Target]string{Kind: "linux/" + runtime.GOARCH, Cloud: "linux/amd64"},
		Shown:   map[Target]string{Kind: "linux/$(go env GOARCH)"},
		Meaning: "what the image is built for; on kind the architecture of this machine",
		value: oneOf(func(c *Config) *string { return &c.Platform },
			"linux/amd64", "linux/arm64", "linux/arm/v7", "linux/ppc64le", "linux/riscv64", "linux/s390x"),
	},
	{
		Name: "buildArgs", Secrecy: Maybe,
		Meaning: "values for the Dockerfile's ARGs, such as GO_IMAGE and GOPROXY",
		value:   mapOf(func(c *Config) *map[string]string { return &c.BuildArgs }, variableName, text),
	},
	{
		Name: "context", Default: map[Target]string{Kind: "kind-app-cluster"},
		Meaning: "the kubeconfig context to deploy to, never the current one by accident; with kubeconfig or clusterStack, unset means the current one of that",
		value:   matching(func(c *Config) *string { return &c.Context }, anyText),
	},
	{
		Name: "kubeconfig", Secrecy: Always,
		Meaning: "the contents of a kubeconfig, where there is no file (CI)",
		value:   kubeconfigContents(func(c *Config) *Secret { return &c.Kubeconfig }),
	},
	{
		Name:    "clusterStack",
		Meaning: "the stack whose output is the kubeconfig, such as the one that makes the cluster",
		value:   matching(func(c *Config) *string { return &c.ClusterStack }, stackName),
	},
	{
		Name: "clusterOutput", Default: both("kubeconfig"),
		Meaning: "the name of that output",
		value:   matching(func(c *Config) *string { return &c.ClusterOutput }, anyText),
	},
	{
		Name: "namespace", Default: both("hello"),
		Meaning: "the namespace, created and owned by the stack",
		value:   matching(func(c *Config) *string { return &c.Namespace }, dnsLabel),
	},
	{
		Name: "port", Default: both("8080"),
		Meaning: "what the server listens on and the Service exposes",
		value:   wholeNumber(func(c *Config) *int { return &c.Port }, 1, 65535),
	},
	{
		Name: "service", Default: both("ClusterIP"),
		Meaning: "the type of the Service",
		value:   oneOf(func(c *Config) *string { return &c.Service }, "ClusterIP", "NodePort", "LoadBalancer"),
	},
	{
		Name: "path", Default: both("/hello"),
		Meaning: "the path prefix that the Ingress routes to the service",
		value:   matching(func(c *Config) *string { return &c.Path }, urlPath),
	},
	{
		Name:    "host",
		Meaning: "the host name that the Ingress routes; unset means any",
		value:   matching(func(c *Config) *string { return &c.Host }, hostName),
	},
	{
		Name: "ingressController", Default: map[Target]string{Kind: traefik, Cloud: "none"},
		Meaning: "what the stack installs to serve the class traefik; a cluster has room for one, and traefik is for kind clusters",
		value:   oneOf(func(c *Config) *string { return &c.IngressController }, traefik, "none"),
	},
	{
		Name: "ingressClass", Default: map[Target]string{Kind: traefik},
		Meaning: "the class of the Ingress; unset means the cluster's default",
		value:   matching(func(c *Config) *string { return &c.IngressClass }, dnsName),
	},
	{
		Name: "ingressAddress", Default: map[Target]string{Kind: "127.0.0.1:8080"},
		Meaning: "where clients reach the Ingress controller; unset means the address that it gives the Ingress",
		value:   matching(func(c *Config) *string { return &c.IngressAddress }, hostPort),
	},
	{
		Name: "addressTimeout", Default: map[Target]string{Kind: "60", Cloud: "600"},
		Meaning: "how many seconds the Ingress, or a Service of type LoadBalancer, may take to get its address",
		value:   wholeNumber(func(c *Config) *int { return &c.AddressTimeout }, 1, 3600),
	},
	{
		Name: "ingressAnnotations", Secrecy: Maybe,
		Meaning: "annotations for the Ingress, passed through",
		value:   mapOf(func(c *Config) *map[string]string { return &c.IngressAnnotations }, annotationName, text),
	},
	{
		Name:    "tlsSecret",
		Meaning: "TLS for host: an existing Secret of the namespace with the certificate",
		value:   matching(func(c *Config) *string { return &c.TLSSecret }, dnsName),
	},
	{
		Name:    "clusterIssuer",
		Meaning: "TLS for host: the cert-manager ClusterIssuer that issues the certificate",
		value:   matching(func(c *Config) *string { return &c.ClusterIssuer }, dnsName),
	},
	{
		Name:    "maxReplicas",
		Meaning: "autoscale between replicas and this many; needs metrics-server or the like in the cluster",
		value:   wholeNumber(func(c *Config) *int { return &c.MaxReplicas }, 1, 1000),
	},
	{
		Name: "cpuTarget", Default: both("70"),
		Meaning: "the CPU use, in percent of the request, that autoscaling aims at",
		value:   wholeNumber(func(c *Config) *int { return &c.CPUTarget }, 1, 100),
	},
	{
		Name: "dashboard", Default: both("false"),
		Meaning: "install Headlamp, a dashboard of the cluster, at /dashboard; on cloud, needs TLS",
		value:   boolean(func(c *Config) *bool { return &c.Dashboard }),
	},
	{
		Name:    "env",
		Meaning: "environment variables of the server",
		value:   mapOf(func(c *Config) *map[string]string { return &c.Env }, variableName, text),
	},
	{
		Name: "secretEnv", Secrecy: Always,
		Meaning: "environment variables that are secrets, such as DATABASE_URL; they are in a Secret of the cluster",
		value:   mapOf(func(c *Config) *map[string]Secret { return &c.SecretEnv }, variableName, text),
	},
	{
		Name:    "args",
		Meaning: "arguments of the server's command",
		value:   listOf(func(c *Config) *[]string { return &c.Args }),
	},
	{
		Name: "cpu", Default: both("25m/1"),
		Meaning: "how much CPU a Pod requests, and may use at most",
		value:   amount(func(c *Config) *Amount { return &c.CPU }, "100m/2"),
	},
	{
		Name: "memory", Default: both("32Mi/128Mi"),
		Meaning: "how much memory a Pod requests, and may use at most; with more than 256Mi, a rollout goes in steps of a quarter of the Pods",
		value:   amount(func(c *Config) *Amount { return &c.Memory }, "512Mi/1Gi"),
	},
	{
		Name:    "scratch",
		Meaning: "the size of a writable /tmp; unset, nothing is writable",
		value:   quantity(func(c *Config) *string { return &c.Scratch }),
	},
	{
		Name: "runAsUser", Default: both("65532"),
		Meaning: "the number of the user that the server runs as",
		value:   wholeNumber(func(c *Config) *int { return &c.RunAsUser }, 1, 65535),
	},
	{
		Name:    "healthPath",
		Meaning: "the path on port that answers 2xx or 3xx when the server can serve; for servers without an admin port and without a drain of their own",
		value:   matching(func(c *Config) *string { return &c.HealthPath }, urlPath),
	},
	{
		Name:    "livenessPath",
		Meaning: "with healthPath, the path that fails when only a restart helps; unset means healthPath",
		value:   matching(func(c *Config) *string { return &c.LivenessPath }, urlPath),
	},
	{
		Name:    "verify",
		Meaning: "before a rollout, start one Pod of the new version outside of the Service, and go on only if it answers this path with this status, 200 unless given; `pulumi up` then returns when the last old Pod is gone",
		value:   question(func(c *Config) *Question { return &c.Verify }),
	},
	{
		Name: "egress", Default: both("any"),
		Meaning: "where the Pods may connect to; DNS is part of anything but none",
		value:   destinations(func(c *Config) *[]Destination { return &c.Egress }),
	},
	{
		Name:    "metricsFrom",
		Meaning: "the namespace that Prometheus runs in, which may then read the Pods' metrics",
		value:   matching(func(c *Config) *string { return &c.MetricsFrom }, dnsLabel),
	},
	{
		Name: "drainTime", Default: both("10"),
		Meaning: "how many seconds a Pod that is told to stop goes on serving: longer than a load balancer takes to send nothing there any more",
		value:   wholeNumber(func(c *Config) *int { return &c.DrainTime }, 1, 300),
	},
	{
		Name:    "namespaceLabels",
		Meaning: "labels for the namespace, such as a load balancer asks for",
		value:   mapOf(func(c *Config) *map[string]string { return &c.NamespaceLabels }, labelName, labelValue),
	},
}

// both is a default that does not depend on the target.
func both(value string) map[Target]string {
	return map[Target]string{Kind: value, Cloud: value}
}
